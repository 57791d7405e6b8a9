/* SPDX-License-Identifier: ISC */
/* logfs - a directory tree that is walked after all names were collected, for UBIFS, JFFS2
 * and cramfs. Private to unpack/. */
#ifndef KMODAUDIT_LOGFS_H
#define KMODAUDIT_LOGFS_H

#include "unpack/reader.h"

enum logfs_kind {
	LOGFS_FILE,
	LOGFS_DIRECTORY,
	LOGFS_LINK,
	LOGFS_DEVICE,
	LOGFS_OTHER
}; /* DEVICE: a character device */

/* What overlayfs wrote to the attributes of an inode. MOVED: something that is not
 * supported here (redirect, metacopy). */
enum logfs_mark { LOGFS_PLAIN, LOGFS_OPAQUE, LOGFS_MOVED };

/* A name of an inode. If a directory has a name several times, the one with the
 * highest version counts. */
struct logfs_name {
	uint64_t parent, version;
	uint64_t inode; /* 0: the name was removed */
	const char *text; /* in ARENA of the logfs */
	enum logfs_kind kind;
};

struct logfs {
	struct place place; /* for the contents */
	struct arena arena; /* for names */
	struct arena scratch; /* for one file; that of PLACE */
	struct {
		struct logfs_name *list;
		size_t count, room;
	} names;
	size_t visited;
	bool changed; /* a device made a node obsolete */
	/* The size of INODE; for a link the size of its target. */
	bool (*size)(void *context, uint64_t inode, uint64_t *ret, struct error *error);
	/* Reads all its bytes into SCRATCH. */
	bool (*read)(void *context, uint64_t inode, uint64_t size, struct span *ret,
		     struct error *error);
	/* Whether the number of a device is 0. */
	bool (*zero)(void *context, uint64_t inode, bool *ret, struct error *error);
	/* NULL: it is never a layer over another one, and has no whiteouts. */
	enum logfs_mark (*mark)(void *context, uint64_t inode);
	void *context;
};

/* Before all others: enters WHAT at PLACE. CONTEXT is for the functions of FS, which
 * stays where it is. */
bool logfs_enter(struct logfs *fs, const struct place *place, const char *what, void *context,
		 struct error *error);
/* Adds NAME. False if it is not a valid name. */
bool logfs_add(struct logfs *fs, struct span name, struct logfs_name about, struct error *error);
/* Reports as unread if one of the INODES, or a directory that contains a name, has
 * no name and is not ROOT: its name was lost. What a device deleted may stay without
 * a name, so nothing is reported of a file system that a device changed. To be
 * called before logfs_walk. */
void logfs_named(struct logfs *fs, uint64_t root, const uint64_t *inodes, size_t count);
/* Visits everything below the directory ROOT, sorted by name. */
bool logfs_walk(struct logfs *fs, uint64_t root, struct error *error);
void logfs_free(struct logfs *fs);

#define _cleanup_logfs_ __attribute__((cleanup(logfs_free)))

#endif

/* SPDX-License-Identifier: ISC */
/* logfs - the tree of a log-structured file system: what UBIFS and JFFS2 have in common once
 * their nodes are read. Private to unpack/. */
#ifndef KMODAUDIT_LOGFS_H
#define KMODAUDIT_LOGFS_H

#include "unpack/reader.h"

enum logfs_kind {
	LOGFS_FILE,
	LOGFS_DIRECTORY,
	LOGFS_LINK,
	LOGFS_DEVICE,
	LOGFS_OTHER
}; /* DEVICE: of characters */

/* What overlayfs wrote to the attributes of an inode: MOVED is what nobody here follows
 * (redirect, metacopy). */
enum logfs_mark { LOGFS_PLAIN, LOGFS_OPAQUE, LOGFS_MOVED };

/* A name given to an inode; of several in one directory that are alike the one with the highest
 * version counts. */
struct logfs_name {
	uint64_t parent, version;
	uint64_t inode; /* 0: the name was taken away */
	const char *text; /* in ARENA of the logfs */
	enum logfs_kind kind;
};

struct logfs {
	const struct place *place; /* of what is inside */
	struct arena arena; /* names */
	struct arena scratch; /* of one file; the place's */
	struct {
		struct logfs_name *list;
		size_t count, room;
	} names;
	size_t visited;
	/* The bytes that INODE has; a link's are its target. */
	bool (*size)(void *context, uint64_t inode, uint64_t *ret, struct error *error);
	/* All of them, into memory of SCRATCH. */
	bool (*read)(void *context, uint64_t inode, uint64_t size, struct span *ret,
		     struct error *error);
	/* The number of a device is 0. */
	bool (*zero)(void *context, uint64_t inode, bool *ret, struct error *error);
	enum logfs_mark (*mark)(void *context, uint64_t inode);
	void *context;
};

/* False when NAME cannot be one. */
bool logfs_add(struct logfs *fs, struct span name, struct logfs_name about, struct error *error);
/* Visits everything below the directory ROOT, in the order of the names. */
bool logfs_walk(struct logfs *fs, uint64_t root, struct error *error);
void logfs_free(struct logfs *fs);

#define _cleanup_logfs_ __attribute__((cleanup(logfs_free)))

#endif

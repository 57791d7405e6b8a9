/* SPDX-License-Identifier: ISC */
/* names - the wanted names of an archive that is unpacked into one root directory: a
 * name that occurs twice, and hard links, whose bytes another member has. Private to
 * unpack/archive/. */
#ifndef KMODAUDIT_NAMES_H
#define KMODAUDIT_NAMES_H

#include "base/array.h"
#include "base/map.h"
#include "unpack/archive/stream.h"

struct hard_link {
	const char *path;
	const char *target; /* NULL: in a cpio, where no name is the first */
	int64_t time; /* as in struct member */
	uint32_t next; /* another link to the same target, or MAP_NONE */
	const char *sha256; /* of its bytes; NULL: not read yet */
};

struct hard_links {
	struct hard_link *list;
	size_t count, room;
};

struct name_met {
	const char *content;
	bool nested; /* other volumes are in it */
	bool twice; /* with other contents */
};

struct names_met {
	struct name_met *list;
	size_t count, room;
};

struct archive_names {
	struct arena arena;
	struct map seen; /* numbers in MET */
	struct names_met met;
	struct map targets; /* the first link to each */
	struct hard_links links;
	/* of two members with one name the last one is in the directory after unpacking */
	bool last_counts;
	bool told; /* that a name is there twice */
};

/* A file or link at PATH with CONTENT: a digest, or a target. If it occurs for the second
 * time, with other contents, the visitor forgets the first one; where it cannot, or where
 * it is not certain that the last one counts, the first such PATH is reported as unread. */
void names_meet(struct archive_names *names, const struct place *place, const char *path,
		const char *content);
/* PATH, which names_meet has, was opened, and there are other volumes in it. */
void names_nested(struct archive_names *names, const char *path);
/* The hard link MEMBER at PATH. False if its target is no clean path: it is not kept. */
bool names_link(struct archive_names *names, const char *path, const struct member *member);
/* The same for a link to TARGET as the archive spells it, of TIME. */
struct hard_link *names_link_to(struct archive_names *names, const char *path, const char *target,
				int64_t time);
/* Passes NUMBER, a value in TARGETS, and the other links to the same target to the visitor, as
 * files with BYTES. */
bool names_links_pass(struct archive_names *names, const struct place *place, uint32_t number,
		      struct span bytes, struct error *error);
/* Passes the links whose targets the archive does not have to the visitor, as links to paths
 * below ROOT. */
bool names_links_lost(struct archive_names *names, const struct place *place, const char *root,
		      struct error *error);
/* Passes the hard links to the visitor, as files with the bytes of their targets, which
 * STREAM, the same archive from its start, has. */
bool names_links_visit(struct archive_names *names, const struct place *place,
		       struct stream *stream, struct error *error);
void names_free(struct archive_names *names);
#define _cleanup_names_ __attribute__((cleanup(names_free)))

#endif

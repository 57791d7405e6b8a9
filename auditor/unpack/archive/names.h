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
	const char *path, *target;
	uint32_t next; /* another link to the same target, or MAP_NONE */
	bool read;
};

struct hard_links {
	struct hard_link *list;
	size_t count, room;
};

struct archive_names {
	struct arena arena;
	struct map seen; /* numbers in CONTENTS */
	struct strings contents;
	struct map targets; /* the first link to each */
	struct hard_links links;
	bool twice;
};

/* A file or link at PATH with CONTENT: a digest, or a target. The first PATH that occurs
 * twice with other contents is reported as unread. */
void names_meet(struct archive_names *names, const struct place *place, const char *path,
		const char *content);
/* A hard link at PATH. False if TARGET is no clean path: the link is not kept. */
bool names_link(struct archive_names *names, const char *path, const char *target);
/* Passes the hard links to the visitor, as files with the bytes of their targets,
 * which STREAM, the same archive from its start, has. */
bool names_links_visit(struct archive_names *names, const struct place *place,
		       struct stream *stream, struct error *error);
void names_free(struct archive_names *names);
#define _cleanup_names_ __attribute__((cleanup(names_free)))

#endif

/* SPDX-License-Identifier: ISC */
/* stream - one archive read from front to back, in memory or inside another. stream.c is the
 * only file that knows libarchive. Private to unpack/. */
#ifndef KMODAUDIT_STREAM_H
#define KMODAUDIT_STREAM_H

#include "unpack/reader.h"

enum stream_format {
	STREAM_TAR = 1,
	STREAM_CPIO = 2,
	STREAM_ZIP = 4,
	STREAM_AR = 8,
};

enum member_kind { MEMBER_FILE, MEMBER_LINK, MEMBER_DIRECTORY, MEMBER_OTHER };

/* One member; valid until the next is asked for. */
struct member {
	struct span path; /* as stored, not clean */
	enum member_kind kind;
	const char *target; /* of a link, hard or symbolic */
	uint64_t size; /* 0 when the archive does not say before the data */
};

struct stream;

/* FORMATS: which of enum stream_format may be in BYTES, in any compression; never an external
 * program. */
struct stream *stream_bytes(const struct place *place, struct span bytes, unsigned formats,
			    struct error *error);
/* The tar in OUTER's current member, which must stay the current one meanwhile. */
struct stream *stream_member(const struct place *place, struct stream *outer, struct error *error);
/* Sets *MORE to false behind the last member. What is left of the one before is run over, and
 * accounted. */
bool stream_next(struct stream *stream, struct member *member, bool *more, struct error *error);
/* The current member's data, all of it, in memory of ARENA. */
bool stream_read(struct stream *stream, struct arena *arena, struct span *ret, struct error *error);

/* Once a member was seen: "tar", "cpio", "zip" or "ar"; and "gzip", or NULL when nothing is
 * compressed. */
const char *stream_kind(const struct stream *stream);
const char *stream_filter(const struct stream *stream);
/* Behind the last member: how many of the encoded bytes the archive took; 0 when a compression
 * hides that. */
uint64_t stream_used(const struct stream *stream);

void stream_close(struct stream **stream);
#define _cleanup_stream_ __attribute__((cleanup(stream_close)))

#endif

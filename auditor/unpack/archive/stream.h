/* SPDX-License-Identifier: ISC */
/* stream - reads an archive sequentially, from memory or from a member of another
 * archive. Only stream*.c use libarchive. Private to unpack/. */
#ifndef KMODAUDIT_STREAM_H
#define KMODAUDIT_STREAM_H

#include "unpack/reader.h"

enum stream_format {
	STREAM_TAR = 1,
	STREAM_CPIO = 2,
	STREAM_ZIP = 4,
	STREAM_AR = 8,
	STREAM_ISO = 16,
	STREAM_7ZIP = 32,
	/* not a format: only the first members are looked at, so no more is
	 * decoded than needed */
	STREAM_GLANCE = 256,
};

enum member_kind { MEMBER_FILE, MEMBER_LINK, MEMBER_DIRECTORY, MEMBER_OTHER };

/* A member of an archive. Valid until the next one is read. */
struct member {
	struct span path; /* as stored; not clean */
	enum member_kind kind;
	const char *target; /* of a hard or symbolic link; of a hard one in a cpio INODE */
	bool hard;
	/* in a cpio, of a file with several names: the same text for all of them, and no
	 * clean path. Any of them may have the bytes. Else "" */
	char inode[56];
	int64_t time; /* of modification, in seconds since 1970; 0: not stated */
	uint64_t size; /* 0 if the archive does not state it before the data */
};

struct stream;

/* Opens an archive in BYTES, with any compression. FORMATS: which of enum stream_format
 * it may be. External programs are never run. */
struct stream *stream_bytes(const struct place *place, struct span bytes, unsigned formats,
			    struct error *error);
/* Opens the tar in OUTER's current member, which must stay current until the
 * stream is closed. */
struct stream *stream_member(const struct place *place, struct stream *outer, struct error *error);
/* Reads the next member; sets *MORE to false after the last one. Data of the previous
 * member that was not read is skipped, and counted. */
bool stream_next(struct stream *stream, struct member *member, bool *more, struct error *error);
/* Reads all data of the current member into ARENA. */
bool stream_read(struct stream *stream, struct arena *arena, struct span *ret, struct error *error);

/* After a member was read: "tar", "cpio", "zip", "7z", "ar" or "iso9660"; and "gzip"
 * or another compression, or NULL if there is none. */
const char *stream_kind(const struct stream *stream);
const char *stream_filter(const struct stream *stream);
/* After the last member: the number of encoded bytes that belong to the archive; 0 if
 * the compression does not show it. */
uint64_t stream_used(const struct stream *stream);

void stream_close(struct stream **stream);
#define _cleanup_stream_ __attribute__((cleanup(stream_close)))

#endif

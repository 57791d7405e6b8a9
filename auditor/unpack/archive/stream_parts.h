/* SPDX-License-Identifier: ISC */
/* stream_parts - what stream*.c share. Private to stream*.c. */
#ifndef KMODAUDIT_STREAM_PARTS_H
#define KMODAUDIT_STREAM_PARTS_H

#include "unpack/archive/stream.h"
#include "unpack/compress/decoding.h"

#include <archive_entry.h>
#include <locale.h>

struct stream {
	struct archive *handle;
	struct archive_entry *entry; /* current; owned by the handle */
	struct place place;
	struct stream *outer; /* the encoded bytes are OUTER's current member; else NULL, and */
	struct span input; /* they are INPUT: bytes that were read and not used yet */
	int64_t outer_offset; /* offset in the outer member of its next block */
	bool fetched_all; /* the outer member was read completely */
	bool own; /* decoded by decoding.c, not by libarchive */
	bool glance; /* only the first members will be read */
	struct decoding decoding;
	struct error error; /* an error in a callback */
	uint64_t decoded; /* counted with place_account so far */
	size_t members;
	bool ended;
};

/* The formats of archives, tar first. */
enum { STREAM_FORMATS = 6 };
struct stream_format_row {
	enum stream_format flag;
	int format; /* libarchive's number of it */
	const char *name;
	int (*enable)(struct archive *handle);
};
extern const struct stream_format_row stream_formats[STREAM_FORMATS];

/* stream.c: fails with the error of a callback, else with libarchive's message in lower
 * case, or with a general one if it has none. */
bool stream_fail(struct stream *stream, struct error *error);
/* Counts what was decoded since the last call. Formats that compress each member
 * separately are counted in stream_read. */
bool stream_account(struct stream *stream, struct error *error);
/* The next piece of the current member; *SIZE is 0 at its end. */
bool stream_block(struct stream *stream, const void **block, size_t *size, int64_t *offset,
		  struct error *error);
/* stream_open.c: the next input for libarchive, decoded if it is compressed. */
bool stream_input(struct stream *stream, struct span *ret, struct error *error);

/* What ENTRY of an archive, a CPIO or not, says about its member. */
void member_from(struct archive_entry *entry, bool cpio, struct member *ret);

/* The locale in which libarchive keeps names that are stored in UTF-16, as in 7z, or
 * beside the plain name, as in some zip. In the C locale it drops them. */
locale_t member_locale(void);

#endif

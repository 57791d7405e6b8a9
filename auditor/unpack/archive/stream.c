/* SPDX-License-Identifier: ISC */
/* Reads archives member by member with libarchive, in memory or nested in another member, and
 * accounts for every decoded byte. */
#include "unpack/archive/stream_parts.h"

#include "unpack/buffer.h"
#include "unpack/compress/decoding.h"

#include <archive.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A small gzip is decoded in one step, which is faster; a larger one in pieces, which needs less
 * memory. */
#define AT_ONCE_MOST (8 * MIB)

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

static int filters_enable(struct archive *handle)
{
	return archive_read_support_filter_none(handle) |
	       archive_read_support_filter_compress(handle);
}

static int formats_enable(struct archive *handle, unsigned formats)
{
	int result = ARCHIVE_OK;

	if (formats & STREAM_TAR)
		result |= archive_read_support_format_tar(handle);
	if (formats & STREAM_CPIO)
		result |= archive_read_support_format_cpio(handle);
	if (formats & STREAM_ZIP)
		result |= archive_read_support_format_zip(handle);
	if (formats & STREAM_AR)
		result |= archive_read_support_format_ar(handle);
	if (formats & STREAM_ISO)
		result |= archive_read_support_format_iso9660(handle);
	if (formats & STREAM_7ZIP)
		result |= archive_read_support_format_7zip(handle);
	return result;
}

/* Fails with libarchive's message, in lower case, or with a general one if it has none. */
static bool stream_fail(struct stream *stream, struct error *error)
{
	const char *string = archive_error_string(stream->handle);
	struct span words = span_trim(span_text(string ? string : ""));

	if (*stream->error.text) {
		*error = stream->error;
		return false;
	}
	if (words.size < 2)
		return fail(error, "data corrupted");
	fail(error, "%.*s", (int)words.size, (const char *)words.data);
	if (words.data[0] >= 'A' && words.data[0] <= 'Z' && words.data[1] >= 'a' &&
	    words.data[1] <= 'z')
		error->text[0] = (char)(words.data[0] - 'A' + 'a');
	return false;
}

static struct stream *stream_new(const struct place *place, unsigned formats, struct error *error)
{
	struct stream *stream = calloc(1, sizeof *stream);

	if (stream)
		stream->handle = archive_read_new();
	if (!stream || !stream->handle || filters_enable(stream->handle) != ARCHIVE_OK ||
	    formats_enable(stream->handle, formats) != ARCHIVE_OK) {
		fail(error, "libarchive does not support this archive format");
		stream_close(&stream);
		return NULL;
	}
	stream->place = *place;
	return stream;
}

const char *stream_filter(const struct stream *stream)
{
	if (stream->own)
		return compression_name(stream->decoding.compression);
	return archive_filter_count(stream->handle) > 1 ? archive_filter_name(stream->handle, 0)
							: NULL;
}

static bool stream_is(const struct stream *stream, int format)
{
	return (archive_format(stream->handle) & ARCHIVE_FORMAT_BASE_MASK) == format;
}

/* Counts what was decoded since the last call. Formats that compress each member separately are
 * counted in stream_read. */
static bool stream_account(struct stream *stream, struct error *error)
{
	if (!stream_filter(stream))
		return true;

	uint64_t decoded = stream->own ? stream->decoding.decoded
				       : (uint64_t)archive_filter_bytes(stream->handle, 0);
	uint64_t more = decoded - stream->decoded;

	stream->decoded = decoded;
	return place_account(&stream->place, more, error);
}

/* The next piece of the current member; *SIZE is 0 at its end. A warning of libarchive here
 * means that the data is wrong. */
static bool stream_block(struct stream *stream, const void **block, size_t *size, int64_t *offset,
			 struct error *error)
{
	int result;

	do {
		result = archive_read_data_block(stream->handle, block, size, offset);
		if (result == ARCHIVE_EOF) {
			*size = 0;
			return stream_account(stream, error);
		}
		if (result != ARCHIVE_OK)
			return stream_fail(stream, error);
		if (!stream_account(stream, error))
			return false;
	} while (*size == 0);
	return !stream_is(stream, ARCHIVE_FORMAT_7ZIP) ||
	       place_account(&stream->place, *size, error);
}

/* Reads more encoded bytes of a stream that is in a member; none at its end. */
static bool input_fetch(struct stream *stream, struct error *error)
{
	const void *block;
	int64_t offset;
	size_t size;

	if (!stream->outer || stream->fetched_all)
		return true;
	if (!stream_block(stream->outer, &block, &size, &offset, error))
		return false;
	if (size > 0 && offset != stream->outer_offset)
		return fail(error, "the member is sparse");
	stream->outer_offset += (int64_t)size;
	stream->input = span_from(block, size);
	stream->fetched_all = size == 0;
	return true;
}

/* Decodes all of a gzip that is completely in INPUT. */
static bool input_whole(struct stream *stream, struct span *ret)
{
	struct archive_entry *member = stream->outer ? stream->outer->entry : NULL;
	bool whole = !member || (archive_entry_size_is_set(member) &&
				 (uint64_t)archive_entry_size(member) == stream->input.size);

	if (stream->decoding.compression != COMPRESSION_GZIP || stream->glance ||
	    stream->decoding.members > 0 || !whole ||
	    !decoding_at_once(&stream->decoding, stream->input,
			      place_allowed(&stream->place, AT_ONCE_MOST), ret))
		return false;
	stream->input = (struct span){0};
	return true;
}

/* The next input for libarchive, decoded if it is compressed. */
static bool input_next(struct stream *stream, struct span *ret, struct error *error)
{
	for (;;) {
		if (stream->input.size == 0 && !stream->decoding.full &&
		    !input_fetch(stream, error))
			return false;
		if (!stream->own) {
			*ret = stream->input;
			stream->input = (struct span){0};
			return true;
		}
		if (input_whole(stream, ret))
			return stream_account(stream, error);
		if (!decoding_some(&stream->decoding, &stream->input, ret, error))
			return false;
		if (ret->size > 0)
			return stream_account(stream, error);
		if (!stream->outer || stream->fetched_all)
			return decoding_whole(&stream->decoding, error);
	}
}

static la_ssize_t input_read(struct archive *handle, void *context, const void **block)
{
	struct stream *stream = context;
	struct span next;

	if (!input_next(stream, &next, &stream->error)) {
		archive_set_error(handle, EIO, "%s", stream->error.text);
		return ARCHIVE_FATAL;
	}
	*block = next.data;
	return (la_ssize_t)next.size;
}

static struct stream *stream_begin(struct stream *stream, struct error *error)
{
	int result;

	stream->decoding.compression = decoding_of(stream->input);
	stream->own = stream->decoding.compression != COMPRESSION_NONE;
	if (stream->own || stream->outer)
		result = archive_read_open2(stream->handle, stream, NULL, input_read, NULL, NULL);
	else
		result = archive_read_open_memory(stream->handle, stream->input.data,
						  stream->input.size);
	if (result != ARCHIVE_OK) {
		stream_fail(stream, error);
		stream_close(&stream);
	}
	return stream;
}

struct stream *stream_bytes(const struct place *place, struct span bytes, unsigned formats,
			    struct error *error)
{
	struct stream *stream = stream_new(place, formats, error);

	if (!stream)
		return NULL;
	stream->input = bytes;
	stream->glance = formats & STREAM_GLANCE;
	return stream_begin(stream, error);
}

struct stream *stream_member(const struct place *place, struct stream *outer, struct error *error)
{
	struct stream *stream = stream_new(place, STREAM_TAR, error);

	if (!stream)
		return NULL;
	stream->outer = outer;
	if (!input_fetch(stream, error)) {
		stream_close(&stream);
		return NULL;
	}
	return stream_begin(stream, error);
}

/* Skips the rest of a member by decoding it, because libarchive does not report how much it
 * skips. */
static bool stream_skip(struct stream *stream, struct error *error)
{
	const void *block;
	size_t size = 1;
	int64_t offset;

	if (!stream->entry)
		return true;
	stream->entry = NULL;
	if (!stream_filter(stream) && !stream->outer && !stream_is(stream, ARCHIVE_FORMAT_7ZIP))
		return archive_read_data_skip(stream->handle) == ARCHIVE_OK ||
		       stream_fail(stream, error);
	while (size > 0) {
		if (!stream_block(stream, &block, &size, &offset, error))
			return false;
	}
	return true;
}

/* A tar ends with blocks of zeros. libarchive also accepts the end of the data, but then a tar
 * that was cut between two members would not be noticed. */
static bool stream_end(struct stream *stream, struct error *error)
{
	struct archive *handle = stream->handle;

	stream->ended = true;
	if (stream_is(stream, ARCHIVE_FORMAT_TAR) &&
	    archive_filter_bytes(handle, 0) <= archive_read_header_position(handle))
		return fail(error, "truncated: the end-of-archive mark of tar is missing");

	/* read to the end of the compressed data, where its checksum is */
	struct span rest = {.size = 1};

	while (stream->own && rest.size > 0) {
		if (!input_next(stream, &rest, error))
			return false;
	}
	return stream_account(stream, error);
}

/* True if libarchive skipped bytes to find the header of a cpio: members may have been there. */
static bool skipped_bytes(const struct stream *stream)
{
	return stream_is(stream, ARCHIVE_FORMAT_CPIO) && archive_error_string(stream->handle) &&
	       span_starts(span_text(archive_error_string(stream->handle)), "Skipped");
}

static bool member_next(struct stream *stream, struct member *member, bool *more,
			struct error *error)
{
	int result = archive_read_next_header(stream->handle, &stream->entry);

	*more = result != ARCHIVE_EOF;
	if (!*more) {
		stream->entry = NULL;
		return stream_end(stream, error);
	}
	if (result != ARCHIVE_OK && (result != ARCHIVE_WARN || skipped_bytes(stream))) {
		stream->entry = NULL;
		return stream_fail(stream, error);
	}
	if (++stream->members > LIMIT_ENTRIES)
		return fail(error, "more than %d members", LIMIT_ENTRIES);
	member_from(stream->entry, stream_is(stream, ARCHIVE_FORMAT_CPIO), member);
	/* also how libarchive hands on a directory of a CD image that it will not read */
	if (member->path.size == 0)
		return (result == ARCHIVE_OK || stream_fail(stream, error)) &&
		       fail(error, "member %zu has no name", stream->members);
	return stream_account(stream, error);
}

bool stream_next(struct stream *stream, struct member *member, bool *more, struct error *error)
{
	if (!stream_skip(stream, error))
		return false;

	locale_t before = uselocale(member_locale());
	bool ok = member_next(stream, member, more, error);

	uselocale(before);
	return ok;
}

static bool stream_fill(struct stream *stream, struct arena *arena, struct buffer *buffer,
			uint64_t limit, struct error *error)
{
	for (;;) {
		const void *block;
		size_t size;
		int64_t offset;

		if (!stream_block(stream, &block, &size, &offset, error))
			return false;
		if (size == 0)
			return true;
		if (offset < 0 || (uint64_t)offset < buffer->used ||
		    (uint64_t)offset + size > limit)
			return fail(error, "the data does not have the size in the header");
		buffer_put(buffer, arena, (uint64_t)offset, span_from(block, size));
	}
}

bool stream_read(struct stream *stream, struct arena *arena, struct span *ret, struct error *error)
{
	bool known = archive_entry_size_is_set(stream->entry);
	uint64_t size = known ? (uint64_t)archive_entry_size(stream->entry) : 0;
	struct buffer buffer;

	if (size > LIMIT_FILE)
		return fail(error, "%llu bytes, more than the %llu MiB allowed",
			    (unsigned long long)size, (unsigned long long)(LIMIT_FILE / MIB));
	buffer = buffer_new(arena, place_room(&stream->place, size));
	if (!stream_fill(stream, arena, &buffer, known ? size : LIMIT_FILE, error))
		return false;
	if (buffer.used < size && !archive_entry_sparse_count(stream->entry))
		return fail(error, "truncated: %llu of %llu bytes", (unsigned long long)buffer.used,
			    (unsigned long long)size);
	buffer_pad(&buffer, arena, size);
	*ret = span_from(buffer.bytes, buffer.used);
	if (!stream_is(stream, ARCHIVE_FORMAT_ZIP) && !stream_is(stream, ARCHIVE_FORMAT_ISO9660))
		return true;
	return place_account(&stream->place, ret->size, error);
}

const char *stream_kind(const struct stream *stream)
{
	if (stream_is(stream, ARCHIVE_FORMAT_CPIO))
		return "cpio";
	if (stream_is(stream, ARCHIVE_FORMAT_ZIP))
		return "zip";
	if (stream_is(stream, ARCHIVE_FORMAT_ISO9660))
		return "iso9660";
	if (stream_is(stream, ARCHIVE_FORMAT_7ZIP))
		return "7z";
	return stream_is(stream, ARCHIVE_FORMAT_AR) ? "ar" : "tar";
}

uint64_t stream_used(const struct stream *stream)
{
	if (stream_filter(stream) || !stream->ended || stream_is(stream, ARCHIVE_FORMAT_ZIP) ||
	    stream_is(stream, ARCHIVE_FORMAT_7ZIP))
		return 0;
	return (uint64_t)archive_filter_bytes(stream->handle, 0);
}

void stream_close(struct stream **stream)
{
	if (!*stream)
		return;
	if ((*stream)->handle)
		archive_read_free((*stream)->handle);
	decoding_free(&(*stream)->decoding);
	free(*stream);
	*stream = NULL;
}

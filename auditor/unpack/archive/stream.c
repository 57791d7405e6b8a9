/* SPDX-License-Identifier: ISC */
/* Reads the members of an archive with libarchive and accounts for every decoded
 * byte. */
#include "unpack/archive/stream_parts.h"

#include "unpack/buffer.h"
#include "unpack/place.h"

#include <archive.h>
#include <string.h>

bool stream_fail(struct stream *stream, struct error *error)
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

bool stream_account(struct stream *stream, struct error *error)
{
	if (!stream_filter(stream))
		return true;

	uint64_t decoded = stream->own ? stream->decoding.decoded
				       : (uint64_t)archive_filter_bytes(stream->handle, 0);
	uint64_t more = decoded - stream->decoded;

	stream->decoded = decoded;
	return place_account(&stream->place, more, error);
}

bool stream_block(struct stream *stream, const void **block, size_t *size, int64_t *offset,
		  struct error *error)
{
	int result;

	do {
		/* a warning of libarchive means that the data is wrong */
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
		if (!stream_input(stream, &rest, error))
			return false;
	}
	return stream_account(stream, error);
}

static bool member_next(struct stream *stream, struct member *member, bool *more,
			struct error *error)
{
	int result = archive_read_next_header(stream->handle, &stream->entry);
	const char *words = archive_error_string(stream->handle);
	/* to find the header of a cpio libarchive skipped bytes: members may have been there */
	bool skipped = stream_is(stream, ARCHIVE_FORMAT_CPIO) && words &&
		       span_starts(span_text(words), "Skipped");

	*more = result != ARCHIVE_EOF;
	if (!*more) {
		stream->entry = NULL;
		return stream_end(stream, error);
	}
	if (result != ARCHIVE_OK && (result != ARCHIVE_WARN || skipped)) {
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

bool stream_read(struct stream *stream, struct arena *arena, struct span *ret, struct error *error)
{
	bool known = archive_entry_size_is_set(stream->entry);
	uint64_t stated = known ? (uint64_t)archive_entry_size(stream->entry) : 0;
	uint64_t limit = known ? stated : LIMIT_FILE;
	struct buffer buffer;
	size_t size;

	if (stated > LIMIT_FILE)
		return fail(error, "%llu bytes, more than the %llu MiB allowed",
			    (unsigned long long)stated, (unsigned long long)(LIMIT_FILE / MIB));
	buffer = buffer_new(arena, place_room(&stream->place, stated));
	do {
		const void *block;
		int64_t offset;

		if (!stream_block(stream, &block, &size, &offset, error))
			return false;
		if (size > 0 && (offset < 0 || (uint64_t)offset < buffer.used ||
				 (uint64_t)offset + size > limit))
			return fail(error, "the data does not have the size in the header");
		if (size > 0)
			buffer_put(&buffer, arena, (uint64_t)offset, span_from(block, size));
	} while (size > 0);
	if (buffer.used < stated && !archive_entry_sparse_count(stream->entry))
		return fail(error, "truncated: %llu of %llu bytes", (unsigned long long)buffer.used,
			    (unsigned long long)stated);
	buffer_pad(&buffer, arena, stated);
	*ret = span_from(buffer.bytes, buffer.used);
	if (!stream_is(stream, ARCHIVE_FORMAT_ZIP) && !stream_is(stream, ARCHIVE_FORMAT_ISO9660))
		return true;
	return place_account(&stream->place, ret->size, error);
}

const char *stream_kind(const struct stream *stream)
{
	for (size_t i = 0; i < STREAM_FORMATS; i++)
		if (stream_is(stream, stream_formats[i].format))
			return stream_formats[i].name;
	return stream_formats[0].name;
}

uint64_t stream_used(const struct stream *stream)
{
	if (stream_filter(stream) || !stream->ended || stream_is(stream, ARCHIVE_FORMAT_ZIP) ||
	    stream_is(stream, ARCHIVE_FORMAT_7ZIP))
		return 0;
	return (uint64_t)archive_filter_bytes(stream->handle, 0);
}

/* SPDX-License-Identifier: ISC */
/* Opens archives, in memory or in a member of another one, and decodes what libarchive
 * reads. */
#include "unpack/archive/stream_parts.h"

#include <archive.h>
#include <errno.h>
#include <stdlib.h>

/* A small gzip is decoded in one step, which is faster; a larger one in pieces, which
 * needs less memory. */
#define AT_ONCE_MOST (8 * MIB)

const struct stream_format_row stream_formats[STREAM_FORMATS] = {
	{STREAM_TAR, ARCHIVE_FORMAT_TAR, "tar", archive_read_support_format_tar},
	{STREAM_CPIO, ARCHIVE_FORMAT_CPIO, "cpio", archive_read_support_format_cpio},
	{STREAM_ZIP, ARCHIVE_FORMAT_ZIP, "zip", archive_read_support_format_zip},
	{STREAM_AR, ARCHIVE_FORMAT_AR, "ar", archive_read_support_format_ar},
	{STREAM_ISO, ARCHIVE_FORMAT_ISO9660, "iso9660", archive_read_support_format_iso9660},
	{STREAM_7ZIP, ARCHIVE_FORMAT_7ZIP, "7z", archive_read_support_format_7zip},
};

static struct stream *stream_new(const struct place *place, unsigned formats, struct error *error)
{
	struct stream *stream = calloc(1, sizeof *stream);
	struct archive *handle = stream ? archive_read_new() : NULL;
	/* false if libarchive was built without one of them */
	bool enabled = handle && archive_read_support_filter_none(handle) == ARCHIVE_OK &&
		       archive_read_support_filter_compress(handle) == ARCHIVE_OK;

	for (size_t i = 0; enabled && i < STREAM_FORMATS; i++)
		if (formats & stream_formats[i].flag)
			enabled = stream_formats[i].enable(handle) == ARCHIVE_OK;
	if (stream)
		stream->handle = handle;
	if (!enabled) {
		fail(error, "libarchive does not support this archive format");
		stream_close(&stream);
		return NULL;
	}
	stream->place = *place;
	return stream;
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

bool stream_input(struct stream *stream, struct span *ret, struct error *error)
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

	if (!stream_input(stream, &next, &stream->error)) {
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

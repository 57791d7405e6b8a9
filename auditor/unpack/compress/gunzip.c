/* SPDX-License-Identifier: ISC */
/* Decodes gzip piece by piece, with its checksum verified, for members of archives
 * (libarchive's gzip filter does not verify it). */
#include "unpack/compress/gunzip.h"

#include "unpack/compress/sink.h"

#include <libdeflate.h>
#include <stdlib.h>

#define BUFFER_SIZE ((size_t)64 << 10)

bool gunzip_here(struct span bytes)
{
	return bytes.size >= 3 && span_starts(bytes, "\x1f\x8b\x08");
}

/* A gzip member (RFC 1952):
 *   0 1f 8b 08  3 flags  4 time[4]  8 extra flags  9 system ... deflate data ...
 *   end-8 crc32[4]  end-4 decoded size[4], modulo 2^32, little endian */
enum { FLAGS = 3, HEADER_CRC = 2, FRAME = 18, RATIO_MOST = 1032 };

bool gunzip_at_once(struct gunzip *gunzip, struct span in, uint64_t most, struct span *ret)
{
	uint32_t size;

	if (in.size < FRAME || !gunzip_here(in) || (in.data[FLAGS] & HEADER_CRC) ||
	    !span_u32(in, in.size - 4, ENDIAN_LITTLE, &size))
		return false;
	if (size == 0 || size > most || size / RATIO_MOST > in.size)
		return false;

	struct libdeflate_decompressor *decoder = libdeflate_alloc_decompressor();
	uint8_t *decoded = malloc(size);
	size_t used = 0, made = 0;
	bool ok = decoder && decoded &&
		  libdeflate_gzip_decompress_ex(decoder, in.data, in.size, decoded, size, &used,
						&made) == LIBDEFLATE_SUCCESS &&
		  used == in.size && made == size;

	libdeflate_free_decompressor(decoder);
	if (!ok) {
		free(decoded);
		return false;
	}
	gunzip->buffer = decoded;
	gunzip->members = 1;
	gunzip->decoded = size;
	*ret = span_from(decoded, size);
	return true;
}

static bool member_begin(struct gunzip *gunzip, struct error *error)
{
	if (!gunzip->buffer)
		gunzip->buffer = malloc(BUFFER_SIZE);
	gunzip->state = codec_gzip.begin();
	gunzip->members++;
	return (gunzip->buffer && gunzip->state) || fail(error, "no memory to decode gzip");
}

static void member_end(struct gunzip *gunzip)
{
	if (gunzip->state)
		codec_gzip.end(gunzip->state);
	gunzip->state = NULL;
	gunzip->full = false;
}

static bool member_step(struct gunzip *gunzip, struct span *in, struct span *ret,
			struct error *error)
{
	struct flow flow = {.in = in->data,
			    .in_size = in->size,
			    .out = gunzip->buffer,
			    .out_size = BUFFER_SIZE};
	enum step step = codec_gzip.step(gunzip->state, &flow);

	gunzip->decoded += BUFFER_SIZE - flow.out_size;
	gunzip->full = flow.out_size == 0;
	*in = span_skip(*in, in->size - flow.in_size);
	*ret = span_from(gunzip->buffer, BUFFER_SIZE - flow.out_size);
	if (step == STEP_BAD)
		return fail(error, "gzip: %s", flow.why);
	if (step == STEP_END)
		member_end(gunzip);
	return true;
}

/* Like gzip(1), decodes several members as one file and ignores other bytes
 * after the last. */
bool gunzip_some(struct gunzip *gunzip, struct span *in, struct span *ret, struct error *error)
{
	*ret = (struct span){0};
	while (ret->size == 0 && (in->size > 0 || gunzip->full)) {
		if (!gunzip->state && gunzip->members > 0 && in->data[0] != 0x1f)
			gunzip->ended = true;
		if (gunzip->ended) {
			*in = (struct span){0};
			return true;
		}
		if (!gunzip->state && !member_begin(gunzip, error))
			return false;
		if (!member_step(gunzip, in, ret, error))
			return false;
	}
	return true;
}

bool gunzip_whole(const struct gunzip *gunzip, struct error *error)
{
	return !gunzip->state || fail(error, "truncated gzip data");
}

void gunzip_free(struct gunzip *gunzip)
{
	member_end(gunzip);
	free(gunzip->buffer);
}

/* SPDX-License-Identifier: ISC */
/* Decodes gzip, xz, lzma, zstd, lz4 and bzip2 piece by piece, with their checksums
 * verified, for archives (libarchive's gzip filter does not verify it, and its tar
 * reader stops before those that lie behind the archive's end). */
#include "unpack/compress/decoding.h"

#include "unpack/compress/sink.h"

#include <libdeflate.h>
#include <stdlib.h>

#define BUFFER_SIZE ((size_t)64 << 10)

static const struct codec *const codecs[] = {
	[COMPRESSION_GZIP] = &codec_gzip,     [COMPRESSION_XZ] = &codec_xz,
	[COMPRESSION_LZMA] = &codec_lzma,     [COMPRESSION_ZSTD] = &codec_zstd,
	[COMPRESSION_LZ4] = &codec_lz4_frame, [COMPRESSION_BZIP2] = &codec_bzip2,
};

static bool gzip_here(struct span bytes)
{
	return bytes.size >= 3 && span_starts(bytes, "\x1f\x8b\x08");
}

enum compression decoding_of(struct span bytes)
{
	struct span frame = bytes;
	uint32_t magic, size;

	if (gzip_here(bytes))
		return COMPRESSION_GZIP;
	/* Skippable frames (RFC 8878, 3.1.2), with which pzstd begins a file:
	 *   0 magic u32, 184d2a50 to 184d2a5f  4 size u32  8 data; little endian */
	while (span_u32(frame, 0, ENDIAN_LITTLE, &magic) && magic >> 4 == 0x184d2a5 &&
	       span_u32(frame, 4, ENDIAN_LITTLE, &size))
		frame = span_skip(span_skip(frame, 8), size);

	enum compression compression = compression_of(frame);
	if (frame.size != bytes.size && compression != COMPRESSION_ZSTD &&
	    compression != COMPRESSION_LZ4)
		return COMPRESSION_NONE;
	if (compression == COMPRESSION_LZO || lz4_legacy_here(frame) ||
	    (compression == COMPRESSION_LZMA && lzma_wide_here(frame)))
		return COMPRESSION_NONE;
	return compression;
}

/* A gzip member (RFC 1952):
 *   0 1f 8b 08  3 flags  4 time[4]  8 extra flags  9 system ... deflate data ...
 *   end-8 crc32[4]  end-4 decoded size[4], modulo 2^32, little endian */
enum { FLAGS = 3, HEADER_CRC = 2, FRAME = 18, RATIO_MOST = 1032 };

bool decoding_at_once(struct decoding *decoding, struct span in, uint64_t most, struct span *ret)
{
	uint32_t size;

	if (in.size < FRAME || !gzip_here(in) || (in.data[FLAGS] & HEADER_CRC) ||
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
	decoding->buffer = decoded;
	decoding->members = 1;
	decoding->decoded = size;
	*ret = span_from(decoded, size);
	return true;
}

static void member_end(struct decoding *decoding)
{
	if (decoding->state)
		codecs[decoding->compression]->end(decoding->state);
	decoding->state = NULL;
	decoding->full = false;
}

static bool member_step(struct decoding *decoding, struct span *in, struct span *ret,
			struct error *error)
{
	struct flow flow = {.in = in->data,
			    .in_size = in->size,
			    .out = decoding->buffer,
			    .out_size = BUFFER_SIZE};
	enum step step = codecs[decoding->compression]->step(decoding->state, &flow);

	if (step == STEP_MORE && in->size > 0 && flow.in_size == in->size &&
	    flow.out_size == BUFFER_SIZE) {
		flow.why = "data corrupted";
		step = STEP_BAD;
	}
	decoding->decoded += BUFFER_SIZE - flow.out_size;
	decoding->full = flow.out_size == 0;
	*in = span_skip(*in, in->size - flow.in_size);
	*ret = span_from(decoding->buffer, BUFFER_SIZE - flow.out_size);
	if (step == STEP_BAD)
		return fail(error, "%s: %s", compression_name(decoding->compression), flow.why);
	if (step == STEP_END)
		member_end(decoding);
	return true;
}

/* True if a byte that follows a member can begin another one: its magic, or that of a
 * frame of zstd and lz4 that is skipped (RFC 8878, 3.1.2). */
static bool member_follows(const struct decoding *decoding, uint8_t byte)
{
	static const uint8_t firsts[] = {
		[COMPRESSION_GZIP] = 0x1f, [COMPRESSION_XZ] = 0xfd,   [COMPRESSION_ZSTD] = 0x28,
		[COMPRESSION_LZ4] = 0x04,  [COMPRESSION_BZIP2] = 'B',
	};
	bool skipped = decoding->compression == COMPRESSION_ZSTD ||
		       decoding->compression == COMPRESSION_LZ4;

	if (decoding->compression == COMPRESSION_LZMA)
		return false;
	return byte == firsts[decoding->compression] || (skipped && byte >> 4 == 5);
}

/* Like gzip(1), decodes several members as one file and ignores other bytes
 * after the last. */
bool decoding_some(struct decoding *decoding, struct span *in, struct span *ret,
		   struct error *error)
{
	*ret = (struct span){0};
	while (ret->size == 0 && (in->size > 0 || decoding->full)) {
		if (!decoding->state && decoding->members > 0 &&
		    !member_follows(decoding, in->data[0]))
			decoding->ended = true;
		if (decoding->ended) {
			*in = (struct span){0};
			return true;
		}
		if (!decoding->state) {
			if (!decoding->buffer)
				decoding->buffer = malloc(BUFFER_SIZE);
			decoding->state = codecs[decoding->compression]->begin();
			decoding->members++;
			if (!decoding->buffer || !decoding->state)
				memory_end("a decoder");
		}
		if (!member_step(decoding, in, ret, error))
			return false;
	}
	return true;
}

bool decoding_whole(const struct decoding *decoding, struct error *error)
{
	return !decoding->state ||
	       fail(error, "truncated %s data", compression_name(decoding->compression));
}

void decoding_free(struct decoding *decoding)
{
	member_end(decoding);
	free(decoding->buffer);
}

/* SPDX-License-Identifier: ISC */
/* Recognises gzip, xz, lzma, zstd, lz4, lzo and bzip2 streams by their headers and
 * decodes one stream with the codec for it. */
#include "base/digest.h"
#include "unpack/reader.h"
#include "unpack/compress/sink.h"

#include <string.h>

static const char *const names[] = {
	[COMPRESSION_NONE] = "none",	   [COMPRESSION_GZIP] = "gzip",
	[COMPRESSION_XZ] = "xz",	   [COMPRESSION_LZMA] = "lzma",
	[COMPRESSION_ZSTD] = "zstd",	   [COMPRESSION_LZ4] = "lz4",
	[COMPRESSION_BZIP2] = "bzip2",	   [COMPRESSION_LZO] = "lzo",
	[COMPRESSION_DEFLATE] = "deflate", [COMPRESSION_LZO1X] = "lzo1x",
};

const char *compression_name(enum compression compression)
{
	return names[compression];
}

/* gzip (RFC 1952): 1f 8b | u8 method 8 | u8 flags, of which the upper three bits are 0
 * | u32 time | u8 extra | u8 system */
static bool gzip_here(struct span bytes)
{
	uint8_t flags, system;

	return span_has(bytes, 0, SPAN_OF("\x1f\x8b\x08")) && span_u8(bytes, 3, &flags) &&
	       !(flags & 0xe0) && span_u8(bytes, 9, &system) && (system <= 13 || system == 255);
}

/* xz (file format 1.1): fd "7zXZ" 00 | u8 0 | u8 check | u32 crc of these two bytes,
 * little-endian */
static bool xz_here(struct span bytes)
{
	struct span flags;
	uint32_t crc;

	return span_has(bytes, 0, SPAN_OF("\xfd\x37zXZ\0")) && span_cut(bytes, 6, 2, &flags) &&
	       span_u32(bytes, 8, ENDIAN_LITTLE, &crc) && crc == crc32_of(0, flags);
}

/* Encoders have lc 3 unless told otherwise, and DD-WRT sets only lp. Each other value that is
 * accepted would make more of a kernel's code look like the start of a stream. */
bool lzma_properties_likely(uint8_t properties)
{
	unsigned lc = properties % 9, lp = properties / 9 % 5;

	return properties < 225 && (lc + lp <= 4 || lc == 3);
}

/* lzma-alone, the format of LZMA SDK's lzma.txt, little-endian:
 *
 *   u8 (pb * 5 + lp) * 9 + lc | u32 dictionary | u64 decoded size, or all ones if an end marker
 *       follows | range coder, first byte 0
 *
 * There is no magic, so the dictionary must be 2^n or 2^n + 2^(n-1), as all encoders make it, and
 * the size must be plausible. */
static bool lzma_here(struct span bytes)
{
	uint8_t properties, first;
	uint32_t dictionary;
	uint64_t size;

	if (!span_u8(bytes, 0, &properties) || !span_u32(bytes, 1, ENDIAN_LITTLE, &dictionary) ||
	    !span_u64(bytes, 5, ENDIAN_LITTLE, &size) || !span_u8(bytes, 13, &first))
		return false;
	if (!lzma_properties_likely(properties) || first != 0)
		return false;
	if (dictionary < 4096 || dictionary > LIMIT_FILE ||
	    (size != UINT64_MAX && (size == 0 || size > LIMIT_FILE)))
		return false;

	uint32_t rest = dictionary & (dictionary - 1);
	return rest == 0 || (rest & (rest - 1)) == 0;
}

/* zstd (RFC 8878): 28 b5 2f fd | u8 descriptor, of which bit 3 is 0 */
static bool zstd_here(struct span bytes)
{
	uint8_t descriptor;

	return span_has(bytes, 0, SPAN_OF("\x28\xb5\x2f\xfd")) && span_u8(bytes, 4, &descriptor) &&
	       !(descriptor & 8);
}

/* lz4 frame (lz4_Frame_format.md 1.6): 04 22 4d 18 | u8 01xxxx0x | u8 0ccc0000, ccc
 * from 4 to 7 */
static bool lz4_frame_here(struct span bytes)
{
	uint8_t flags, block;

	return span_has(bytes, 0, SPAN_OF("\x04\x22\x4d\x18")) && span_u8(bytes, 4, &flags) &&
	       (flags & 0xc2) == 0x40 && span_u8(bytes, 5, &block) && !(block & 0x8f) &&
	       block >= 0x40;
}

/* bzip2: "BZh" | '1' to '9' | the digits of pi (a block) or of its square
 * root (the end) */
static bool bzip2_here(struct span bytes)
{
	uint8_t level;

	return span_starts(bytes, "BZh") && span_u8(bytes, 3, &level) && level >= '1' &&
	       level <= '9' &&
	       (span_has(bytes, 4, SPAN_OF("\x31\x41\x59\x26\x53\x59")) ||
		span_has(bytes, 4, SPAN_OF("\x17\x72\x45\x38\x50\x90")));
}

/* Long scans call this for every byte, so the first byte decides which
 * format is checked. */
enum compression compression_of(struct span bytes)
{
	switch (bytes.size ? bytes.data[0] : 0) {
	case 0x1f:
		if (gzip_here(bytes))
			return COMPRESSION_GZIP;
		break;
	case 0xfd:
		if (xz_here(bytes))
			return COMPRESSION_XZ;
		break;
	case 0x28:
		if (zstd_here(bytes))
			return COMPRESSION_ZSTD;
		break;
	case 0x02:
		if (lz4_legacy_here(bytes))
			return COMPRESSION_LZ4;
		break;
	case 0x04:
		if (lz4_frame_here(bytes))
			return COMPRESSION_LZ4;
		break;
	case 'B':
		if (bzip2_here(bytes))
			return COMPRESSION_BZIP2;
		break;
	case 0x89:
		if (span_has(bytes, 0, SPAN_OF("\x89LZO\0\r\n\x1a\n")))
			return COMPRESSION_LZO;
		break;
	}
	return lzma_here(bytes) ? COMPRESSION_LZMA : COMPRESSION_NONE;
}

static bool run_steps(const struct codec *codec, void *state, struct sink *sink, struct span bytes,
		      uint64_t *ret_used, struct error *error)
{
	struct flow flow = {.in = bytes.data, .in_size = bytes.size};
	enum step step;

	do {
		if (!sink_room(sink, 1, *ret_used, error))
			return false;
		flow.out = sink->data + sink->size;
		flow.out_size = sink->room - sink->size;

		size_t in = flow.in_size, out = flow.out_size;
		step = codec->step(state, &flow);
		sink->size += out - flow.out_size;
		*ret_used = bytes.size - flow.in_size;
		if (step == STEP_BAD)
			return fail(error, "%s after %llu bytes", flow.why,
				    (unsigned long long)*ret_used);
		if (step == STEP_MORE && in == flow.in_size && out == flow.out_size)
			return sink->open_end ||
			       fail(error, "the stream ends early after %llu bytes",
				    (unsigned long long)*ret_used);
	} while (step == STEP_MORE && sink->size <= sink->limit && !sink_full(sink));
	return true;
}

static bool run_codec(const struct codec *codec, struct sink *sink, struct span bytes,
		      uint64_t *ret_used, struct error *error)
{
	void *state = codec->begin();

	*ret_used = 0;
	if (!state)
		memory_end("a decoder");

	bool ok = run_steps(codec, state, sink, bytes, ret_used, error);
	codec->end(state);
	return ok;
}

static bool decode(enum compression compression, struct sink *sink, struct span bytes,
		   uint64_t *ret_used, struct error *error)
{
	switch (compression) {
	case COMPRESSION_GZIP:
		return run_codec(&codec_gzip, sink, bytes, ret_used, error);
	case COMPRESSION_DEFLATE:
		return run_codec(&codec_deflate, sink, bytes, ret_used, error);
	case COMPRESSION_XZ:
		return run_codec(&codec_xz, sink, bytes, ret_used, error);
	case COMPRESSION_LZMA:
		return lzma_wide_here(bytes) ? lzma_wide_decode(sink, bytes, ret_used, error)
					     : run_codec(&codec_lzma, sink, bytes, ret_used, error);
	case COMPRESSION_ZSTD:
		return run_codec(&codec_zstd, sink, bytes, ret_used, error);
	case COMPRESSION_BZIP2:
		return run_codec(&codec_bzip2, sink, bytes, ret_used, error);
	case COMPRESSION_LZ4:
		return lz4_legacy_here(bytes)
			       ? lz4_legacy_decode(sink, bytes, ret_used, error)
			       : run_codec(&codec_lz4_frame, sink, bytes, ret_used, error);
	case COMPRESSION_LZO:
		return lzop_decode(sink, bytes, ret_used, error);
	case COMPRESSION_LZO1X:
		return lzo1x_decode(sink, bytes, ret_used, error);
	case COMPRESSION_NONE:
		break;
	}
	*ret_used = 0;
	return fail(error, "not a compressed stream");
}

/* Decodes BYTES to SINK and moves the result to ARENA, if it keeps SINK's limit. */
static bool decode_all(struct arena *arena, enum compression compression, struct sink *sink,
		       struct span bytes, struct span *ret, uint64_t *ret_used, struct error *error)
{
	bool ok = decode(compression, sink, bytes, ret_used, error);

	if (ok && sink->size > sink->limit)
		ok = fail(error, "it decompresses to more than the allowed %llu bytes",
			  (unsigned long long)sink->limit);
	if (!ok) {
		*ret = span_from(NULL, sink->size);
		return within(error, "%s", compression_name(compression));
	}
	*ret = sink_finish(sink, arena);
	return true;
}

bool decompress(struct arena *arena, enum compression compression, struct span bytes,
		uint64_t limit, struct span *ret, uint64_t *ret_used, struct error *error)
{
	_cleanup_sink_ struct sink sink = {.limit = limit};
	uint64_t used;

	return decode_all(arena, compression, &sink, bytes, ret, ret_used ? ret_used : &used,
			  error);
}

bool decompress_lzma(struct arena *arena, struct span properties, uint64_t size, struct span stream,
		     uint64_t limit, struct span *ret, struct error *error)
{
	enum { LZMA_HEADER = 13, LZMA_PROPERTIES = 5 };
	_cleanup_arena_ struct arena scratch = {0};
	_cleanup_sink_ struct sink sink = {.limit = limit, .open_end = size == UINT64_MAX};
	uint8_t *file = arena_raw(&scratch, LZMA_HEADER + stream.size);
	uint64_t used;

	*ret = (struct span){NULL, 0};
	if (properties.size != LZMA_PROPERTIES)
		return fail(error, "lzma: no properties");
	memcpy(file, properties.data, LZMA_PROPERTIES);
	for (unsigned i = 0; i < 8; i++)
		file[LZMA_PROPERTIES + i] = (uint8_t)(size >> 8 * i);
	if (stream.size)
		memcpy(file + LZMA_HEADER, stream.data, stream.size);

	return decode_all(arena, COMPRESSION_LZMA, &sink,
			  span_from(file, LZMA_HEADER + stream.size), ret, &used, error);
}

struct span decompress_head(struct arena *arena, enum compression compression, struct span bytes,
			    size_t size, uint64_t *ret_used)
{
	_cleanup_sink_ struct sink sink = {.limit = size, .head = true};
	struct error ignored;

	/* if the stream is damaged later, its first bytes are still valid; whoever
	 * reads all of it gets the error */
	(void)decode(compression, &sink, bytes, ret_used, &ignored);
	return span_head(sink_finish(&sink, arena), size);
}

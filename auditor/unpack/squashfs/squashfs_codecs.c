/* SPDX-License-Identifier: ISC */
/* Provides libsquashfs with decoders that it lacks: lzo, which some builds leave out
 * (Linux fs/squashfs/lzo_wrapper.c), and the lzma of vendors. */
#include "unpack/squashfs/squashfs.h"

#include <sqfs/error.h>
#include <stdlib.h>
#include <string.h>

static void codec_destroy(sqfs_object_t *object)
{
	free(object);
}

static sqfs_object_t *codec_copy(const sqfs_object_t *object)
{
	sqfs_compressor_t *copy = malloc(sizeof *copy);

	return copy ? memcpy(copy, object, sizeof *copy) : NULL;
}

static void codec_configuration(const sqfs_compressor_t *compressor,
				sqfs_compressor_config_t *config)
{
	(void)compressor;
	*config = (sqfs_compressor_config_t){.flags = SQFS_COMP_FLAG_UNCOMPRESS};
}

static int codec_options(sqfs_compressor_t *compressor, sqfs_file_t *file)
{
	(void)compressor, (void)file;
	return 0;
}

static sqfs_compressor_t *codec_new(sqfs_s32 (*do_block)(sqfs_compressor_t *compressor,
							 const sqfs_u8 *in, sqfs_u32 size,
							 sqfs_u8 *out, sqfs_u32 room))
{
	const sqfs_compressor_t codec = {
		.base = {.destroy = codec_destroy, .copy = codec_copy},
		.get_configuration = codec_configuration,
		.write_options = codec_options,
		.read_options = codec_options,
		.do_block = do_block,
	};

	return (sqfs_compressor_t *)codec_copy(&codec.base);
}

static sqfs_s32 decoded_copy(bool ok, struct span decoded, sqfs_u8 *out)
{
	if (!ok)
		return SQFS_ERROR_COMPRESSOR;
	if (decoded.size > 0)
		memcpy(out, decoded.data, decoded.size);
	return (sqfs_s32)decoded.size;
}

/* Each block is one lzo1x block. */
static sqfs_s32 lzo_block(sqfs_compressor_t *compressor, const sqfs_u8 *in, sqfs_u32 size,
			  sqfs_u8 *out, sqfs_u32 room)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span decoded;
	struct error ignored;

	(void)compressor;
	return decoded_copy(decompress(&arena, COMPRESSION_LZO1X, span_from(in, size), room,
				       &decoded, NULL, &ignored),
			    decoded, out);
}

sqfs_compressor_t *squashfs_lzo(void)
{
	return codec_new(lzo_block);
}

/* What a block begins with:
 *
 *   zlib (RFC 1950):  0 u8 method 8 in the low bits   1 u8 flags: both, BE, a multiple of 31
 *   lzma:             0 u8 properties   1 u32 dictionary, LE   5 u64 decoded size, LE   13 stream
 *   lzma, no size:    0 u8 properties   1 u32 dictionary, LE   5 stream
 *   lzma, size first: 0 u32 decoded size, LE   4 u8 properties   5 u32 dictionary, LE   9 stream
 *   lzma, split:      0 u8 pb   1 u8 lc   2 u8 lp   3 0xff   4 stream (DD-WRT since 2009)
 *   lzma, bare:       0 stream (DD-WRT before); the properties are those that encoders use by
 *                     default
 *
 * Mainline uses the second one. Properties are below 225, and the first byte of a stream is 0. */
enum { ZLIB_HEAD = 2, PROPERTIES = 5, SPLIT = 4, STREAM_LEAST = 5 };
enum { PB_MOST = 4, LC_MOST = 8, LP_MOST = 4 };

#define DICTIONARY_MOST ((uint32_t)1 << 27)
#define BLOCK_MOST ((uint64_t)1 << 20)

/* How a block of lzma is stored. */
struct lzma_head {
	uint8_t properties[PROPERTIES];
	unsigned stream; /* offset */
	uint64_t size; /* UINT64_MAX: not stated */
};

/* True if BLOCK has the properties at AT and a stream at HEAD->stream, and both and the size are
 * possible. Sets the properties. */
static bool lzma_stated(struct span block, unsigned at, struct lzma_head *head)
{
	uint8_t first;
	uint32_t dictionary;
	struct span properties;

	if (!span_cut(block, at, PROPERTIES, &properties))
		return false;
	memcpy(head->properties, properties.data, PROPERTIES);
	dictionary = head_u32(properties, 1, ENDIAN_LITTLE);
	return head->properties[0] < 225 && dictionary > 0 && dictionary <= DICTIONARY_MOST &&
	       span_u8(block, head->stream, &first) && first == 0 && head->size > 0 &&
	       (head->size <= BLOCK_MOST || (head->size == UINT64_MAX && dictionary % 4096 == 0));
}

/* One byte and a dictionary of 1 MiB, as no block has more. */
static struct lzma_head lzma_unstated(unsigned stream, unsigned lc, unsigned lp, unsigned pb)
{
	return (struct lzma_head){
		.properties = {(uint8_t)((pb * 5 + lp) * 9 + lc), 0, 0, BLOCK_MOST >> 16, 0},
		.stream = stream,
		.size = UINT64_MAX};
}

static bool lzma_here(struct span block, struct lzma_head *ret)
{
	uint32_t size = 0;

	/* split: its 0xff would be that of a dictionary of 16 MiB */
	if (block.size > SPLIT && block.data[3] == 0xff && block.data[SPLIT] == 0 &&
	    block.data[0] <= PB_MOST && block.data[1] <= LC_MOST && block.data[2] <= LP_MOST) {
		*ret = lzma_unstated(SPLIT, block.data[1], block.data[2], block.data[0]);
		return true;
	}
	*ret = (struct lzma_head){.stream = 13};
	if (span_u64(block, PROPERTIES, ENDIAN_LITTLE, &ret->size) && lzma_stated(block, 0, ret))
		return true;
	*ret = (struct lzma_head){.stream = 5, .size = UINT64_MAX};
	if (lzma_stated(block, 0, ret))
		return true;
	if (!span_u32(block, 0, ENDIAN_LITTLE, &size))
		return false;
	*ret = (struct lzma_head){.stream = 9, .size = size};
	if (lzma_stated(block, 4, ret))
		return true;
	*ret = lzma_unstated(0, 3, 0, 2);
	return block.size >= STREAM_LEAST && block.data[0] == 0;
}

enum compression squashfs_block_compression(struct span block)
{
	struct lzma_head lzma;
	uint16_t head = 0;

	if (span_u16(block, 0, ENDIAN_BIG, &head) && (head >> 8 & 15) == 8 && head % 31 == 0)
		return COMPRESSION_GZIP;
	return lzma_here(block, &lzma) ? COMPRESSION_LZMA : COMPRESSION_NONE;
}

/* Nothing marks the end of most lzma without a size, and it may go on for a few symbols
 * behind the last one; some has an end marker in spite of its size. So it is decoded to
 * the size, or to as many bytes as there is room, or else to its end. */
static bool lzma_decode(struct arena *arena, struct span block, uint64_t room, struct span *ret)
{
	struct lzma_head head;
	struct error ignored;

	if (!lzma_here(block, &head))
		return false;

	struct span properties = span_from(head.properties, PROPERTIES);
	struct span stream = span_skip(block, head.stream);
	uint64_t size = head.size == UINT64_MAX ? room : head.size;
	return decompress_lzma(arena, properties, size, stream, room, ret, &ignored) ||
	       (decompress_lzma(arena, properties, UINT64_MAX, stream, room, ret, &ignored) &&
		(head.size == UINT64_MAX || ret->size == head.size));
}

static sqfs_s32 vendor_block(sqfs_compressor_t *compressor, const sqfs_u8 *in, sqfs_u32 size,
			     sqfs_u8 *out, sqfs_u32 room)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span block = span_from(in, size), decoded = {0};
	struct error ignored;
	bool ok;

	(void)compressor;
	if (squashfs_block_compression(block) == COMPRESSION_GZIP)
		ok = decompress(&arena, COMPRESSION_DEFLATE, span_skip(block, ZLIB_HEAD), room,
				&decoded, NULL, &ignored);
	else
		ok = lzma_decode(&arena, block, room, &decoded);
	return decoded_copy(ok, decoded, out);
}

sqfs_compressor_t *squashfs_vendor(void)
{
	return codec_new(vendor_block);
}

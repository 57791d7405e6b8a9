/* SPDX-License-Identifier: ISC */
/* Decodes lz4 legacy and lzop, which are sequences of blocks that are each decoded
 * in one call. */
#include "unpack/compress/sink.h"

#include <lz4.h>
#include <lzo/lzo1x.h>
#include <zlib.h>

static bool ends_early(struct span bytes, uint64_t *ret_used, struct error *error)
{
	*ret_used = bytes.size;
	return fail(error, "the stream ends early after %zu bytes", bytes.size);
}

/* lz4 legacy, as "lz4 -l" writes it and the kernel's lib/decompress_unlz4.c reads it,
 * little-endian:
 *
 *   02 21 4c 18 | u32 size, block | u32 size, block | ...
 *
 * Every block decodes to 8 MiB, the last one to the rest. There is no end marker; the build of a
 * kernel appends the decoded size as a u32. */
#define LEGACY_BLOCK ((size_t)8 << 20)
#define LEGACY_MOST ((uint32_t)LZ4_COMPRESSBOUND(8 << 20))

bool lz4_legacy_here(struct span bytes)
{
	uint32_t size;

	return span_has(bytes, 0, SPAN_OF("\x02\x21\x4c\x18")) &&
	       span_u32(bytes, 4, ENDIAN_LITTLE, &size) && size > 0 && size <= LEGACY_MOST;
}

static bool legacy_block(struct sink *sink, struct span bytes, uint64_t *at, size_t *ret_size,
			 struct error *error)
{
	struct span block;
	uint32_t size = 0;

	if (!span_u32(bytes, *at, ENDIAN_LITTLE, &size) || !span_cut(bytes, *at + 4, size, &block))
		return ends_early(bytes, at, error);

	uint64_t left = sink->limit + 1 - sink->size;
	size_t room = left < LEGACY_BLOCK ? (size_t)left : LEGACY_BLOCK;
	if (!sink_room(sink, room ? room : 1, *at, error))
		return false;

	int got = LZ4_decompress_safe_partial((const char *)block.data,
					      (char *)sink->data + sink->size, (int)size, (int)room,
					      (int)room);
	if (got < 0)
		return fail(error, "data corrupted after %llu bytes", (unsigned long long)*at);
	*ret_size = (size_t)got;
	sink->size += (size_t)got;
	*at += 4 + (uint64_t)size;
	return true;
}

bool lz4_legacy_decode(struct sink *sink, struct span bytes, uint64_t *ret_used,
		       struct error *error)
{
	size_t last = 0;
	uint32_t word;
	bool ends;

	*ret_used = 4;
	do {
		if (!legacy_block(sink, bytes, ret_used, &last, error))
			return false;
		ends = last < LEGACY_BLOCK || !span_u32(bytes, *ret_used, ENDIAN_LITTLE, &word) ||
		       word == 0 || word > LEGACY_MOST || word == sink->size;
	} while (!ends && !sink_full(sink) && sink->size <= sink->limit);
	return true;
}

/* lzop, as the program lzop writes it and the kernel's lib/decompress_unlzo.c reads it,
 * big-endian:
 *
 *   89 4c 5a 4f 00 0d 0a 1a 0a | u16 version, library version | u16 needed version  (from 0x0940)
 *   u8 method | u8 level (from 0x0940) | u32 flags | u32 filter (FILTER) | u32 mode | u32 time |
 *       u32 time, upper (from 0x0940)
 *   u8 length, name | u32 checksum | u32 length, bytes, u32 checksum (EXTRA)
 *   blocks: u32 decoded size (0: the end) | u32 stored size | checksums as the flags state, those
 *       of the stored bytes only if they are fewer | stored bytes, not compressed if the sizes
 *       are equal */
enum {
	LZOP_MAGIC = 9,
	LZOP_LEVELS = 0x0940,
	LZOP_BLOCK = 64 << 20,
	FLAG_ADLER_DECODED = 0x1,
	FLAG_ADLER_STORED = 0x2,
	FLAG_EXTRA = 0x40,
	FLAG_CRC_DECODED = 0x100,
	FLAG_CRC_STORED = 0x200,
	FLAG_FILTER = 0x800,
};

static bool lzop_header(struct span bytes, uint64_t *at, uint32_t *flags)
{
	uint16_t version;
	uint32_t extra = 0;
	uint8_t name;

	if (!span_u16(bytes, LZOP_MAGIC, ENDIAN_BIG, &version))
		return false;

	bool levels = version >= LZOP_LEVELS;
	*at = LZOP_MAGIC + 4 + (levels ? 2 : 0) + 1 + (levels ? 1 : 0);
	if (!span_u32(bytes, *at, ENDIAN_BIG, flags))
		return false;
	*at += 4 + (*flags & FLAG_FILTER ? 4 : 0) + 8 + (levels ? 4 : 0);
	if (!span_u8(bytes, *at, &name))
		return false;
	*at += 1 + name + 4;
	if (!(*flags & FLAG_EXTRA))
		return true;
	if (!span_u32(bytes, *at, ENDIAN_BIG, &extra))
		return false;
	*at += 4 + (uint64_t)extra + 4;
	return true;
}

/* A block; DECODED 0 is the end. lzop_block moves *AT past it. */
struct lzop_block {
	uint32_t decoded, check;
	struct span stored;
};

static bool lzop_block(struct span bytes, uint64_t *at, uint32_t flags, struct lzop_block *ret)
{
	uint32_t size;

	if (!span_u32(bytes, *at, ENDIAN_BIG, &ret->decoded))
		return false;
	*at += 4;
	if (ret->decoded == 0)
		return true;
	if (!span_u32(bytes, *at, ENDIAN_BIG, &size))
		return false;
	*at += 4;
	if (flags & (FLAG_ADLER_DECODED | FLAG_CRC_DECODED) &&
	    !span_u32(bytes, *at, ENDIAN_BIG, &ret->check))
		return false;
	*at += (flags & FLAG_ADLER_DECODED ? 4 : 0) + (flags & FLAG_CRC_DECODED ? 4 : 0);
	if (size < ret->decoded)
		*at += (flags & FLAG_ADLER_STORED ? 4 : 0) + (flags & FLAG_CRC_STORED ? 4 : 0);
	if (!span_cut(bytes, *at, size, &ret->stored))
		return false;
	*at += size;
	return true;
}

static bool lzop_expand(struct sink *sink, const struct lzop_block *block, uint32_t flags)
{
	uint8_t *out = sink->data + sink->size;
	lzo_uint size = block->decoded;

	if (block->stored.size == block->decoded)
		__builtin_memcpy(out, block->stored.data, size);
	else if (block->stored.size > block->decoded ||
		 lzo1x_decompress_safe(block->stored.data, block->stored.size, out, &size, NULL) !=
			 LZO_E_OK ||
		 size != block->decoded)
		return false;
	sink->size += size;
	if (flags & FLAG_ADLER_DECODED)
		return adler32_z(1, out, size) == block->check;
	return !(flags & FLAG_CRC_DECODED) || crc32_z(0, out, size) == block->check;
}

bool lzop_decode(struct sink *sink, struct span bytes, uint64_t *ret_used, struct error *error)
{
	struct lzop_block block = {0};
	uint32_t flags;

	*ret_used = 0;
	if (!lzop_header(bytes, ret_used, &flags))
		return ends_early(bytes, ret_used, error);
	if (*ret_used > bytes.size)
		return ends_early(bytes, ret_used, error);
	if (flags & FLAG_FILTER)
		return fail(error, "unsupported filter");
	while (!sink_full(sink) && sink->size <= sink->limit) {
		uint64_t at = *ret_used;

		if (!lzop_block(bytes, &at, flags, &block))
			return ends_early(bytes, ret_used, error);
		if (block.decoded > LZOP_BLOCK)
			return fail(error, "data corrupted after %llu bytes",
				    (unsigned long long)*ret_used);
		*ret_used = at;
		if (block.decoded == 0)
			return true;
		if (!sink_room(sink, block.decoded, *ret_used, error))
			return false;
		if (!lzop_expand(sink, &block, flags))
			return fail(error, "data corrupted before byte %llu",
				    (unsigned long long)at);
	}
	return true;
}

/* Decodes one lzo1x block without a container. It must not decode to more than
 * the sink's limit. */
bool lzo1x_decode(struct sink *sink, struct span bytes, uint64_t *ret_used, struct error *error)
{
	lzo_uint size = sink->limit;

	*ret_used = bytes.size;
	if (!sink_room(sink, size ? size : 1, bytes.size, error))
		return false;
	if (lzo1x_decompress_safe(bytes.data, bytes.size, sink->data, &size, NULL) != LZO_E_OK)
		return fail(error, "data corrupted");
	sink->size = size;
	return true;
}

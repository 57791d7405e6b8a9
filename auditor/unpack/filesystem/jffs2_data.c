/* SPDX-License-Identifier: ISC */
/* Decodes the compression methods of JFFS2 nodes; see jffs2.c. */
#include "unpack/filesystem/jffs2.h"

enum { NONE, RTIME = 2, ZLIB = 6, LZO, LZMA };

/* rtime (Linux fs/jffs2/compr_rtime.c): a byte, then the number of bytes to copy from
 * the position after the last occurrence of that byte. */
static bool rtime_decode(struct span in, uint8_t *out, size_t size)
{
	size_t places[256] = {0}, done = 0;

	for (uint64_t at = 0; done < size; at += 2) {
		uint8_t value, repeat;

		if (!span_u8(in, at, &value) || !span_u8(in, at + 1, &repeat))
			return false;
		out[done++] = value;

		size_t from = places[value];
		places[value] = done;
		if (repeat > size - done)
			return false;
		for (; repeat > 0; repeat--)
			out[done++] = out[from++];
	}
	return true;
}

bool jffs2_decode(struct arena *arena, uint8_t method, struct span in, uint32_t size,
		  struct span *ret, struct error *error)
{
	/* lc 0, lp 0, pb 0 and the dictionary */
	static const uint8_t lzma[] = {0, 0, 8192 >> 8, 0, 0};
	uint8_t *out;

	*ret = in;
	switch (method) {
	case NONE:
		return true;
	case JFFS2_ZEROS:
		*ret = span_from(arena_get(arena, size + 1), size);
		return true;
	case RTIME:
		out = arena_get(arena, size + 1);
		*ret = span_from(out, size);
		return rtime_decode(in, out, size) || fail(error, "rtime: data corrupted");
	case ZLIB:
		return decompress(arena, COMPRESSION_DEFLATE, span_skip(in, 2), size, ret, NULL,
				  error);
	case LZO:
		return decompress(arena, COMPRESSION_LZO1X, in, size, ret, NULL, error);
	case LZMA:
		return decompress_lzma(arena, span_from(lzma, sizeof lzma), size, in, size, ret,
				       error);
	default:
		return fail(error, "unknown compression %u", method);
	}
}

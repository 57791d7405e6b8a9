/* SPDX-License-Identifier: ISC */
/* Compresses with gzip (RFC 1952) by zlib: level 9, no name, time 0, system Unix. */
#include "vet/gzip_write.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { WINDOW_GZIP = 15 + 16, WINDOW_RAW = -15, MEMORY = 8, OS_UNIX = 3 };

static struct span packed(struct arena *arena, struct span bytes, int window)
{
	z_stream stream = {0};
	gz_header header = {.os = OS_UNIX};

	if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK ||
	    (window == WINDOW_GZIP && deflateSetHeader(&stream, &header) != Z_OK))
		abort(); /* out of memory: ends the program, as arena.c does */

	size_t room = deflateBound(&stream, bytes.size);
	uint8_t *out = arena_raw(arena, room);

	stream.next_in = (Bytef *)(uintptr_t)bytes.data;
	stream.avail_in = (uInt)bytes.size;
	stream.next_out = out;
	stream.avail_out = (uInt)room;
	if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
		abort(); /* deflateBound() returned enough room, so one call is enough */

	size_t size = room - stream.avail_out;
	deflateEnd(&stream);
	return span_from(out, size);
}

struct span gzip_write(struct arena *arena, struct span bytes)
{
	return packed(arena, bytes, WINDOW_GZIP);
}

struct span deflate_write(struct arena *arena, struct span bytes)
{
	return packed(arena, bytes, WINDOW_RAW);
}

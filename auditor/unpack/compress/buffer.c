/* SPDX-License-Identifier: ISC */
/* Implements a growing buffer for file contents that arrive in pieces at rising
 * offsets; gaps are filled with zeros. */
#include "unpack/buffer.h"

#include <string.h>

struct buffer buffer_new(struct arena *arena, uint64_t size)
{
	return (struct buffer){.bytes = arena_raw(arena, size), .room = size};
}

static void buffer_grow(struct buffer *buffer, struct arena *arena, uint64_t need)
{
	if (need <= buffer->room)
		return;
	buffer->room = buffer->room * 2 > need ? buffer->room * 2 : need;

	uint8_t *grown = arena_raw(arena, buffer->room);

	if (buffer->used > 0)
		memcpy(grown, buffer->bytes, buffer->used);
	buffer->bytes = grown;
}

void buffer_pad(struct buffer *buffer, struct arena *arena, uint64_t to)
{
	if (to <= buffer->used)
		return;
	buffer_grow(buffer, arena, to);
	memset(buffer->bytes + buffer->used, 0, to - buffer->used);
	buffer->used = to;
}

void buffer_put(struct buffer *buffer, struct arena *arena, uint64_t offset, struct span piece)
{
	buffer_grow(buffer, arena, offset + piece.size);
	buffer_pad(buffer, arena, offset);
	if (piece.size > 0)
		memcpy(buffer->bytes + offset, piece.data, piece.size);
	buffer->used += piece.size;
}

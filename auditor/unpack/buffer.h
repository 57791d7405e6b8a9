/* SPDX-License-Identifier: ISC */
/* buffer - one file's bytes, put together from pieces in rising order; what lies between them
 * is zeros. Private to unpack/. */
#ifndef KMODAUDIT_BUFFER_H
#define KMODAUDIT_BUFFER_H

#include "base/arena.h"

struct buffer {
	uint8_t *bytes;
	uint64_t used, room;
};

/* Room for SIZE bytes from the start; it grows when that is not enough. */
struct buffer buffer_new(struct arena *arena, uint64_t size);
/* Zeros up to TO. */
void buffer_pad(struct buffer *buffer, struct arena *arena, uint64_t to);
/* PIECE, behind what is there by now; OFFSET is not below what is used. */
void buffer_put(struct buffer *buffer, struct arena *arena, uint64_t offset, struct span piece);

#endif

/* SPDX-License-Identifier: ISC */
/* buffer - bytes of a file, assembled from pieces in rising order; gaps are
 * filled with zeros. */
#ifndef KMODAUDIT_BUFFER_H
#define KMODAUDIT_BUFFER_H

#include "base/arena.h"

struct buffer {
	uint8_t *bytes;
	uint64_t used, room;
};

/* A buffer with room for SIZE bytes, which grows if necessary; {0} is
 * one without room. */
struct buffer buffer_new(struct arena *arena, uint64_t size);
/* Appends zeros up to offset TO. */
void buffer_pad(struct buffer *buffer, struct arena *arena, uint64_t to);
/* Appends PIECE at OFFSET, which must not be before the end of the last piece. */
void buffer_put(struct buffer *buffer, struct arena *arena, uint64_t offset, struct span piece);

#endif

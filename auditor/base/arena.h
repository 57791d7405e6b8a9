/* SPDX-License-Identifier: ISC */
/* arena - the one allocator. Nobody frees a piece; everything of one life goes at once. Out of
 * memory ends the program here and nowhere else: sizes that an input claims are compared with
 * unpack/limits.h before they are used here. */
#ifndef KMODAUDIT_ARENA_H
#define KMODAUDIT_ARENA_H

#include "base/span.h"

#include <stdarg.h>

struct arena_block;

/* Zero-initialised is an empty arena. Not for two threads at once. */
struct arena {
	struct arena_block *top;
};

/* SIZE zeroed bytes, aligned for any type. */
void *arena_get(struct arena *arena, size_t size);
/* SIZE bytes whose contents are undefined, for buffers that are filled at once. */
void *arena_raw(struct arena *arena, size_t size);
/* A NUL-terminated copy. A NUL inside SPAN ends it early. */
const char *arena_string(struct arena *arena, struct span span);
const char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *arena_vformat(struct arena *arena, const char *format, va_list args);
/* The same, for a caller who changes it. */
char *arena_chars(struct arena *arena, struct span span);
/* A copy of the bytes. */
struct span arena_copy(struct arena *arena, struct span span);
/* Takes over a mapping made by mmap(2): it is unmapped with the rest. */
void arena_take(struct arena *arena, void *mapping, size_t size);
/* Forgets everything but keeps one block of ordinary size for the next round. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);
/* Moves everything of FROM, which is empty afterwards, to the life of ARENA. */
void arena_adopt(struct arena *arena, struct arena *from);

#define arena_new(arena, type) ((type *)arena_get(arena, sizeof(type)))
#define _cleanup_arena_ __attribute__((cleanup(arena_free)))

#endif

/* SPDX-License-Identifier: ISC */
/* arena - the program's only allocator. Single pieces are never freed; a whole arena is
 * freed at once. Running out of memory ends the program with status 3.
 * Sizes that an input claims must be compared with unpack/limits.h before they are
 * passed to an arena. */
#ifndef KMODAUDIT_ARENA_H
#define KMODAUDIT_ARENA_H

#include "base/span.h"

#include <stdarg.h>

struct arena_block;

/* Ends the program, because LIBRARY found no memory. */
_Noreturn void memory_end(const char *library);

/* A zero-initialised struct is an empty arena. An arena must not be used by two threads
 * at the same time. */
struct arena {
	struct arena_block *top;
};

/* SIZE zeroed bytes, aligned for any type. */
void *arena_get(struct arena *arena, size_t size);
/* SIZE bytes with undefined contents, for buffers that the caller fills at once. */
void *arena_raw(struct arena *arena, size_t size);
/* A NUL-terminated copy of SPAN. If SPAN contains a NUL, the string ends there. */
const char *arena_string(struct arena *arena, struct span span);
const char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *arena_vformat(struct arena *arena, const char *format, va_list args);
/* Like arena_string, for a caller that modifies the copy. */
char *arena_chars(struct arena *arena, struct span span);
/* A copy of the bytes of SPAN, without a NUL. */
struct span arena_copy(struct arena *arena, struct span span);
/* Takes ownership of a mapping made with mmap(2): it is unmapped when the
 * arena is freed. */
void arena_own_mapping(struct arena *arena, void *mapping, size_t size);
/* Frees everything except one block of BLOCK_SIZE, which the next allocations use. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);
/* Moves all memory of FROM into ARENA, so that it lives as long as ARENA. FROM is empty
 * afterwards. */
void arena_adopt(struct arena *arena, struct arena *from);

#define arena_new(arena, type) ((type *)arena_get(arena, sizeof(type)))
#define _cleanup_arena_ __attribute__((cleanup(arena_free)))

#endif

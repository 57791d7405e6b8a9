/* SPDX-License-Identifier: ISC */
/* Allocates memory in blocks that are freed together. Running out of memory ends the
 * program with status 3. */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BLOCK_SIZE ((size_t)64 << 10)
#define ALIGNMENT ((size_t)16)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	/* an adopted mapping, or NULL; a block with a mapping has no bytes
	 * of its own */
	void *mapping;
	size_t mapping_size;
	_Alignas(16) uint8_t bytes[];
};

void memory_end(const char *library)
{
	fprintf(stderr, "kmodaudit: out of memory in %s (see --max-memory)\n", library);
	exit(3);
}

static void out_of_memory(size_t size)
{
	fprintf(stderr, "kmodaudit: out of memory: cannot allocate %zu bytes (see --max-memory)\n",
		size);
	exit(3);
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *block =
		size < SIZE_MAX - sizeof *block ? malloc(sizeof *block + size) : NULL;

	if (!block)
		out_of_memory(size);
	*block = (struct arena_block){.size = size};
	return block;
}

void *arena_raw(struct arena *arena, size_t size)
{
	struct arena_block *top = arena->top;

	if (size > SIZE_MAX - ALIGNMENT)
		out_of_memory(size);
	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (!top || top->size - top->used < size) {
		struct arena_block *block = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);

		/* a large block goes behind the top block, whose free bytes
		 * stay in use */
		if (top && size > BLOCK_SIZE) {
			block->next = top->next;
			top->next = block;
		} else {
			block->next = top;
			arena->top = block;
		}
		top = block;
	}
	top->used += size;
	return top->bytes + top->used - size;
}

void *arena_get(struct arena *arena, size_t size)
{
	return memset(arena_raw(arena, size), 0, size);
}

struct span arena_copy(struct arena *arena, struct span span)
{
	if (span.size == 0)
		return (struct span){NULL, 0};
	return span_from(memcpy(arena_raw(arena, span.size), span.data, span.size), span.size);
}

char *arena_chars(struct arena *arena, struct span span)
{
	char *text = arena_raw(arena, span.size + 1);

	if (span.size > 0)
		memcpy(text, span.data, span.size);
	text[span.size] = '\0';
	return text;
}

const char *arena_string(struct arena *arena, struct span span)
{
	return arena_chars(arena, span);
}

const char *arena_vformat(struct arena *arena, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int size = vsnprintf(NULL, 0, format, again);
	va_end(again);

	char *text = arena_raw(arena, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, args);
	return text;
}

const char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = arena_vformat(arena, format, args);
	va_end(args);
	return text;
}

void arena_own_mapping(struct arena *arena, void *mapping, size_t size)
{
	struct arena_block *block = block_new(0);

	block->mapping = mapping;
	block->mapping_size = size;
	/* behind the top block, whose free bytes stay in use */
	block->next = arena->top ? arena->top->next : NULL;
	if (arena->top)
		arena->top->next = block;
	else
		arena->top = block;
}

void arena_reset(struct arena *arena)
{
	struct arena_block *keep = NULL;

	for (struct arena_block *block = arena->top, *next; block; block = next) {
		next = block->next;
		if (!keep && block->size == BLOCK_SIZE) {
			keep = block;
			continue;
		}
		if (block->mapping)
			munmap(block->mapping, block->mapping_size);
		free(block);
	}
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
	}
	arena->top = keep;
}

void arena_free(struct arena *arena)
{
	arena_reset(arena);
	free(arena->top);
	arena->top = NULL;
}

void arena_adopt(struct arena *arena, struct arena *from)
{
	struct arena_block **last = &arena->top;

	while (*last)
		last = &(*last)->next;
	*last = from->top;
	from->top = NULL;
}

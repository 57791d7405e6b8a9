/* SPDX-License-Identifier: ISC */
/* array - the one container: any struct with the members
 *     struct thing *list; size_t count, room;
 * Elements move when it grows: keep indexes, not pointers, while adding. */
#ifndef KMODAUDIT_ARRAY_H
#define KMODAUDIT_ARRAY_H

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

static inline void *array_room(struct arena *arena, void *list, size_t count, size_t *room,
			       size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 8;

	void *grown = arena_raw(arena, *room * size);
	return count ? memcpy(grown, list, count * size) : grown;
}

/* Pointer to a new zeroed element at the end. */
#define array_add(arena, array)                                                           \
	((array)->list = array_room(arena, (array)->list, (array)->count, &(array)->room, \
				    sizeof *(array)->list),                               \
	 memset(&(array)->list[(array)->count], 0, sizeof *(array)->list),                \
	 &(array)->list[(array)->count++])

#define array_sort(array, compare)                                                                 \
	((array)->count > 1 ? qsort((array)->list, (array)->count, sizeof *(array)->list, compare) \
			    : (void)0)

/* array_each (item, &things) { item is a pointer to each element } */
#define array_each(item, array)                                \
	for (__typeof__(*(array)->list) *item = (array)->list; \
	     item && item < (array)->list + (array)->count; item++)

/* A list of strings, the most common array. */
struct strings {
	const char **list;
	size_t count, room;
};

int strings_compare(const void *a, const void *b);
/* Sorts and drops doubles. */
void strings_unique(struct strings *strings);
/* The same texts in the same order. */
bool strings_same(const struct strings *a, const struct strings *b);
bool strings_have(const struct strings *strings, const char *text);
/* "a, b, c"; at most MOST of them, then " and N more". */
const char *strings_join(struct arena *arena, const struct strings *strings, size_t most);

#endif

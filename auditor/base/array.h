/* SPDX-License-Identifier: ISC */
/* array - the one growing container: any struct with the members
 *     struct thing *list; size_t count, room;
 * Elements move when the array grows, so keep indexes, not pointers, while adding. */
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

/* Appends a zeroed element and returns a pointer to it. */
#define array_add(arena, array)                                                           \
	((array)->list = array_room(arena, (array)->list, (array)->count, &(array)->room, \
				    sizeof *(array)->list),                               \
	 memset(&(array)->list[(array)->count], 0, sizeof *(array)->list),                \
	 &(array)->list[(array)->count++])

#define array_sort(array, compare)                                                                 \
	((array)->count > 1 ? qsort((array)->list, (array)->count, sizeof *(array)->list, compare) \
			    : (void)0)

/* array_each (item, &things) { ... }: item points to each element in turn */
#define array_each(item, array)                                \
	for (__typeof__(*(array)->list) *item = (array)->list; \
	     item && item < (array)->list + (array)->count; item++)

/* Appends all elements of FROM. */
#define array_append(arena, array, from) \
	array_each(item_, from)          \
	*array_add(arena, array) = *item_

/* The first element, ITEM, for which CONDITION is true; NULL: there is none. */
#define array_find(item, array, condition)                       \
	({                                                       \
		__typeof__(*(array)->list) *item##_found = NULL; \
		array_each(item, array) {                        \
			if (condition) {                         \
				item##_found = item;             \
				break;                           \
			}                                        \
		}                                                \
		item##_found;                                    \
	})
#define array_any(item, array, condition) (array_find(item, array, condition) != NULL)
#define array_count(item, array, condition)          \
	({                                           \
		size_t item##_count = 0;             \
		array_each(item, array)              \
			item##_count += (condition); \
		item##_count;                        \
	})
/* The elements from INDEX on, which may be the end; NULL for a list without memory, to which C
 * allows no addition. */
#define array_from(array, index) ((array)->list ? (array)->list + (index) : NULL)
/* The place of the first element, ITEM, for which BEFORE is false; the array is sorted so
 * that those for which it is true come first. */
#define array_lower(item, array, before)                                                        \
	({                                                                                      \
		size_t item##_low = 0, item##_high = (array)->count;                            \
		while (item##_low < item##_high) {                                              \
			size_t item##_middle = item##_low + (item##_high - item##_low) / 2;     \
			const __typeof__(*(array)->list) *item = &(array)->list[item##_middle]; \
			if (before)                                                             \
				item##_low = item##_middle + 1;                                 \
			else                                                                    \
				item##_high = item##_middle;                                    \
		}                                                                               \
		item##_low;                                                                     \
	})
/* Removes each element, ITEM, for which CONDITION is true. */
#define array_drop(item, array, condition)                            \
	do {                                                          \
		size_t item##_kept = 0;                               \
		array_each(item, array) {                             \
			if (!(condition))                             \
				(array)->list[item##_kept++] = *item; \
		}                                                     \
		(array)->count = item##_kept;                         \
	} while (0)

/* A list of strings, the most common array. */
struct strings {
	const char **list;
	size_t count, room;
};

int strings_compare(const void *a, const void *b);
/* Sorts and removes duplicates. */
void strings_unique(struct strings *strings);
/* True if A and B have equal strings in the same order. */
bool strings_same(const struct strings *a, const struct strings *b);
bool strings_have(const struct strings *strings, const char *text);
/* The same for sorted strings. */
bool strings_find(const struct strings *sorted, const char *text);
/* Joins the first MOST strings with ", "; if there are more, " and N more" follows. */
const char *strings_join(struct arena *arena, const struct strings *strings, size_t most);

#endif

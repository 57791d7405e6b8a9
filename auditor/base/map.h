/* SPDX-License-Identifier: ISC */
/* map - string -> number, for lookups only: nothing that is printed may depend on its order.
 * Keys are borrowed. The hash is seeded per table, so that crafted names cannot slow it
 * down. */
#ifndef KMODAUDIT_MAP_H
#define KMODAUDIT_MAP_H

#include "base/arena.h"

#define MAP_NONE UINT32_MAX

/* Zero-initialised is an empty map. */
struct map {
	struct map_slot *slots;
	size_t count, room;
	uint64_t seed;
};

/* The value of KEY, or MAP_NONE. */
uint32_t map_get(const struct map *map, const char *key);
/* Sets KEY to VALUE unless it has one; returns the value it has now. */
uint32_t map_put(struct map *map, struct arena *arena, const char *key, uint32_t value);

/* One copy of each string: the same bytes give the same pointer. */
const char *map_intern(struct map *map, struct arena *arena, struct span text);

#endif

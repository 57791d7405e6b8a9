/* SPDX-License-Identifier: ISC */
/* map - a hash table from strings to numbers, for lookups only: nothing that is printed
 * may depend on its order. Keys are borrowed. Each table has its own hash seed, so that
 * crafted names cannot slow it down. */
#ifndef KMODAUDIT_MAP_H
#define KMODAUDIT_MAP_H

#include "base/arena.h"

#define MAP_NONE UINT32_MAX

/* A zero-initialised struct is an empty map. */
struct map {
	struct map_slot *slots;
	size_t count, room;
	uint64_t seed;
};

/* The value of KEY, or MAP_NONE. */
uint32_t map_get(const struct map *map, const char *key);
/* Adds KEY with VALUE unless KEY exists. Returns the value that KEY has afterwards. */
uint32_t map_put(struct map *map, struct arena *arena, const char *key, uint32_t value);

/* Returns one shared copy of TEXT: equal texts give the same pointer. */
const char *map_intern(struct map *map, struct arena *arena, struct span text);

#endif

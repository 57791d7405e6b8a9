/* SPDX-License-Identifier: ISC */
/* Implements the hash table from strings to numbers, with a seed per table, and the
 * interning of strings. */
#include "base/map.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

struct map_slot {
	const char *key;
	uint64_t hash;
	uint32_t value;
};

static uint64_t hash_of(const struct map *map, struct span key)
{
	uint64_t hash = map->seed ^ 0xcbf29ce484222325u;

	for (size_t i = 0; i < key.size; i++)
		hash = (hash ^ key.data[i]) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

static struct map_slot *slot_of(const struct map *map, struct span key, uint64_t hash)
{
	for (size_t i = hash & (map->room - 1);; i = (i + 1) & (map->room - 1)) {
		struct map_slot *slot = &map->slots[i];

		if (!slot->key || (slot->hash == hash && span_is(key, slot->key)))
			return slot;
	}
}

static void map_grow(struct map *map, struct arena *arena)
{
	struct map old = *map;

	if (!old.room && getrandom(&map->seed, sizeof map->seed, GRND_NONBLOCK) != sizeof map->seed)
		map->seed = (uint64_t)time(NULL) | 1;
	map->room = old.room ? old.room * 2 : 64;
	map->slots = arena_get(arena, map->room * sizeof *map->slots);
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].key)
			*slot_of(map, span_text(old.slots[i].key), old.slots[i].hash) =
				old.slots[i];
}

uint32_t map_get(const struct map *map, const char *key)
{
	if (map->count == 0)
		return MAP_NONE;

	struct span text = span_text(key);
	const struct map_slot *slot = slot_of(map, text, hash_of(map, text));
	return slot->key ? slot->value : MAP_NONE;
}

static struct map_slot *map_claim(struct map *map, struct arena *arena, struct span key)
{
	if (map->count * 4 >= map->room * 3)
		map_grow(map, arena);

	uint64_t hash = hash_of(map, key);
	struct map_slot *slot = slot_of(map, key, hash);
	slot->hash = hash;
	return slot;
}

uint32_t map_put(struct map *map, struct arena *arena, const char *key, uint32_t value)
{
	struct map_slot *slot = map_claim(map, arena, span_text(key));

	if (!slot->key) {
		slot->key = key;
		slot->value = value;
		map->count++;
	}
	return slot->value;
}

const char *map_intern(struct map *map, struct arena *arena, struct span text)
{
	/* the copy ends at its first NUL, so the lookup must use the same text */
	if (text.size > 0) {
		const uint8_t *nul = memchr(text.data, 0, text.size);

		if (nul)
			text.size = (size_t)(nul - text.data);
	}

	struct map_slot *slot = map_claim(map, arena, text);

	if (!slot->key) {
		slot->key = arena_string(arena, text);
		map->count++;
	}
	return slot->key;
}

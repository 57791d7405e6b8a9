/* SPDX-License-Identifier: ISC */
/* Implements the multimap from strings to owners, which keeps the owners of a key in
 * the order in which they were added. */
#include "facts/world/chains.h"

void chains_add(struct chains *chains, struct arena *arena, const char *key, uint32_t who,
		const void *what)
{
	uint32_t at = (uint32_t)chains->count;
	struct link *link = array_add(arena, chains);

	*link = (struct link){.what = what, .who = who, .next = MAP_NONE, .last = at};

	struct link *head = &chains->list[map_put(&chains->heads, arena, key, at)];
	if (head != link) {
		chains->list[head->last].next = at;
		head->last = at;
	}
}

const struct link *chains_first(const struct chains *chains, const char *key)
{
	uint32_t at = map_get(&chains->heads, key);

	return at == MAP_NONE ? NULL : &chains->list[at];
}

const struct link *chains_next(const struct chains *chains, const struct link *link)
{
	return link->next == MAP_NONE ? NULL : &chains->list[link->next];
}

/* SPDX-License-Identifier: ISC */
/* chains - a multimap from strings to items, which keeps the items of a key in the
 * order in which they were added. For lookups only: nothing that is printed may depend
 * on the order of keys. */
#ifndef KMODAUDIT_CHAINS_H
#define KMODAUDIT_CHAINS_H

#include "base/array.h"
#include "base/map.h"

struct link {
	const void *what; /* the item */
	uint32_t who; /* its owner */
	uint32_t next; /* index of the next link of the key; MAP_NONE: this is the last */
	uint32_t last; /* index of the last link of the key; valid in its first link only */
};

/* A zero-initialised struct is empty. Keys and items are borrowed. */
struct chains {
	struct link *list;
	size_t count, room;
	struct map heads;
};

void chains_add(struct chains *chains, struct arena *arena, const char *key, uint32_t who,
		const void *what);
/* The first link of KEY, or NULL; and the link after LINK, or NULL. */
const struct link *chains_first(const struct chains *chains, const char *key);
const struct link *chains_next(const struct chains *chains, const struct link *link);

#endif

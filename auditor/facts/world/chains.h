/* SPDX-License-Identifier: ISC */
/* chains - string -> those who carry it, in the order they were added. For lookups only. */
#ifndef KMODAUDIT_CHAINS_H
#define KMODAUDIT_CHAINS_H

#include "base/array.h"
#include "base/map.h"

struct link {
	const void *what;
	uint32_t who;
	uint32_t next; /* MAP_NONE: the last */
	uint32_t last; /* of the whole chain; kept in its first link only */
};

/* Zero-initialised is empty. Keys are borrowed. */
struct chains {
	struct link *list;
	size_t count, room;
	struct map heads;
};

void chains_add(struct chains *chains, struct arena *arena, const char *key, uint32_t who,
		const void *what);
/* The first link of KEY, or NULL; then one after the other. */
const struct link *chains_first(const struct chains *chains, const char *key);
const struct link *chains_next(const struct chains *chains, const struct link *link);

#endif

/* SPDX-License-Identifier: ISC */
/* store - feeds that were read, each once, however many pairs of a plan it is in. */
#ifndef KMODAUDIT_STORE_H
#define KMODAUDIT_STORE_H

#include "base/map.h"
#include "commands/command.h"

struct store_unit;

struct store {
	struct arena *arena; /* what was read lives here */
	struct feeds_wanted how; /* offline, timeout, threads, quiet */
	struct map places;
	struct store_units {
		struct store_unit *list;
		size_t count, room;
	} units;
	size_t unpacked; /* packages and modules that were opened */
};

/* The feeds at PATHS as `audit` would have them, in ARENA as far as they are this pair's own. A
 * feed that could not be read is not tried again. */
bool store_get(struct store *store, struct arena *arena, const struct strings *paths,
	       struct feeds *ret, struct error *error);

#endif

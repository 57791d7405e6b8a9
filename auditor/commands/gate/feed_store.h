/* SPDX-License-Identifier: ISC */
/* feed_store - the feeds of a plan. Each is read once, however many pairs use it. */
#ifndef KMODAUDIT_FEED_STORE_H
#define KMODAUDIT_FEED_STORE_H

#include "base/map.h"
#include "commands/command.h"

struct store_unit;

struct store {
	struct arena *arena; /* for what was read */
	struct feeds_wanted how; /* offline, timeout, threads, quiet */
	struct map places;
	struct store_units {
		struct store_unit *list;
		size_t count, room;
	} units;
	size_t unpacked; /* the number of packages and modules that were read */
};

/* The feeds at PATHS as `audit` would read them, as a copy for one pair in ARENA.
 * UNTRUSTED: those of PATHS that an image named. A feed that could not be read is
 * not tried again. */
bool store_get(struct store *store, struct arena *arena, const struct strings *paths,
	       const struct strings *untrusted, struct feeds *ret, struct error *error);

#endif

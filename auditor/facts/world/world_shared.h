/* SPDX-License-Identifier: ISC */
/* world_shared - what several packages of the feeds have alike: a file, a symbol, a module. Two
 * that have are not installed, or not loaded, beside each other. */
#ifndef KMODAUDIT_WORLD_SHARED_H
#define KMODAUDIT_WORLD_SHARED_H

#include "facts/world/world.h"

enum shared_kind { SHARED_FILE, SHARED_SYMBOL, SHARED_MODULE };

/* One thing that at least two packages of the feeds have. */
struct shared {
	enum shared_kind kind;
	const char *what; /* path, symbol, name */
};

/* That one package has it. */
struct share {
	uint32_t number; /* of the thing */
	const struct module *module; /* of the package, that is or exports it; NULL for a file */
};

struct shares {
	struct share *list;
	size_t count, room;
};

struct shareds {
	struct shared *list;
	size_t count, room;
	struct shares *of; /* by package of the world */
};

/* Lives in ARENA; borrows from WORLD. */
struct shareds world_shared(struct arena *arena, const struct world *world);

/* Packages of the feeds called NAME, or that provide it, in the order of the world; AT starts
 * at 0. False at the end. */
bool world_named(const struct world *world, const char *name, uint32_t *at, size_t *ret_index);
/* Packages of the feeds that export NAME, likewise. */
bool world_exporting(const struct world *world, const char *name, uint32_t *at, size_t *ret_index,
		     const struct export **ret);

#endif

/* SPDX-License-Identifier: ISC */
/* world_shared - files, symbols and modules that several packages of the feeds contain.
 * Such packages cannot be installed, or their modules not loaded, at the same time; and
 * modules that cannot be loaded one after the other. */
#ifndef KMODAUDIT_WORLD_SHARED_H
#define KMODAUDIT_WORLD_SHARED_H

#include "facts/world/world.h"

enum shared_kind {
	SHARED_FILE,
	SHARED_SYMBOL,
	SHARED_MODULE,
	SHARED_INTERFACE, /* of FreeBSD, with its version: "drmn.2" */
	SHARED_REGISTERED, /* a name that modules of FreeBSD register: "pci/re" */
	SHARED_ALIAS, /* an alias of one module that is the name of others */
};

/* A file, symbol, module, interface or registered name in at least two packages
 * of the feeds. */
struct shared {
	enum shared_kind kind;
	const char *what; /* its path, symbol, name, or name and version */
};

/* One package's part in a shared thing. */
struct share {
	uint32_t number; /* index of the thing */
	/* the package's module that is or exports it; NULL for a file */
	const struct module *module;
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

/* Collects all shared things. The result is in ARENA and borrows from WORLD. */
struct shareds world_shared(struct arena *arena, const struct world *world);

/* Iterates over the feed packages that have or provide NAME, in the order of the world.
 * AT starts at 0. False at the end. */
bool world_named(const struct world *world, const char *name, uint32_t *at, size_t *ret_index);
/* Iterates likewise over the feed packages that export NAME. */
bool world_exporting(const struct world *world, const char *name, uint32_t *at, size_t *ret_index,
		     const struct export **ret);

/* world_loader.c: modules that need each other by depends=, so that none of them can
 * be loaded first. */
struct circle {
	const char *text; /* "aa -> bb -> aa" */
	bool symbols; /* each of them imports a symbol, not weakly, from the next */
};
/* The circle that MODULE is in, or NULL. */
const struct circle *world_circle(const struct world *world, const struct module *module);

/* Packages with rules of the module loader, or that set kernel.modules_disabled. */
struct ordering {
	const struct package **list;
	size_t count, room;
};
/* world_symbols.c: the next package from *AT on that has rules of the module loader or sets
 * kernel.modules_disabled, and that is PACKAGE or one that it depends on. NULL: none. */
const struct package *world_ordering(const struct world *world, const struct package *package,
				     size_t *at);

#endif

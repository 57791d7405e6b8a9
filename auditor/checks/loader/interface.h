/* SPDX-License-Identifier: ISC */
/* interface - how a package uses what others provide to modules, and which version of it it was
 * built against. Private to checks/. */
#ifndef KMODAUDIT_INTERFACE_H
#define KMODAUDIT_INTERFACE_H

#include "checks/checks.h"
#include "facts/world/world_providers.h"

enum presence { PRESENT, ABSENT, UNSURE };

/* That a package uses a module of another, a symbol, a namespace or the kernel. */
struct use {
	/* of the package, that shows it; NULL: the package as a whole, with the kernel */
	const struct module *module;
	const char *name; /* of what is used */
	enum presence presence;
	struct provider provider; /* when present; its module NULL: the kernel */
};

struct uses {
	struct use *list;
	size_t count, room;
};

/* All that a package uses of others. */
struct usage {
	const struct world *world;
	const struct package *package;
	struct arena *arena;
	struct uses modules; /* by name, each once */
	struct uses symbols; /* present ones first, those of one provider together */
};

struct usage usage_collect(struct arena *arena, const struct world *world,
			   const struct package *package);
/* What of it is INTERFACE, as DECLARER provides it: one for each module of that name, or for
 * each who provides the symbols. */
struct uses usage_of(const struct usage *usage, const struct interface *interface,
		     const struct declarer *declarer);

/* The one version that the package was built against. */
struct built built_against(const struct usage *usage, const struct interface *interface,
			   const struct use *use);
/* The version that is there. */
struct built built_provided(const struct usage *usage, const struct use *use);
/* "kernel 6.6.79-r1", "module foo 2.1" */
const char *built_text(struct arena *arena, const struct interface *interface,
		       const struct use *use, const struct built *built, bool with_abi);

#endif

/* SPDX-License-Identifier: ISC */
/* interface - finds which interfaces of others a package uses, and the version of each
 * against which it was built. Private to checks/. */
#ifndef KMODAUDIT_INTERFACE_H
#define KMODAUDIT_INTERFACE_H

#include "checks/checks.h"
#include "facts/world/world_providers.h"

enum presence { PRESENT, ABSENT, UNSURE };

/* One use by a package: of another package's module, a symbol, a namespace
 * or the kernel. */
struct use {
	/* the package's module that uses it; NULL: the whole package uses the kernel */
	const struct module *module;
	const char *name; /* the name of the module, symbol or namespace */
	enum presence presence;
	struct provider provider; /* if present; its module is NULL for the kernel */
	/* of FreeBSD: the version that MODULE was built against, and the one that is
	 * there; NULL: its system records none, or it is unknown */
	const char *built, *provided;
};

struct uses {
	struct use *list;
	size_t count, room;
};

/* All uses of a package. */
struct usage {
	const struct world *world;
	const struct package *package;
	struct arena *arena;
	struct uses modules; /* sorted by name, each once */
	struct uses symbols; /* present ones first, grouped by provider */
};

/* Collects the uses of PACKAGE. The result borrows from WORLD. */
struct usage usage_collect(struct arena *arena, const struct world *world,
			   const struct package *package);
/* The uses of INTERFACE as DECLARER provides it: one for each module with its name, or
 * one for each provider of its symbols. */
struct uses usage_of(const struct usage *usage, const struct interface *interface,
		     const struct declarer *declarer);

/* kld/kld_use.c: adds the uses of a module of FreeBSD. */
void kld_collect(struct usage *usage, const struct module *module);
/* Sets the kernel that the modules of PACKAGE name in their records. False
 * if none does. */
bool kld_built_kernel(struct arena *arena, const struct package *package, struct built *built);

/* The version of the interface against which the package was built. */
struct built built_against(const struct usage *usage, const struct interface *interface,
			   const struct use *use);
/* The version that exists in the world. */
struct built built_provided(const struct usage *usage, const struct use *use);
/* A text such as "kernel 6.6.79-r1" or "module foo 2.1", in ARENA. */
const char *built_text(struct arena *arena, const struct interface *interface,
		       const struct use *use, const struct built *built, bool with_abi);

#endif

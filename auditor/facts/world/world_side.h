/* SPDX-License-Identifier: ISC */
/* world_side - the builds from which the packages of the feeds come, and the facts of
 * each. Private to world*.c. */
#ifndef KMODAUDIT_WORLD_SIDE_H
#define KMODAUDIT_WORLD_SIDE_H

#include "facts/world/world_evidence.h"

/* A layout of struct module, and how many modules have it. */
struct triple {
	struct this_module value;
	size_t count;
};

struct triples {
	struct triple *list;
	size_t count, room;
};

/* What the packages of one build (world_evidence.h) have in common. */
struct side {
	/* "kernel abi 6.6.86-1~e9d2...", "modules of vendor/ that name
	 * no kernel abi" */
	const char *name;
	bool hashed; /* its packages depend on a kernel abi with a hash */
	bool bearing; /* at least one of its packages contains modules or depends on a kernel */
	struct twins twins;
	struct map covered; /* symbols that equal twins import */
	struct map doubted; /* symbols that differing twins import */
	struct triples triples;
	struct strings modules, intree; /* names, sorted */
	struct strings vermagics, releases; /* all that occur, sorted */
	const char *doubled; /* a module that occurs twice with different code, or NULL */
	const struct abi *abi; /* NULL: its packages name none */
	const char *release, *vermagic; /* of the first module that has it */
	struct machine machine;
	struct tie tie; /* to the build's kernel config */
	/* with the image's config; NULL: none, WHY has the reason */
	const struct comparison *comparison;
	/* with a config that was given, but may belong to another build */
	const struct comparison *claimed;
	/* the comparison if something contradicts one of the two configs */
	const struct comparison *disputed;
	const char *why;
	/* equal and other modules of those that the image's own abi has in the feeds,
	 * where the image has none */
	struct twins relatives;
	struct map relatives_covered;
	/* of the sets behind the two hashes; NULL: none, and set_why tells */
	const struct comparison *by_sets;
	const char *set_why;
	const struct config *set_config; /* what is sure of it; NULL: no set */
	struct strings set_against; /* what contradicts the set */
};

/* The facts of PACKAGE's build. */
const struct side *world_side(const struct world *world, const struct package *package);
/* world_builds.c: numbers the builds and makes their sides. */
void world_builds(struct world *world);
/* world_shown.c: collects what the packages of each build show. */
void world_shown(struct world *world);
/* world_ties.c: finds which config belongs to which build, and what contradicts
 * that. */
void world_ties(struct world *world);
/* world_configs.c: what is known of the modules of SIDE, with the layout rules if they
 * are exactly of its series. */
struct config_side world_side_known(const struct world *world, const struct side *side);
/* A module of BUILD imports what only a kernel with an option exports that CONFIG does
 * not have: a clause that says so; NULL if none does. */
const char *world_import_impossible(struct world *world, uint32_t build,
				    const struct config *config);
/* world_sources.c: for an image without modules, compares the modules of each build
 * with those that the feeds have for the image's own kernel abi. */
void world_relatives(struct world *world);

#endif

/* SPDX-License-Identifier: ISC */
/* world_side - the facts of one build. Private to world*.c. */
#ifndef KMODAUDIT_WORLD_SIDE_H
#define KMODAUDIT_WORLD_SIDE_H

#include "facts/world/world_evidence.h"

struct triple {
	struct this_module value;
	size_t count;
};

struct triples {
	struct triple *list;
	size_t count, room;
};

/* The common facts of the packages of one build. Packages belong to the same build if
 * they depend on the same kernel abi by hash; without a hash, if they are in the same
 * feed or folder. Evidence about one build shows nothing about another. */
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

#endif

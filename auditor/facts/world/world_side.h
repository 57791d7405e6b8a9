/* SPDX-License-Identifier: ISC */
/* world_side - one build, with all that its packages show. Private to world*.c. */
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

/* What packages of one build show together. Packages are of one build when they name one kernel
 * abi by its hash; without a hash nothing ties them together but the feed, or the folder, that
 * they came in. Evidence of one build says nothing about another. */
struct side {
	/* "kernel abi 6.6.86-1~e9d2...", "modules of vendor/ that name no kernel abi" */
	const char *name;
	bool hashed; /* its packages name a kernel abi with a hash */
	bool bearing; /* some package of it carries modules or is pinned to a kernel */
	struct twins twins;
	struct map covered; /* what equal twins import */
	struct map doubted; /* what differing ones do */
	struct triples triples;
	struct strings modules, intree; /* names, sorted */
	struct strings vermagics, releases; /* all that are there, sorted */
	const char *doubled; /* a module that is there twice and differs, or NULL */
	const struct abi *abi; /* NULL: they name none */
	const char *release, *vermagic; /* of the first that tells */
	struct machine machine;
	struct tie tie; /* of the build's kernel config */
	/* with the image's config; NULL: none, and why tells */
	const struct comparison *comparison;
	/* the same by a config that is given, but not known to be of this build */
	const struct comparison *claimed;
	/* the same where something contradicts one of the two configs */
	const struct comparison *disputed;
	const char *why;
};

#endif

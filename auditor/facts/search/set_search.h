/* SPDX-License-Identifier: ISC */
/* set_search - finds the one or two changes of a build's choices that give the set with
 * a wanted hash. */
#ifndef KMODAUDIT_SET_SEARCH_H
#define KMODAUDIT_SET_SEARCH_H

#include "facts/search/set_frame.h"

/* A choice, with all others that change with it. */
struct set_atom {
	const char *name; /* "+ kmod-wireguard", "- KERNEL_KALLSYMS", "- CONFIG_CC_IS_GCC=y" */
	struct set_turns turns;
};

struct set_atoms {
	struct set_atom *list; /* the likely ones first */
	size_t count, room;
};

struct set_search {
	const struct set_model *model;
	const struct set_state *base;
	const struct set_atoms *atoms;
	const char *hash; /* 32 hex digits */
	unsigned threads;
	uint64_t skip; /* number of this depth's sets that were tried before */
};

struct set_hit {
	bool found;
	uint32_t atoms[2]; /* those that were turned, as many as the depth, in rising order */
	uint64_t tried; /* sets up to the hit, or all; at most the budget */
};

/* Tries BASE with DEPTH (0, 1, 2) atoms turned, at most BUDGET sets after those that
 * are skipped, in a fixed order: pairs go (0,1) (0,2) (1,2) (0,3) ..., so that all
 * pairs of the first atoms come first. Returns the first hit in that order, for any
 * number of threads. */
struct set_hit set_search(const struct set_search *search, unsigned depth, uint64_t budget);

#endif

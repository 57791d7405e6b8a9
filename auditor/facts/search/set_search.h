/* SPDX-License-Identifier: ISC */
/* set_search - which one or two changes of a build's choices give the set with a wanted hash. */
#ifndef KMODAUDIT_SET_SEARCH_H
#define KMODAUDIT_SET_SEARCH_H

#include "facts/search/set_frame.h"

/* One choice with all that it drags along. */
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
	uint64_t skip; /* so many of the depth's sets were tried before */
};

struct set_hit {
	bool found;
	uint32_t atoms[2]; /* those that were turned, as many as the depth; rising */
	uint64_t tried; /* sets up to the hit, or all: never above the budget */
};

/* Tries BASE with DEPTH (0, 1, 2) atoms turned, in a fixed order, at most BUDGET sets behind those
 * that are skipped: pairs go
 * (0,1) (0,2) (1,2) (0,3) ..., so that all pairs of the first atoms come first. The first hit in
 * that order wins, and is the same for any number of threads. */
struct set_hit set_search(const struct set_search *search, unsigned depth, uint64_t budget);

#endif

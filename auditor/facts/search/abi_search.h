/* SPDX-License-Identifier: ISC */
/* abi_search - tries sets like those of the known builds until one has a wanted hash.
 * Private to facts/search/. */
#ifndef KMODAUDIT_ABI_SEARCH_H
#define KMODAUDIT_ABI_SEARCH_H

#include "facts/search/set_base.h"

/* A base with packages and options that the build may have. */
struct variant {
	const struct set_base *base;
	struct set_state state;
};

struct variants {
	struct variant *list;
	size_t count, room;
};

/* One search. */
struct abi_search {
	struct arena *arena; /* of the search */
	const struct abi_question *question;
	uint64_t tries; /* how many sets may be tried */
	unsigned threads;
	struct set_bases bases;
	size_t left_out; /* other builds that could be bases, above the maximum */
	struct variants variants; /* the likely ones first */
	uint64_t tried; /* how many were */
	bool found;
	const struct set_base *base; /* of the hit */
	struct set_state state; /* likewise */
};

/* Searches near the BASES of SEARCH for a set with the hash of its question. */
void abi_search_run(struct abi_search *search);

#endif

/* SPDX-License-Identifier: ISC */
/* pair_sets - finds the sets behind the abi hashes of an image and its feeds. */
#ifndef KMODAUDIT_PAIR_SETS_H
#define KMODAUDIT_PAIR_SETS_H

#include "commands/gate/pair.h"
#include "facts/world/world_sets.h"

/* Finds the sets of the hashes whose comparison may show something; RET is empty if
 * there are none. */
void pair_sets_find(struct arena *arena, const struct pair *pair, const struct world *world,
		    struct known_sets *ret);

/* True if the lines behind two hashes are known. */
bool sets_comparable(const struct known_sets *sets);

#endif

/* SPDX-License-Identifier: ISC */
/* set_base - the known builds near which a set is searched for, opened for composition. */
#ifndef KMODAUDIT_SET_BASE_H
#define KMODAUDIT_SET_BASE_H

#include "facts/search/abi_identify.h"
#include "facts/search/set_options.h"

enum { SET_BASES = 8 }; /* the most that one search begins at */

struct set_base {
	struct abi_build build;
	struct abi_parts parts;
	struct set_model *model;
	struct set_options options;
	struct set_state official; /* gives the build's own set */
	bool bare; /* no parts: its packages are read off its lines */
};

struct set_bases {
	struct set_base *list;
	size_t count, room;
	struct strings lines; /* of all their sets, sorted, each once */
};

/* The builds most like QUESTION's, the best first: of its target and release, then of that target
 * in other releases of the series, the nearest first, then of its kernel where no target is
 * known; then other builds of that target that are no official ones. */
struct abi_builds set_bases_choose(struct arena *arena, const struct abi_database *database,
				   const struct abi_question *question);
/* Opens BUILDS. Those whose set is not there are left out. */
struct set_bases set_bases_open(struct arena *arena, const struct abi_database *database,
				const struct abi_builds *builds);

#endif

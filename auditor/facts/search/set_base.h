/* SPDX-License-Identifier: ISC */
/* set_base - chooses the known builds near which a set is searched, and prepares them for
 * composition. */
#ifndef KMODAUDIT_SET_BASE_H
#define KMODAUDIT_SET_BASE_H

#include "facts/search/abi_identify.h"
#include "facts/search/set_options.h"

enum { SET_BASES = 8 }; /* the maximum number of builds at which one search begins */

struct set_base {
	struct abi_build build;
	struct abi_parts parts;
	struct set_model *model;
	struct set_options options;
	struct set_state official; /* the choices that give the build's own set */
	bool bare; /* it has no parts: its packages are guessed from its lines */
};

struct set_bases {
	struct set_base *list;
	size_t count, room;
	struct strings lines; /* the lines of all their sets, sorted, without duplicates */
};

/* Returns the builds that are most similar to QUESTION's, the best first: those of its target
 * and release, of that target in other releases of the series (the nearest first), of its kernel
 * if the target is not known, and then builds of that target that are not official. */
struct abi_builds set_bases_choose(struct arena *arena, const struct abi_database *database,
				   const struct abi_question *question);
/* Prepares BUILDS; omits those whose set is not found. */
struct set_bases set_bases_open(struct arena *arena, const struct abi_database *database,
				const struct abi_builds *builds);

#endif

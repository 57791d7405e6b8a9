/* SPDX-License-Identifier: ISC */
/* set_base - chooses the known builds near which a set is searched, and prepares
 * them for composition. */
#ifndef KMODAUDIT_SET_BASE_H
#define KMODAUDIT_SET_BASE_H

#include "facts/search/abi_identify.h"
#include "facts/search/set_options.h"

/* The maximum number of builds at which one search begins: of a known
 * target, of any. */
enum { SET_BASES = 8, SET_BASES_ANY = 32 };

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

/* Returns the builds that are most similar to QUESTION's, the best first: those of its
 * target and release, of that target in other releases of the series (the nearest
 * first), of its kernel and machine if the target is not known, and then builds of that
 * target that are not official. LEFT_OUT gets the number of such builds, with other
 * hashes, above the maximum. */
struct abi_builds set_bases_choose(struct arena *arena, const struct abi_database *database,
				   const struct abi_question *question, size_t *left_out);
/* Returns all official builds that can be QUESTION's by its kernel, its machine and, as
 * far as they are known, its release and target. */
struct abi_builds set_bases_official(struct arena *arena, const struct abi_database *database,
				     const struct abi_question *question);
/* Prepares BUILDS; omits those whose set is not found. */
struct set_bases set_bases_open(struct arena *arena, const struct abi_database *database,
				const struct abi_builds *builds);

#endif

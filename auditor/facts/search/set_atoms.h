/* SPDX-License-Identifier: ISC */
/* set_atoms - lists the single choices in which a build may differ from a base; a
 * search turns one or two of them. */
#ifndef KMODAUDIT_SET_ATOMS_H
#define KMODAUDIT_SET_ATOMS_H

#include "facts/search/set_options.h"

/* Returns the choices that may be turned in STATE, each with a different effect, the
 * likely ones first: options that a user can set, packages that the official build
 * selects and STATE does not, packages that STATE selects, other options, other
 * packages; then single lines: those of LINES (sorted), which similar sets have, each
 * line of STATE removed, each line changed between =y and =m. If NEAR, for another
 * build of the same tree, the packages that STATE selects and its lines come first. */
struct set_atoms set_atoms_of(struct arena *arena, const struct set_options *options,
			      const struct set_state *state, const struct strings *lines,
			      bool near);

#endif

/* SPDX-License-Identifier: ISC */
/* set_atoms - the single choices by which a build may differ from a base: what a search turns. */
#ifndef KMODAUDIT_SET_ATOMS_H
#define KMODAUDIT_SET_ATOMS_H

#include "facts/search/set_options.h"

/* What may be turned of STATE, each with another effect, the likely ones first: options that a
 * user can set, packages that the official build selects and STATE does not, packages that STATE
 * selects, other options, other packages; then single lines: those of LINES, sorted, which sets
 * nearby have, each line of STATE gone, each changed between =y and =m. With NEAR, for a build
 * that is another one of the same tree: first the packages that STATE selects and its lines. */
struct set_atoms set_atoms_of(struct arena *arena, const struct set_options *options,
			      const struct set_state *state, const struct strings *lines,
			      bool near);

#endif

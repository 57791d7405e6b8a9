/* SPDX-License-Identifier: ISC */
/* kept - what the package manager keeps of the image instead of a package of the feeds. */
#ifndef KMODAUDIT_KEPT_H
#define KMODAUDIT_KEPT_H

#include "facts/world/world.h"

/* Why the package manager, asked for the name of PACKAGE, does nothing: one
 * clause; NULL: it installs PACKAGE. */
const char *kept_words(struct arena *arena, const struct world *world,
		       const struct package *package);
/* True if what it keeps is PACKAGE itself: it has the same version, and the proofs
 * HOLDS of PACKAGE show that both are from the image's own build. */
bool kept_is_same(const struct world *world, const struct package *package, const bool *holds);
/* Why a package that needs NEED cannot be installed. NEED is not installed either, for
 * the reason that kept_words() gives. */
const char *kept_need_text(struct arena *arena, const struct world *world,
			   const struct package *need);

#endif

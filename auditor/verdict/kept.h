/* SPDX-License-Identifier: ISC */
/* kept - what the package manager keeps of the image instead of a package of the feeds. */
#ifndef KMODAUDIT_KEPT_H
#define KMODAUDIT_KEPT_H

#include "facts/world/world.h"

/* Why the package manager, asked for the name of PACKAGE, does nothing: one
 * clause; NULL: it installs PACKAGE. */
const char *kept_words(struct arena *arena, const struct world *world,
		       const struct package *package);
/* True if what it then keeps is PACKAGE itself: in this version, of the image's own build
 * by HOLDS, the proofs of PACKAGE. */
bool kept_is_same(const struct world *world, const struct package *package, const bool *holds);
/* Why a package cannot be installed that needs NEED, which is not installed because
 * of kept_words(). */
const char *kept_need_text(struct arena *arena, const struct world *world,
			   const struct package *need);

#endif

/* SPDX-License-Identifier: ISC */
/* identity - what an equal kernel abi proves. Private to checks/. */
#ifndef KMODAUDIT_IDENTITY_H
#define KMODAUDIT_IDENTITY_H

#include "checks/checks.h"

/* True if the image's abi names another release than its kernel has. */
bool abi_stale(const struct image *image);
/* Why an equal kernel abi of the image and PACKAGE proves nothing, according to other
 * packages and the configs: a clause, or NULL. */
const char *identity_doubt(struct arena *arena, const struct world *world,
			   const struct package *package);
/* Which hash a proof by the abi hashes of IMAGE and PACKAGE lacks: a clause, or
 * NULL. */
const char *hash_lacking(const struct image *image, const struct package *package);
/* True if the package shows which kernel it is for: by its modules or by a pin. */
bool package_pinned(const struct package *package);

#endif

/* SPDX-License-Identifier: ISC */
/* identity - what the image's kernel abi is worth. Private to checks/. */
#ifndef KMODAUDIT_IDENTITY_H
#define KMODAUDIT_IDENTITY_H

#include "checks/checks.h"

/* The abi that the image states is of another release than the kernel in it. */
bool abi_stale(const struct image *image);
/* "4.14.275-1~d2e0a589..."; the version alone without hash; NULL when not known. */
const char *abi_text(struct arena *arena, const struct abi *abi);
/* Why the kernel abi that the image and PACKAGE have in common proves nothing for it, as far as
 * other packages and the configs tell: a clause; NULL when nothing speaks against it. */
const char *identity_doubt(struct arena *arena, const struct world *world,
			   const struct package *package);
/* It says for which kernel it is: by modules or by a pin. */
bool package_pinned(const struct package *package);
/* The version in which the image has that package: by its database, else by the manifest; NULL
 * when neither tells. */
const char *image_version(const struct image *image, const char *name);

#endif

/* SPDX-License-Identifier: ISC */
/* world_providers - who of a world declares what for the interfaces of modules, and what its
 * packages were built with. */
#ifndef KMODAUDIT_WORLD_PROVIDERS_H
#define KMODAUDIT_WORLD_PROVIDERS_H

#include "facts/world/world.h"

/* The image, the files that were given, or a package of a feed. */
struct declarer {
	const struct providers *providers;
	const struct package *package; /* NULL: no package */
};

/* PROVIDERS were given by hand; they count as the image's own. To be called before anything is
 * judged. */
void world_declare(struct world *world, const struct providers *providers);

/* Who declares anything that may count for PACKAGE, one after the other: AT starts at 0. False
 * at the end. */
bool world_declarer(const struct world *world, const struct package *package, size_t *at,
		    struct declarer *ret);

/* The package with module NAME that PACKAGE was built together with: of the same feed and
 * kernel abi. NULL when there is none; AMBIGUOUS when there are several and in different
 * versions. */
const struct package *world_built_with(const struct world *world, const struct package *package,
				       const char *name, const struct module **ret,
				       bool *ambiguous);
/* OTHER comes from the build that PACKAGE comes from, as far as feed and kernel abi tell. */
bool world_same_build(const struct world *world, const struct package *package,
		      const struct package *other);
/* The installed package that owns PATH, or NULL. */
const struct package *world_installed_owner(const struct world *world, const char *path);
/* Who of those whom PACKAGE can use exports a symbol in the namespace NAME, the kernel first.
 * False when nobody does. */
bool world_name_space(const struct world *world, const struct package *package, const char *name,
		      struct provider *ret);

#endif

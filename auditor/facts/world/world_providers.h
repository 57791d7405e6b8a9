/* SPDX-License-Identifier: ISC */
/* world_providers - the provider statements that apply in a world, and the packages
 * that were built together. */
#ifndef KMODAUDIT_WORLD_PROVIDERS_H
#define KMODAUDIT_WORLD_PROVIDERS_H

#include "facts/world/world.h"

/* Who makes statements: the image, the files that were given, or a package
 * of a feed. */
struct declarer {
	const struct providers *providers;
	const struct package *package; /* NULL: not a package */
};

/* Adds statements that the user gave. They count as the image's own. Must be called
 * before anything is judged. */
void world_declare(struct world *world, const struct providers *providers);

/* Iterates over those whose statements may apply to PACKAGE. AT starts at 0. False
 * at the end. */
bool world_declarer(const struct world *world, const struct package *package, size_t *at,
		    struct declarer *ret);

/* The package with module NAME that was built together with PACKAGE: it is in the same
 * feed and for the same kernel abi. NULL if there is none, or if there are several in
 * different versions; then AMBIGUOUS is set. */
const struct package *world_built_with(const struct world *world, const struct package *package,
				       const char *name, const struct module **ret,
				       bool *ambiguous);
/* True if OTHER and PACKAGE come from the same build, as far as feed and
 * kernel abi show. */
bool world_same_build(const struct world *world, const struct package *package,
		      const struct package *other);
/* The installed package that owns the file PATH, or NULL. */
const struct package *world_installed_owner(const struct world *world, const char *path);
/* Finds an exporter of a symbol in namespace NAME that PACKAGE can use, the kernel
 * first. False if there is none. */
bool world_name_space(const struct world *world, const struct package *package, const char *name,
		      struct provider *ret);

/* The first module NAME of PACKAGE, which is one of the world's, or NULL. Takes the same time for
 * any number of modules. */
const struct module *world_module_of(const struct world *world, const struct package *package,
				     const char *name);

#endif

/* SPDX-License-Identifier: ISC */
/* world_kld - what the kernel linker of a FreeBSD image does with the modules
 * of a package. */
#ifndef KMODAUDIT_WORLD_KLD_H
#define KMODAUDIT_WORLD_KLD_H

#include "facts/linker/linker_trial.h"
#include "facts/world/world.h"

/* The files and interfaces of the world; NULL if its image is not of FreeBSD. */
const struct linker *world_linker(const struct world *world);
/* Loads MODULE of PACKAGE (NULL: of the image) on the image with PACKAGE and all
 * packages that it depends on installed; others of its world count where nothing else
 * does. The result is in ARENA; NULL if MODULE is not of FreeBSD. */
const struct linker_trial *world_try(struct arena *arena, const struct world *world,
				     const struct package *package, const struct module *module);
/* The same for a MODULE of the image, after PACKAGE was installed with what it depends
 * on, and nothing else. */
const struct linker_trial *world_try_installed(struct arena *arena, const struct world *world,
					       const struct package *package,
					       const struct module *module);
/* True if a module of the image that loads takes the symbol NAME from the kernel. */
bool world_taken(const struct world *world, const char *name);
/* A module of the image or of PACKAGE's world that defines the symbol NAME; NULL
 * if none does. */
const struct module *world_definer(const struct world *world, const struct package *package,
				   const char *name);

#endif

/* SPDX-License-Identifier: ISC */
/* Computes for each package which installed one it replaces, and which symbols and modules the
 * image's other modules lose by it. */
#include "checks/state/state_parts.h"

#include <stdlib.h>
#include <string.h>

/* By symbol, the image's modules that import it; by module name, those with it in depends=.
 * what: struct module. */
struct replacing {
	struct states *states;
	struct chains importers, dependents;
	struct arena scratch;
};

static bool same_file(const struct module *a, const struct module *b)
{
	return a->path && b->path && strcmp(a->path, b->path) == 0;
}

static const struct module *module_at(const struct package *package, const struct module *module)
{
	array_each(own, &package->modules)
		if (same_file(own, module))
			return own;
	return NULL;
}

/* True if MODULE of the image is overwritten by PACKAGE, or removed with OLD, whose file list is
 * known. */
static bool is_replaced(const struct package *package, const struct package *old,
			const struct module *module)
{
	const struct strings *files = &old->files;

	return module_at(package, module) != NULL ||
	       (module->path && files->count > 0 &&
		bsearch(&module->path, files->list, files->count, sizeof *files->list,
			strings_compare));
}

static const struct export *export_of(const struct package *package, const char *name)
{
	array_each(module, &package->modules) {
		const struct export *export = exports_find(&module->exports, name);

		if (export)
			return export;
	}
	return NULL;
}

static const struct import *import_of(const struct module *module, const char *name)
{
	array_each(import, &module->imports)
		if (strcmp(import->name, name) == 0)
			return import;
	return NULL;
}

enum refusal export_refuses(const struct world *world, const struct module *user,
			    const struct import *import, const struct export *export)
{
	struct crc crc = import_crc(import, image_versions(world_image(world), user));

	if (crc.known && export->has_crc && crc.value != export->crc)
		return REFUSAL_CRC;
	if (export->gpl_only && !module_is_gpl(user))
		return REFUSAL_GPL;
	return name_space_admits(world, user, export->name_space) ? REFUSAL_NONE
								  : REFUSAL_NAMESPACE;
}

/* True if the kernel, or another module of the image that stays, exports NAME as well. */
static bool exported_otherwise(const struct image *image, const struct package *package,
			       const struct package *old, const char *name)
{
	if (image->kernel && exports_find(&image->kernel->exports.table, name))
		return true;
	array_each(module, &image->modules)
		if (!is_replaced(package, old, module) && exports_find(&module->exports, name))
			return true;
	return false;
}

static void symbol_replace(struct replacing *replacing, size_t index, const struct module *from,
			   const struct export *export)
{
	struct states *states = replacing->states;
	const struct package *package = world_package(states->world, index),
			     *old = states->replaced[index];
	const struct export *now = export_of(package, export->name);
	struct losses *losses = &states->losses[index];

	for (const struct link *link = chains_first(&replacing->importers, export->name);
	     link && losses->count < LOSSES_MOST; link = chains_next(&replacing->importers, link)) {
		const struct module *user = link->what;
		const struct import *import = import_of(user, export->name);
		enum refusal refusal;

		if (!import || import->weak || is_replaced(package, old, user))
			continue;
		refusal = now ? export_refuses(states->world, user, import, now) : REFUSAL_NONE;
		/* it is no loss if USER could not use the old export either */
		if (now ? refusal == REFUSAL_NONE ||
				    export_refuses(states->world, user, import, export) == refusal
			: exported_otherwise(world_image(states->world), package, old,
					     export->name))
			continue;
		*array_add(states->arena, losses) = (struct lost){user, from, import, now, refusal};
	}
}

static bool module_called(const struct modules *modules, const char *name)
{
	array_each(module, modules)
		if (strcmp(module->name, name) == 0)
			return true;
	return false;
}

/* Records modules with FROM in depends=, if no module with that name remains: the loader
 * searches for it even if another module exports the symbols. */
static void name_replace(struct replacing *replacing, size_t index, const struct module *from)
{
	struct states *states = replacing->states;
	const struct package *package = world_package(states->world, index),
			     *old = states->replaced[index];
	struct losses *losses = &states->losses[index];

	if (module_called(&package->modules, from->name))
		return;
	for (const struct link *link = chains_first(&replacing->dependents, from->name);
	     link && losses->count < LOSSES_MOST; link = chains_next(&replacing->dependents, link))
		if (!is_replaced(package, old, link->what))
			*array_add(states->arena, losses) =
				(struct lost){.user = link->what, .from = from};
}

static void package_replace(struct replacing *replacing, size_t index)
{
	const struct image *image = world_image(replacing->states->world);
	const struct package *package = world_package(replacing->states->world, index);

	array_each(module, &image->modules) {
		const struct module *own = module_at(package, module);

		if (module->problem ||
		    !is_replaced(package, replacing->states->replaced[index], module) ||
		    (own && sha256_equal(&own->file, &module->file)))
			continue;
		array_each(export, &module->exports)
			symbol_replace(replacing, index, module, export);
		name_replace(replacing, index, module);
	}
}

static void importers_collect(struct replacing *replacing)
{
	array_each(module, &world_image(replacing->states->world)->modules) {
		if (module->problem)
			continue;
		array_each(import, &module->imports)
			chains_add(&replacing->importers, &replacing->scratch, import->name, 0,
				   module);
		for (size_t i = 0; i < module->modinfo.depends.count; i++)
			chains_add(&replacing->dependents, &replacing->scratch,
				   module->modinfo.depends.list[i], 0, module);
	}
}

void states_replace(struct states *states)
{
	size_t count = world_count(states->world);
	struct replacing replacing = {.states = states};

	states->replaced = arena_get(states->arena, (count + 1) * sizeof *states->replaced);
	states->losses = arena_get(states->arena, (count + 1) * sizeof *states->losses);
	importers_collect(&replacing);
	for (size_t i = 0; i < count; i++) {
		uint32_t at = map_get(&states->rows, world_package(states->world, i)->name);

		if (at == MAP_NONE || world_package(states->world, i)->problem)
			continue;
		states->replaced[i] = &states->installed->list[at];
		package_replace(&replacing, i);
	}
	arena_free(&replacing.scratch);
}

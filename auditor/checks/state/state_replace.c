/* SPDX-License-Identifier: ISC */
/* Computes for each package which installed one it replaces, and which symbols and
 * modules the image's other modules lose by it. */
#include "checks/state/state_taken.h"
#include "facts/package/package_file.h"

#include <string.h>

/* By symbol, the image's modules that import it; by module name, those with it in
 * depends=, and those that have it. what: struct module. */
struct replacing {
	struct states *states;
	struct chains importers, dependents, named;
	struct arena scratch;
};

enum { REMOVED_MOST = 8 };

/* Installed packages that a package takes the place of, so that their files go. */
struct removed {
	const struct package *list[REMOVED_MOST];
	size_t count;
};

static bool in_updates(const struct module *module)
{
	const char *at = module->path ? strstr(module->path, "lib/modules/") : NULL;

	at = at ? strchr(at + strlen("lib/modules/"), '/') : NULL;
	return at && strncmp(at, "/updates/", strlen("/updates/")) == 0;
}

/* How OWN, a module of a package, relates to MODULE of the image with the same
 * name and for the same release. A bare module is loaded instead of it. Of
 * files in two folders kmodloader reads only the one directly in the release's
 * folder; depmod of kmod takes the one in updates/, else whichever it reads
 * last (tools/depmod.c, depmod_module_is_higher_priority). */
static enum override override_by(const struct image *image, const struct package *package,
				 const struct module *own, const struct module *module)
{
	if (package->origin == PACKAGE_BARE_MODULE)
		return OVERRIDE_SURE;
	if (!span_equal(release_of_path(own->path), release_of_path(module->path)) ||
	    !module_file_found(image, own))
		return OVERRIDE_NONE;
	if (in_updates(own) == in_updates(module))
		return OVERRIDE_MAYBE;
	return in_updates(own) ? OVERRIDE_SURE : OVERRIDE_NONE;
}

enum override module_overridden(const struct image *image, const struct package *package,
				const struct module *module)
{
	enum override override = OVERRIDE_NONE;

	if (!module->path || !module_is_running(image, module))
		return OVERRIDE_NONE;
	array_each(own, &package->modules) {
		enum override by = OVERRIDE_NONE;

		if (own->path && strcmp(own->path, module->path) == 0)
			return OVERRIDE_SURE;
		if (own->path && strcmp(own->name, module->name) == 0)
			by = override_by(image, package, own, module);
		if (by > override)
			override = by;
	}
	return override;
}

/* Whether MODULE of the image is gone once PACKAGE is installed: overwritten or hidden
 * by one of its modules, or removed with another package, whose file list is known. */
static enum override gone(const struct image *image, const struct package *package,
			  const struct removed *removed, const struct module *module)
{
	for (size_t i = 0; i < removed->count && module->path; i++)
		if (strings_find(&removed->list[i]->files, module->path))
			return OVERRIDE_SURE;
	return module_overridden(image, package, module);
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

/* The state of replacing one module of the image by one package. */
struct exchange {
	size_t index; /* of the package */
	struct removed removed;
	const struct module *from;
	bool sure;
};

static bool user_stays(const struct replacing *replacing, const struct exchange *exchange,
		       const struct module *user)
{
	const struct world *world = replacing->states->world;

	return gone(world_image(world), world_package(world, exchange->index), &exchange->removed,
		    user) != OVERRIDE_SURE;
}

static void symbol_replace(struct replacing *replacing, const struct exchange *exchange,
			   const struct export *export)
{
	struct states *states = replacing->states;
	const struct package *package = world_package(states->world, exchange->index);
	const struct image *image = world_image(states->world);
	const struct export *now = NULL;
	struct losses *losses = &states->losses[exchange->index];

	array_each(own, &package->modules)
		now = now ? now : exports_find(&own->exports, export->name);

	for (const struct link *link = chains_first(&replacing->importers, export->name);
	     link && losses->count < LOSSES_MOST; link = chains_next(&replacing->importers, link)) {
		const struct module *user = link->what;
		const struct import *import = imports_find(&user->imports, export->name);
		enum refusal refusal = REFUSAL_NONE;

		if (!import || import->weak || !user_stays(replacing, exchange, user))
			continue;
		if (now) {
			refusal = export_refuses(states->world, user, import, now);
			/* it is no loss if USER could not use the old export either */
			if (refusal == REFUSAL_NONE ||
			    export_refuses(states->world, user, import, export) == refusal)
				continue;
		} else if ((image->kernel &&
			    exports_find(&image->kernel->exports.table, export->name)) ||
			   array_any(module, &image->modules,
				     exports_find(&module->exports, export->name) &&
					     gone(image, package, &exchange->removed, module) ==
						     OVERRIDE_NONE)) {
			/* the kernel, or another module of the image that stays, exports it */
			continue;
		}
		*array_add(states->arena, losses) = (struct lost){
			user, exchange->from, import, now, refusal, .sure = exchange->sure};
	}
}

/* Records what is lost with MODULE of the image. */
static void module_replace(struct replacing *replacing, struct exchange *exchange,
			   const struct module *module)
{
	struct states *states = replacing->states;
	const struct world *world = states->world;
	const struct package *package = world_package(world, exchange->index);
	const struct module *own = package_module(package, module->name);
	enum override override = gone(world_image(world), package, &exchange->removed, module);

	if (module->problem || override == OVERRIDE_NONE ||
	    (own && sha256_equal(&own->file, &module->file)))
		return;
	exchange->from = module;
	exchange->sure = override == OVERRIDE_SURE;
	array_each(export, &module->exports) {
		symbol_replace(replacing, exchange, export);
		taken_note(states, exchange->index, export, exchange->sure);
	}
	if (own)
		return;

	/* no module with that name remains: the loader searches for it even if another module
	 * exports the symbols */
	struct losses *losses = &states->losses[exchange->index];
	for (const struct link *link = chains_first(&replacing->dependents, module->name);
	     link && losses->count < LOSSES_MOST; link = chains_next(&replacing->dependents, link))
		if (user_stays(replacing, exchange, link->what))
			*array_add(states->arena, losses) = (struct lost){
				.user = link->what, .from = module, .sure = exchange->sure};
}

static void package_replace(struct replacing *replacing, size_t index)
{
	struct states *states = replacing->states;
	const struct package *package = world_package(states->world, index);
	struct exchange exchange = {.index = index};
	struct removed *removed = &exchange.removed;
	uint32_t at = map_get(&states->rows, package->name);

	if (at != MAP_NONE)
		removed->list[removed->count++] = &states->installed->list[at];
	if (package->apk)
		array_each(row, states->installed)
			if (strcmp(row->name, package->name) != 0 &&
			    removed->count < REMOVED_MOST && package_removes(package, row))
				removed->list[removed->count++] = row;
	array_each(formula, &package->replaces)
		array_each(named, formula) {
			at = map_get(&states->rows, named->name);
			if (!package->apk && at != MAP_NONE && removed->count < REMOVED_MOST &&
			    &states->installed->list[at] != removed->list[0] &&
			    package_removes(package, &states->installed->list[at]))
				removed->list[removed->count++] = &states->installed->list[at];
		}
	if (removed->count > 0) {
		array_each(module, &world_image(states->world)->modules)
			module_replace(replacing, &exchange, module);
		return;
	}
	array_each(own, &package->modules)
		for (const struct link *link = chains_first(&replacing->named, own->name); link;
		     link = chains_next(&replacing->named, link))
			module_replace(replacing, &exchange, link->what);
}

void states_replace(struct states *states)
{
	size_t count = world_count(states->world);
	struct replacing replacing = {.states = states};
	struct arena *scratch = &replacing.scratch;

	states->replaced = arena_get(states->arena, (count + 1) * sizeof *states->replaced);
	states->losses = arena_get(states->arena, (count + 1) * sizeof *states->losses);
	states->takes = arena_get(states->arena, (count + 1) * sizeof *states->takes);
	array_each(module, &world_image(states->world)->modules) {
		if (module->problem)
			continue;
		chains_add(&replacing.named, scratch, module->name, 0, module);
		array_each(import, &module->imports)
			chains_add(&replacing.importers, scratch, import->name, 0, module);
		array_each(name, &module->modinfo.depends)
			chains_add(&replacing.dependents, scratch, *name, 0, module);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t at = map_get(&states->rows, world_package(states->world, i)->name);

		if (world_package(states->world, i)->problem)
			continue;
		if (at != MAP_NONE)
			states->replaced[i] = &states->installed->list[at];
		package_replace(&replacing, i);
	}
	taken_uses(states);
	arena_free(&replacing.scratch);
}

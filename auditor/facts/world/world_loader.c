/* SPDX-License-Identifier: ISC */
/* Finds who provides an import of a module: the kernel, a module reached through depends=, one
 * loaded at boot, or one that nothing loads (ubox kmodloader.c). */
#include "facts/world/world_parts.h"

#include <string.h>

/* The number of modules that are looked up through depends=, directly and indirectly. */
enum { DEPENDS_MOST = 1024 };

struct search {
	const struct world *world;
	const char *name; /* of the symbol */
	unsigned left;
};

static bool module_exports(const struct provider *module, const char *name, struct provider *ret)
{
	const struct export *export = exports_find(&module->module->exports, name);

	if (export)
		*ret = (struct provider){
			.export = export, .module = module->module, .package = module->package};
	return export != NULL;
}

/* Searches the modules in depends= first, then theirs: modpost lists in depends= all modules
 * that a module imports from. */
static bool depends_export(struct search *search, const struct package *package,
			   const struct module *module, struct provider *ret)
{
	const struct strings *depends = &module->modinfo.depends;
	struct provider needed;

	for (size_t i = 0; i < depends->count && search->left > 0; i++, search->left--)
		if (world_module(search->world, package, depends->list[i], &needed) &&
		    needed.module != module && module_exports(&needed, search->name, ret))
			return true;
	for (size_t i = 0; i < depends->count && search->left > 0; i++, search->left--)
		if (world_module(search->world, package, depends->list[i], &needed) &&
		    needed.module != module &&
		    depends_export(search, needed.package ? needed.package : package, needed.module,
				   ret))
			return true;
	return false;
}

/* True if a module in AUTOLOADS, or in the depends= of one, exports the symbol. */
static bool autoload_export(struct search *search, const struct package *package,
			    const struct autoloads *autoloads, struct provider *ret)
{
	struct provider loaded;

	array_each(autoload, autoloads) {
		if (search->left == 0 ||
		    !world_module(search->world, package, autoload->module, &loaded))
			continue;
		search->left--;
		if (module_exports(&loaded, search->name, ret) ||
		    depends_export(search, loaded.package ? loaded.package : package, loaded.module,
				   ret))
			return true;
	}
	return false;
}

/* Searches the modules that are loaded at boot by the image, by PACKAGE or by a package
 * installed with it, whatever depends= says. Their order does not matter, because kmodloader
 * retries modules that failed after loading the others (ubox kmodloader.c, load_modprobe). */
static bool boot_export(struct search *search, const struct package *package, struct provider *ret)
{
	const struct world *world = search->world;

	if (autoload_export(search, package, &package->autoload, ret) ||
	    autoload_export(search, package, &world->image->autoload, ret))
		return true;
	for (const struct link *link = chains_first(&world->symbols, search->name); link;
	     link = chains_next(&world->symbols, link)) {
		const struct package *other = ((const struct provider *)link->what)->package;

		if (other && other->autoload.count > 0 && world_sees_link(world, package, link) &&
		    world_comes_with(world, package, other) &&
		    autoload_export(search, package, &other->autoload, ret))
			return true;
	}
	return false;
}

bool world_import(const struct world *world, const struct package *package,
		  const struct module *module, const char *name, struct provider *ret)
{
	const struct link *first = chains_first(&world->symbols, name);
	struct search search = {world, name, DEPENDS_MOST};

	if (!first)
		return false;
	if (first->who == WHO_KERNEL) {
		*ret = *(const struct provider *)first->what;
		return true;
	}
	if (module && depends_export(&search, package, module, ret))
		return true;
	search.left = DEPENDS_MOST;
	if (boot_export(&search, package, ret))
		return true;
	if (!world_export(world, package, name, ret))
		return false;
	ret->loose = true;
	return true;
}

static void linux_suppliers(struct arena *arena, const struct world *world,
			    const struct package *package, const struct module *module,
			    struct suppliers *ret)
{
	struct provider provider;

	array_each(import, &module->imports)
		if (world_import(world, package, module, import->name, &provider) &&
		    !provider.loose)
			*array_add(arena, ret) = provider;
	for (size_t i = 0; i < module->modinfo.depends.count; i++)
		if (world_module(world, package, module->modinfo.depends.list[i], &provider))
			*array_add(arena, ret) = provider;
}

struct suppliers world_suppliers(struct arena *arena, const struct world *world,
				 const struct package *package, const struct module *module)
{
	static void (*const collect[LOADER_COUNT])(struct arena *, const struct world *,
						   const struct package *, const struct module *,
						   struct suppliers *) = {
		[LOADER_LINUX] = linux_suppliers, [LOADER_FREEBSD] = kld_suppliers};
	struct suppliers suppliers = {0};

	collect[world->image->loader](arena, world, package, module, &suppliers);
	return suppliers;
}

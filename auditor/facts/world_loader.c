#include "facts/world_parts.h"

#include <string.h>

/* So many names are looked up on the way through depends= of depends=. */
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
		*ret = (struct provider){.export = export, .module = module->module, .package = module->package};
	return export != NULL;
}

/* First those that depends= names, then those that theirs name: modpost writes all that a module imports from into its own. */
static bool depends_export(struct search *search, const struct package *package, const struct module *module,
			   struct provider *ret)
{
	const struct strings *depends = &module->modinfo.depends;
	struct provider needed;

	for (size_t i = 0; i < depends->count && search->left > 0; i++, search->left--)
		if (world_module(search->world, package, depends->list[i], &needed) && needed.module != module &&
		    module_exports(&needed, search->name, ret))
			return true;
	for (size_t i = 0; i < depends->count && search->left > 0; i++, search->left--)
		if (world_module(search->world, package, depends->list[i], &needed) && needed.module != module &&
		    depends_export(search, needed.package ? needed.package : package, needed.module, ret))
			return true;
	return false;
}

static bool autoloads_name(const struct autoloads *autoloads, const char *module)
{
	array_each(autoload, autoloads)
		if (strcmp(autoload->module, module) == 0)
			return true;
	return false;
}

/* At boot, whatever depends= says. kmodloader tries what failed again when all others are loaded (ubox kmodloader.c, load_modprobe), so
 * the order does not matter. */
static bool loaded_at_boot(const struct world *world, const struct package *package, const struct provider *provider)
{
	const char *name = provider->module->name;

	if (!provider->package)
		return autoloads_name(&world->image->autoload, name);
	return autoloads_name(&provider->package->autoload, name) &&
	       world_comes_with(world, package, provider->package);
}

static bool boot_export(const struct world *world, const struct package *package, const char *name,
			struct provider *ret)
{
	for (const struct link *link = chains_first(&world->symbols, name); link;
	     link = chains_next(&world->symbols, link)) {
		const struct provider *provider = link->what;

		if ((provider->package == package || world_sees_link(world, package, link)) &&
		    loaded_at_boot(world, package, provider)) {
			*ret = *provider;
			return true;
		}
	}
	return false;
}

bool world_import(const struct world *world, const struct package *package, const struct module *module,
		  const char *name, struct provider *ret)
{
	const struct link *first = chains_first(&world->symbols, name);
	struct search search = {world, name, DEPENDS_MOST};

	if (!first)
		return false;
	if (first->who == WHO_KERNEL) {
		*ret = *(const struct provider *)first->what;
		return true;
	}
	if ((module && depends_export(&search, package, module, ret)) || boot_export(world, package, name, ret))
		return true;
	if (!world_export(world, package, name, ret))
		return false;
	ret->loose = true;
	return true;
}

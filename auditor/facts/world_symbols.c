#include "facts/world_parts.h"

#include <string.h>

/* Of one package in several versions the newest is what a package manager installs. */
static bool sees_link(const struct world *world, const struct package *package, const struct link *link)
{
	return link->who >= world->members.count ||
	       (!world->members.list[link->who].superseded && world_sees(world, package, link->who));
}

bool world_export(const struct world *world, const struct package *package, const char *name, struct provider *ret)
{
	const struct provider *best = NULL;

	for (const struct link *link = chains_first(&world->symbols, name); link;
	     link = chains_next(&world->symbols, link)) {
		const struct provider *provider = link->what;

		if (provider->package == package) {
			best = provider;
			break;
		}
		if (!best && sees_link(world, package, link))
			best = provider;
	}
	if (best)
		*ret = *best;
	return best != NULL;
}

const struct package *world_export_elsewhere(const struct world *world, const struct package *package, const char *name)
{
	for (const struct link *link = chains_first(&world->symbols, name); link;
	     link = chains_next(&world->symbols, link))
		if (!sees_link(world, package, link))
			return ((const struct provider *)link->what)->package;
	return NULL;
}

size_t world_exporters(const struct world *world, const struct package *package, const char *name,
		       struct provider *list, size_t room)
{
	size_t count = 0;

	for (const struct link *link = chains_first(&world->symbols, name); link && count < room;
	     link = chains_next(&world->symbols, link))
		if (sees_link(world, package, link))
			list[count++] = *(const struct provider *)link->what;
	return count;
}

static const struct package *package_of(const struct world *world, const struct link *link)
{
	return link->who < world->members.count ? world->members.list[link->who].package : NULL;
}

bool world_module(const struct world *world, const struct package *package, const char *name, struct provider *ret)
{
	const struct link *best = NULL;

	for (const struct link *link = chains_first(&world->modules, name); link;
	     link = chains_next(&world->modules, link)) {
		if (package_of(world, link) == package) {
			best = link;
			break;
		}
		if (!best && sees_link(world, package, link))
			best = link;
	}
	if (!best)
		return false;
	*ret = (struct provider){.module = best->what, .package = package_of(world, best)};
	return true;
}

bool world_builtin(const struct world *world, const char *name)
{
	const struct strings *builtin = &world->image->builtin;

	return builtin->count > 0 &&
	       bsearch(&name, builtin->list, builtin->count, sizeof *builtin->list, strings_compare) != NULL;
}

bool world_depends_there(const struct world *world, const struct package *package, const struct module *module)
{
	const struct strings *depends = &module->modinfo.depends;
	struct provider provider;

	for (size_t i = 0; i < depends->count; i++)
		if (!world_module(world, package, depends->list[i], &provider) &&
		    !world_builtin(world, depends->list[i]))
			return false;
	return true;
}

const struct module *world_twin(const struct world *world, const struct module *module)
{
	const struct modules *own = &world->image->modules;
	bool of_image = own->count > 0 && module >= own->list && module < own->list + own->count;

	for (const struct link *link = chains_first(&world->modules, module->name); link;
	     link = chains_next(&world->modules, link))
		if ((link->who == WHO_IMAGE) != of_image)
			return link->what;
	return NULL;
}

size_t world_owners(const struct world *world, const struct package *package, const char *path,
		    const struct package **list, size_t room)
{
	size_t count = 0;

	for (const struct link *link = chains_first(&world->files, path); link && count < room;
	     link = chains_next(&world->files, link))
		if (link->what != package && sees_link(world, package, link))
			list[count++] = link->what;
	return count;
}

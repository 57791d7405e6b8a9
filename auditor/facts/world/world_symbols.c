/* SPDX-License-Identifier: ISC */
/* Looks up exports, modules, twins and file owners in the world and chooses the
 * provider nearest to the asking package. */
#include "facts/world/world_parts.h"
#include "facts/world/world_shared.h"

#include <string.h>

/* A superseded version does not count, because the package manager installs
 * the newest one. */
bool world_sees_link(const struct world *world, const struct package *package,
		     const struct link *link)
{
	return link->who >= world->members.count || (!world->members.list[link->who].superseded &&
						     world_sees(world, package, link->who));
}

/* How near a provider is to PACKAGE; the nearest is chosen. */
enum nearness {
	NEAR_OWN,
	NEAR_KERNEL,
	NEAR_NAMED_NEEDED, /* in depends=, and in a package that PACKAGE depends on */
	NEAR_NAMED,
	NEAR_NEEDED,
	NEAR_IMAGE,
	NEAR_OTHER,
	NEAR_NOBODY
};

/* The number of dependencies that are followed to choose between several providers. */
enum { NEEDED_MOST = 256 };

static bool needed_have(const uint32_t *list, size_t count, uint32_t who)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == who)
			return true;
	return false;
}

/* Collects PACKAGE and the packages that it depends on, the nearest first.
 * Returns their number. */
static size_t needed_collect(const struct world *world, const struct package *package,
			     uint32_t *list)
{
	size_t count = 0;

	list[count++] = (uint32_t)world_index(world, package);
	for (size_t i = 0; i < count; i++) {
		struct span_indexes needs = world_needed(world, list[i]);

		for (size_t j = 0; j < needs.count && count < NEEDED_MOST; j++)
			if (!needed_have(list, count, needs.list[j]))
				list[count++] = needs.list[j];
	}
	return count;
}

/* The state of choosing between several providers. */
struct asking {
	const struct world *world;
	const struct package *package;
	const struct strings *named; /* the depends= of the importing module, or NULL */
	uint32_t needed[NEEDED_MOST];
	size_t needed_count; /* 0: not collected yet */
};

static bool is_needed(struct asking *asking, uint32_t who)
{
	if (asking->needed_count == 0)
		asking->needed_count =
			needed_collect(asking->world, asking->package, asking->needed);
	return needed_have(asking->needed, asking->needed_count, who);
}

static const struct package *package_of(const struct world *world, const struct link *link)
{
	return link->who < world->members.count ? world->members.list[link->who].package : NULL;
}

static bool named_have(const struct strings *named, const char *name)
{
	for (size_t i = 0; named && i < named->count; i++)
		if (strcmp(named->list[i], name) == 0)
			return true;
	return false;
}

static enum nearness nearness_of(struct asking *asking, const struct link *link,
				 const struct module *module)
{
	bool member = link->who < asking->world->members.count;

	if (package_of(asking->world, link) == asking->package)
		return NEAR_OWN;
	if (link->who == WHO_KERNEL)
		return NEAR_KERNEL;
	if (member && is_needed(asking, link->who))
		return module && named_have(asking->named, module->name) ? NEAR_NAMED_NEEDED
									 : NEAR_NEEDED;
	if (member && !world_sees_link(asking->world, asking->package, link))
		return NEAR_NOBODY;
	if (module && named_have(asking->named, module->name))
		return NEAR_NAMED;
	return member ? NEAR_OTHER : NEAR_IMAGE;
}

/* The nearest link of a chain; the first, if several are equally near. */
static const struct link *nearest(const struct chains *chains, const struct link *first,
				  struct asking *asking, bool modules)
{
	const struct link *best = NULL;
	enum nearness least = NEAR_NOBODY;

	for (const struct link *link = first; link && least > NEAR_OWN;
	     link = chains_next(chains, link)) {
		const struct module *module =
			modules ? link->what : ((const struct provider *)link->what)->module;
		enum nearness near = nearness_of(asking, link, module);

		if (near < least) {
			least = near;
			best = link;
		}
	}
	return best;
}

static const struct link *link_choose(const struct chains *chains, const struct link *first,
				      const struct world *world, const struct package *package,
				      const struct strings *named, bool modules)
{
	if (first && !chains_next(chains, first))
		return package_of(world, first) == package || world_sees_link(world, package, first)
			       ? first
			       : NULL;

	struct asking asking = {.world = world, .package = package, .named = named};
	return nearest(chains, first, &asking, modules);
}

bool world_export(const struct world *world, const struct package *package, const char *name,
		  struct provider *ret)
{
	const struct link *link = link_choose(&world->symbols, chains_first(&world->symbols, name),
					      world, package, NULL, false);

	if (link)
		*ret = *(const struct provider *)link->what;
	return link != NULL;
}

bool world_comes_with(const struct world *world, const struct package *package,
		      const struct package *other)
{
	struct asking asking = {.world = world, .package = package};

	return other == package || is_needed(&asking, (uint32_t)world_index(world, other));
}

const struct package *world_ordering(const struct world *world, const struct package *package,
				     size_t *at)
{
	while (*at < world->ordering.count) {
		const struct package *other = world->ordering.list[(*at)++];

		if (world_comes_with(world, package, other))
			return other;
	}
	return NULL;
}

bool world_proprietary(const struct world *world)
{
	return world->proprietary;
}

const struct package *world_export_elsewhere(const struct world *world,
					     const struct package *package, const char *name)
{
	for (const struct link *link = chains_first(&world->symbols, name); link;
	     link = chains_next(&world->symbols, link))
		if (!world_sees_link(world, package, link))
			return ((const struct provider *)link->what)->package;
	return NULL;
}

size_t world_exporters(const struct world *world, const struct package *package, const char *name,
		       struct provider *list, size_t room)
{
	size_t count = 0;

	for (const struct link *link = chains_first(&world->symbols, name); link && count < room;
	     link = chains_next(&world->symbols, link))
		if (world_sees_link(world, package, link))
			list[count++] = *(const struct provider *)link->what;
	return count;
}

bool world_module(const struct world *world, const struct package *package, const char *name,
		  struct provider *ret)
{
	const struct link *best = link_choose(&world->modules, chains_first(&world->modules, name),
					      world, package, NULL, true);

	if (!best)
		return false;
	*ret = (struct provider){.module = best->what, .package = package_of(world, best)};
	return true;
}

const char *world_builtin_option(const struct world *world, const char *name)
{
	const struct config *config = world->image->config;
	const struct module_options *options = world->layout.modules;
	struct module_option found;

	if (!config || world->image_against.count > 0 ||
	    !module_option_listed(options, config, name, &found) || !found.value ||
	    strcmp(found.value, "y") != 0 || option_outside(options, found.option))
		return NULL;
	return found.option;
}

bool world_builtin(const struct world *world, const char *name)
{
	return strings_find(&world->image->builtin, name) || world_builtin_option(world, name);
}

bool world_depends_there(const struct world *world, const struct package *package,
			 const struct module *module)
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
		if (link->what != package && world_sees_link(world, package, link))
			list[count++] = link->what;
	return count;
}

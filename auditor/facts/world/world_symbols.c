/* SPDX-License-Identifier: ISC */
/* Looks up exports, modules, twins and file owners in the world and chooses the
 * provider nearest to the asking package. */
#include "facts/world/world_parts.h"
#include "facts/world/world_providers.h"
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
enum nearness { NEAR_OWN, NEAR_KERNEL, NEAR_NEEDED, NEAR_IMAGE, NEAR_OTHER, NEAR_NOBODY };

/* The state of choosing between several providers. */
struct asking {
	const struct world *world;
	const struct package *package;
	struct company company; /* of PACKAGE; collected when it is first needed */
};

static const struct package *package_of(const struct world *world, const struct link *link)
{
	return link->who < world->members.count ? world->members.list[link->who].package : NULL;
}

static enum nearness nearness_of(struct asking *asking, const struct link *link)
{
	if (package_of(asking->world, link) == asking->package)
		return NEAR_OWN;
	if (link->who == WHO_KERNEL)
		return NEAR_KERNEL;
	if (link->who == WHO_IMAGE)
		return NEAR_IMAGE;
	if (asking->company.count == 0)
		world_company(asking->world, asking->package, &asking->company);
	if (company_has(&asking->company, link->who))
		return NEAR_NEEDED;
	return world_sees_link(asking->world, asking->package, link) ? NEAR_OTHER : NEAR_NOBODY;
}

/* The nearest link of KEY; the first, if several are equally near; NULL: PACKAGE sees
 * none. */
static const struct link *nearest(const struct world *world, const struct chains *chains,
				  const char *key, const struct package *package)
{
	const struct link *best = NULL, *first = chains_first(chains, key);
	enum nearness least = NEAR_NOBODY;

	/* most names have one provider; what PACKAGE needs matters then only if a newer version
	 * of that one has not got it */
	if (first && !chains_next(chains, first) &&
	    (first->who >= world->members.count || !world->members.list[first->who].superseded))
		return package_of(world, first) == package || world_sees_link(world, package, first)
			       ? first
			       : NULL;

	struct asking asking = {.world = world, .package = package};
	for (const struct link *link = first; link && least > NEAR_OWN;
	     link = chains_next(chains, link)) {
		enum nearness near = nearness_of(&asking, link);

		if (near < least) {
			least = near;
			best = link;
		}
	}
	return best;
}

bool world_export(const struct world *world, const struct package *package, const char *name,
		  struct provider *ret)
{
	const struct link *link = nearest(world, &world->symbols, name, package);

	if (link)
		*ret = *(const struct provider *)link->what;
	return link != NULL;
}

bool world_comes_with(const struct world *world, const struct package *package,
		      const struct package *other)
{
	struct company company;

	if (other == package)
		return true;
	world_company(world, package, &company);
	return company_has(&company, (uint32_t)world_index(world, other));
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
	const struct link *link = nearest(world, &world->modules, name, package);

	if (link)
		*ret = (struct provider){.module = link->what, .package = package_of(world, link)};
	return link != NULL;
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

	const struct link *link = chains_first(&world->modules, module->name);

	/* those of the image are in front of those of packages */
	while (of_image && link && link->who == WHO_IMAGE)
		link = chains_next(&world->modules, link);
	return link && (link->who == WHO_IMAGE) != of_image ? link->what : NULL;
}

const struct module *world_module_of(const struct world *world, const struct package *package,
				     const char *name)
{
	const struct modules *own = &package->modules;

	for (const struct link *link = chains_first(&world->modules, name); link;
	     link = chains_next(&world->modules, link)) {
		const struct module *module = link->what;

		if (own->count > 0 && module >= own->list && module < own->list + own->count)
			return module;
	}
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

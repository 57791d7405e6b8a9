/* SPDX-License-Identifier: ISC */
/* Lists who declares supported builds for a package, and finds the package it was built
 * with and who exports a namespace. */
#include "facts/world/world_providers.h"
#include "facts/package/package_file.h"
#include "facts/world/world_parts.h"

#include <string.h>

void world_declare(struct world *world, const struct providers *providers)
{
	world->declared = providers;
}

void world_declarers(struct world *world)
{
	world->declarers =
		arena_get(world->arena, (world->members.count + 1) * sizeof *world->declarers);
	for (uint32_t who = 0; who < world->members.count; who++)
		if (world->members.list[who].package->providers)
			world->declarers[world->declarer_count++] = who;
}

/* True if WHO counts for PACKAGE. Of several versions of a package only the newest
 * does, because a package manager installs that one. */
static bool counts(const struct world *world, const struct package *package, uint32_t who)
{
	const struct member *member = &world->members.list[who];

	return member->package == package ||
	       (!member->superseded && world_sees(world, package, who));
}

/* AT is 0 for the image, 1 for the files that were given, then 2 +
 * index in DECLARERS. */
bool world_declarer(const struct world *world, const struct package *package, size_t *at,
		    struct declarer *ret)
{
	const struct providers *first[] = {&world->image->providers, world->declared};

	while (*at < 2) {
		*ret = (struct declarer){.providers = first[(*at)++]};
		if (ret->providers)
			return true;
	}
	while (*at - 2 < world->declarer_count) {
		uint32_t who = world->declarers[(*at)++ - 2];

		if (!counts(world, package, who))
			continue;
		ret->package = world->members.list[who].package;
		ret->providers = ret->package->providers;
		return true;
	}
	return false;
}

bool world_same_build(const struct world *world, const struct package *package,
		      const struct package *other)
{
	uint32_t own = world->members.list[world_index(world, package)].group;

	return own != GROUP_NONE && other->feed == package->feed &&
	       world->members.list[world_index(world, other)].group == own;
}

const struct package *world_built_with(const struct world *world, const struct package *package,
				       const char *name, const struct module **ret, bool *ambiguous)
{
	const struct package *found = NULL;

	*ambiguous = false;
	for (const struct link *link = chains_first(&world->modules, name); link;
	     link = chains_next(&world->modules, link)) {
		if (link->who >= world->members.count)
			continue;

		const struct package *other = world->members.list[link->who].package;
		if (other == package || !world_same_build(world, package, other))
			continue;
		*ambiguous |= found && package_versions(found, other) != 0;
		if (!found)
			*ret = link->what;
		found = found ? found : other;
	}
	return found;
}

const struct package *world_installed_owner(const struct world *world, const char *path)
{
	for (const struct link *link = chains_first(&world->files, path); link;
	     link = chains_next(&world->files, link))
		if (link->who == WHO_IMAGE)
			return link->what;
	return NULL;
}

static bool exports_name_space(const struct exports *exports, const char *name,
			       struct provider *ret)
{
	array_each(export, exports)
		if (export->name_space && strcmp(export->name_space, name) == 0) {
			ret->export = export;
			return true;
		}
	return false;
}

static bool modules_name_space(const struct modules *modules, const char *name,
			       struct provider *ret)
{
	array_each(module, modules)
		if (exports_name_space(&module->exports, name, ret)) {
			ret->module = module;
			return true;
		}
	return false;
}

bool world_name_space(const struct world *world, const struct package *package, const char *name,
		      struct provider *ret)
{
	const struct image *image = world->image;

	*ret = (struct provider){0};
	if ((image->kernel && exports_name_space(&image->kernel->exports.table, name, ret)) ||
	    modules_name_space(&image->modules, name, ret))
		return true;
	for (uint32_t who = 0; who < world->members.count; who++) {
		const struct member *member = &world->members.list[who];

		if (!counts(world, package, who) ||
		    !modules_name_space(&member->package->modules, name, ret))
			continue;
		ret->package = member->package;
		return true;
	}
	return false;
}

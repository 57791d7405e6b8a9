/* SPDX-License-Identifier: ISC */
/* Determines which feed packages a package needs, by Depends, imports, depends= and softdep,
 * directly and through others. */
#include "verdict/judged.h"

static int index_compare(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

bool indexes_have(const struct indexes *indexes, size_t wanted)
{
	array_each(index, indexes)
		if (*index == wanted)
			return true;
	return false;
}

static void needs_add(struct arena *arena, const struct world *world, const struct package *package,
		      const struct package *other, struct indexes *needs)
{
	if (!other || other == package)
		return;

	size_t index = world_index(world, other);
	if (index >= world_count(world) || world_package(world, index) != other)
		return;
	if (!indexes_have(needs, index))
		*array_add(arena, needs) = index;
}

static void module_needs(struct arena *arena, const struct world *world,
			 const struct package *package, const struct module *module,
			 struct indexes *needs)
{
	struct provider provider;

	array_each(import, &module->imports)
		if (world_import(world, package, module, import->name, &provider) &&
		    !provider.loose)
			needs_add(arena, world, package, provider.package, needs);
	for (size_t i = 0; i < module->modinfo.depends.count; i++)
		if (world_module(world, package, module->modinfo.depends.list[i], &provider))
			needs_add(arena, world, package, provider.package, needs);
}

struct indexes needs_direct(struct arena *arena, const struct world *world,
			    const struct package *package)
{
	struct span_indexes depends = world_needed(world, world_index(world, package));
	struct indexes needs = {0};

	for (size_t i = 0; i < depends.count; i++)
		needs_add(arena, world, package, world_package(world, depends.list[i]), &needs);
	array_each(module, &package->modules)
		module_needs(arena, world, package, module, &needs);
	array_sort(&needs, index_compare);
	return needs;
}

struct indexes needs_soft(struct arena *arena, const struct world *world,
			  const struct package *package)
{
	struct provider provider;
	struct indexes soft = {0};

	array_each(module, &package->modules)
		for (size_t i = 0; i < module->modinfo.softdep_pre.count && i < SOFTDEP_MOST; i++)
			if (softdep_find(arena, world, package, module->modinfo.softdep_pre.list[i],
					 &provider))
				needs_add(arena, world, package, provider.package, &soft);
	return soft;
}

void needs_settle(struct arena *arena, struct judged *judged, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		array_each(soft, &judged[i].soft)
			if (judged[*soft].verdict == VERDICT_SAFE &&
			    !indexes_have(&judged[i].needs, *soft))
				*array_add(arena, &judged[i].needs) = *soft;
		array_sort(&judged[i].needs, index_compare);
	}
}

struct indexes needs_closure(struct arena *arena, const struct judged *judged, size_t index,
			     size_t *seen, size_t stamp)
{
	struct indexes found = {0};

	*array_add(arena, &found) = index;
	seen[index] = stamp;
	for (size_t i = 0; i < found.count; i++) {
		const struct indexes *needs = &judged[found.list[i]].needs;

		for (size_t j = 0; j < needs->count; j++) {
			if (seen[needs->list[j]] == stamp ||
			    judged[needs->list[j]].verdict == VERDICT_INSTALLED)
				continue;
			seen[needs->list[j]] = stamp;
			*array_add(arena, &found) = needs->list[j];
		}
	}
	found.list++;
	found.count--;
	found.room = found.count;
	array_sort(&found, index_compare);
	return found;
}

/* SPDX-License-Identifier: ISC */
/* Determines which feed packages a package needs, by Depends, imports, depends= and
 * softdep, directly and through others. */
#include "verdict/judged.h"

static int number_compare(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void indexes_sort(struct indexes *indexes)
{
	array_sort(indexes, number_compare);
}

void indexes_unique(struct indexes *indexes)
{
	size_t kept = 0;

	indexes_sort(indexes);
	array_each(index, indexes)
		if (kept == 0 || indexes->list[kept - 1] != *index)
			indexes->list[kept++] = *index;
	indexes->count = kept;
}

bool indexes_have(const struct indexes *indexes, size_t wanted)
{
	return array_any(index, indexes, *index == wanted);
}

static void needs_add(struct arena *arena, const struct world *world, const struct package *package,
		      const struct package *other, struct indexes *needs)
{
	if (!other || other == package)
		return;

	size_t index = world_index(world, other);
	if (index < world_count(world) && world_package(world, index) == other)
		*array_add(arena, needs) = index;
}

struct indexes needs_direct(struct arena *arena, const struct world *world,
			    const struct package *package)
{
	struct span_indexes depends = world_needed(world, world_index(world, package));
	struct indexes needs = {0};

	for (size_t i = 0; i < depends.count; i++)
		needs_add(arena, world, package, world_package(world, depends.list[i]), &needs);
	array_each(module, &package->modules) {
		_cleanup_arena_ struct arena scratch = {0};
		struct suppliers suppliers = world_suppliers(&scratch, world, package, module);

		array_each(provider, &suppliers)
			needs_add(arena, world, package, provider->package, &needs);
	}
	indexes_unique(&needs);
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
	indexes_unique(&soft);
	return soft;
}

void needs_settle(struct arena *arena, struct judged *judged, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		array_each(soft, &judged[i].soft)
			if (judged[*soft].verdict == VERDICT_SAFE &&
			    !indexes_have(&judged[i].needs, *soft))
				*array_add(arena, &judged[i].needs) = *soft;
		indexes_sort(&judged[i].needs);
	}
}

bool is_related(const struct world *world, const struct package *package)
{
	return package->problem || world_related(world, package);
}

const struct indexes **needs_shown(struct arena *arena, const struct judged *judged, size_t count)
{
	const struct indexes **shown = arena_get(arena, (count + 1) * sizeof *shown);

	for (size_t i = 0; i < count; i++) {
		struct indexes *own = arena_new(arena, struct indexes);

		array_each(need, &judged[i].needs)
			if (judged[*need].verdict != VERDICT_INSTALLED)
				*array_add(arena, own) = *need;
		shown[i] = own;
	}
	return shown;
}

struct strings needs_names(struct arena *arena, const struct world *world,
			   const struct indexes *indexes)
{
	struct strings names = {0};

	array_each(index, indexes)
		*array_add(arena, &names) = world_package(world, *index)->name;
	strings_unique(&names);
	return names;
}

/* All that FOUND uses, directly and through others, behind what is in it; sorted. */
static struct indexes follow(struct arena *arena, const struct verdicts *verdicts,
			     struct indexes found)
{
	_cleanup_arena_ struct arena scratch = {0};
	bool *seen = arena_get(&scratch, world_count(verdicts->world) + 1);
	size_t given = found.count;

	array_each(index, &found)
		seen[*index] = true;
	for (size_t i = 0; i < found.count; i++) {
		const struct indexes *uses = verdicts->uses[found.list[i]];

		for (size_t j = 0; j < uses->count; j++)
			if (!seen[uses->list[j]]) {
				seen[uses->list[j]] = true;
				*array_add(arena, &found) = uses->list[j];
			}
	}

	struct indexes more = {array_from(&found, given), found.count - given, found.count - given};

	indexes_sort(&more);
	return more;
}

struct neededs needs_beside(struct arena *arena, const struct verdicts *verdicts,
			    const struct judged *judged, const struct indexes *made)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct indexes found = {0}, more;
	struct neededs needed = {0};

	array_append(&scratch, &found, made);
	more = follow(&scratch, verdicts, found);
	array_each(index, &more)
		*array_add(arena, &needed) = (struct needed){
			world_package(verdicts->world, *index), judged[*index].verdict,
			needs_names(arena, verdicts->world, verdicts->uses[*index])};
	return needed;
}

struct strings verdicts_closure(struct arena *arena, const struct verdicts *verdicts,
				const struct result *result)
{
	struct indexes found = {0}, more;

	*array_add(arena, &found) = world_index(verdicts->world, result->package);
	more = follow(arena, verdicts, found);
	return needs_names(arena, verdicts->world, &more);
}

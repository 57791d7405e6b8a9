/* SPDX-License-Identifier: ISC */
/* Finds the packages that state_check can have something to say about, or that it asks
 * for. All others are left out of the states, which otherwise grow with the square of
 * a chain's length. */
#include "checks/state/state_parts.h"

struct mattering {
	const struct states *states;
	struct arena scratch;
	/* names that state_check looks up in a state: of packages,
	 * modules and symbols */
	struct map names;
	bool losses; /* there are names of modules and symbols */
	bool *ret; /* by package of the world */
};

static void names_add(struct mattering *mattering, const struct formula *formula)
{
	array_each(need, formula)
		map_put(&mattering->names, &mattering->scratch, need->name, 0);
}

/* A package NAME replaces another version of itself. The packages that ask for a version of it
 * matter, and so do the names of what would satisfy them instead. */
static void exchange_note(struct mattering *mattering, const char *name)
{
	const struct states *states = mattering->states;

	for (const struct link *link = chains_first(&states->dependents, name); link;
	     link = chains_next(&states->dependents, link))
		names_add(mattering, link->what);
	for (const struct link *link = chains_first(&states->askers, name); link;
	     link = chains_next(&states->askers, link)) {
		mattering->ret[link->who] = true;
		names_add(mattering, link->what);
	}
}

static bool has_loss(const struct mattering *mattering, const struct package *package)
{
	if (!mattering->losses)
		return false;
	array_each(module, &package->modules) {
		if (map_get(&mattering->names, module->name) != MAP_NONE)
			return true;
		array_each(export, &module->exports)
			if (map_get(&mattering->names, export->name) != MAP_NONE)
				return true;
	}
	return false;
}

/* True if PACKAGE names a conflict, or is named in one. */
static bool may_conflict(const struct states *states, const struct package *package)
{
	if (package->conflicts.count > 0 || chains_first(&states->conflicts, package->name))
		return true;
	array_each(formula, &package->provides)
		array_each(provided, formula)
			if (chains_first(&states->conflicts, provided->name))
				return true;
	return false;
}

const bool *states_matter(struct arena *arena, const struct states *states)
{
	size_t count = world_count(states->world);
	struct mattering mattering = {.states = states, .ret = arena_get(arena, count + 1)};
	size_t *versions = arena_get(&mattering.scratch, (count + 1) * sizeof *versions);
	struct map exchanged = {0};

	for (size_t i = 0; i < count; i++) {
		const char *name = world_package(states->world, i)->name;

		versions[map_get(&states->names, name)]++;
		/* another package may have what the modules of the image lose */
		array_each(lost, &states->losses[i]) {
			mattering.losses = true;
			map_put(&mattering.names, &mattering.scratch,
				lost->import ? lost->import->name : lost->from->name, 0);
		}
		if (is_exchange(states, i) &&
		    map_put(&exchanged, &mattering.scratch, name, (uint32_t)i) == i)
			exchange_note(&mattering, name);
	}
	for (size_t i = 0; i < count; i++) {
		const struct package *package = world_package(states->world, i);
		bool alone = versions[map_get(&states->names, package->name)] == 1;

		mattering.ret[i] = mattering.ret[i] || !alone || states->uses[i].count > 0 ||
				   states->takes[i].count > 0 || states->shared.of[i].count > 0 ||
				   states->losses[i].count > 0 ||
				   map_get(&states->rows, package->name) != MAP_NONE ||
				   map_get(&mattering.names, package->name) != MAP_NONE ||
				   may_conflict(states, package) || provides_matter(states, i) ||
				   has_loss(&mattering, package);
	}
	arena_free(&mattering.scratch);
	return mattering.ret;
}

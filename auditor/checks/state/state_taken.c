/* SPDX-License-Identifier: ISC */
/* Finds symbols that a package of the feeds takes from a module of the image, and that are gone
 * once another package of the state replaces that module. */
#include "checks/state/state_taken.h"

/* The links that are followed for one symbol; those of hostile names are many. */
enum { STEPS_MOST = 1 << 16 };

void taken_note(struct states *states, size_t index, const struct export *export, bool sure)
{
	struct taken *taken = arena_new(states->arena, struct taken);

	*taken = (struct taken){.export = export, .sure = sure};
	chains_add(&states->takers, states->arena, export->name, (uint32_t)index, taken);
	*array_add(states->arena, &states->takes[index]) = export->name;
}

static void package_uses(struct states *states, size_t index)
{
	const struct package *package = world_package(states->world, index);

	array_each(module, &package->modules)
		array_each(import, &module->imports) {
			struct use *use;

			if (module->problem || import->weak ||
			    !chains_first(&states->takers, import->name))
				continue;
			use = arena_new(states->arena, struct use);
			*use = (struct use){.module = module, .import = import};
			chains_add(&states->users, states->arena, import->name, (uint32_t)index,
				   use);
			states->uses[index] = true;
		}
}

void taken_uses(struct states *states)
{
	states->uses = arena_get(states->arena, world_count(states->world) + 1);
	for (size_t i = 0; states->takers.count > 0 && i < world_count(states->world); i++)
		package_uses(states, i);
}

/* True if USE finds its symbol in a package of STATE or in the kernel. */
static bool is_found(const struct state *state, const struct use *use)
{
	const struct world *world = state->states->world;
	const struct kernel *kernel = world_image(world)->kernel;
	const struct export *export;
	uint32_t at = 0;
	size_t who;

	if (kernel && exports_find(&kernel->exports.table, use->import->name))
		return true;
	for (size_t i = 0;
	     i < NAMINGS_MOST && world_exporting(world, use->import->name, &at, &who, &export); i++)
		if (state_has(state, who) &&
		    export_refuses(world, use->module, use->import, export) == REFUSAL_NONE)
			return true;
	return false;
}

/* True if USE of package USER loses to package TAKER, which are both in the state. It is no
 * loss if USER cannot use the image's own symbol either: that is a finding of its own. */
static bool is_taken(const struct state *state, const struct use *use, size_t user,
		     const struct taken *taken, size_t taker)
{
	return user != taker && state_has(state, user) && state_has(state, taker) &&
	       export_refuses(state->states->world, use->module, use->import, taken->export) ==
		       REFUSAL_NONE &&
	       !is_found(state, use);
}

static bool name_taken(const struct state *state, const char *name, size_t user, size_t taker,
		       struct robbed *ret)
{
	const struct states *states = state->states;
	size_t steps = 0;

	for (const struct link *a = chains_first(&states->users, name); a && steps++ < STEPS_MOST;
	     a = chains_next(&states->users, a)) {
		if (user != SIZE_MAX && a->who != user)
			continue;
		for (const struct link *b = chains_first(&states->takers, name);
		     b && steps++ < STEPS_MOST; b = chains_next(&states->takers, b))
			if ((taker == SIZE_MAX || b->who == taker) &&
			    is_taken(state, a->what, a->who, b->what, b->who)) {
				*ret = (struct robbed){a->who, b->who, a->what, b->what};
				return true;
			}
	}
	return false;
}

bool taken_from(const struct state *state, size_t index, struct robbed *ret)
{
	const struct states *states = state->states;
	const struct package *package = world_package(states->world, index);

	array_each(name, &states->takes[index])
		if (name_taken(state, *name, SIZE_MAX, index, ret))
			return true;
	if (!states->uses[index])
		return false;
	array_each(module, &package->modules)
		array_each(import, &module->imports)
			if (name_taken(state, import->name, index, SIZE_MAX, ret))
				return true;
	return false;
}

const char *robbed_text(struct arena *arena, const struct world *world, const struct robbed *robbed)
{
	const struct package *user = world_package(world, robbed->user),
			     *taker = world_package(world, robbed->taker);

	return arena_format(
		arena,
		"module %s of %s takes %s from the image's module, which %s %s replaces: "
		"then it does not get that symbol in the version that it was built with",
		robbed->use->module->name, user->name, robbed->use->import->name, taker->name,
		taker->version ? taker->version : "");
}

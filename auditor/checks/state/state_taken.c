/* SPDX-License-Identifier: ISC */
/* Finds symbols that a package of the feeds takes from a module of the image, and that are gone
 * once another package of the state replaces that module. */
#include "checks/state/state_taken.h"

/* The links that are followed for one symbol; those of hostile names are many. What would come
 * behind them counts as taken, but not surely. */
enum { STEPS_MOST = 1 << 12 };

void taken_note(struct states *states, size_t index, const struct export *export, bool sure)
{
	struct taken *taken = arena_new(states->arena, struct taken);

	*taken = (struct taken){.export = export, .sure = sure};
	chains_add(&states->takers, states->arena, export->name, (uint32_t)index, taken);
	*array_add(states->arena, &states->takes[index]) = taken;
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
			*array_add(states->arena, &states->uses[index]) = use;
		}
}

void taken_uses(struct states *states)
{
	states->uses =
		arena_get(states->arena, (world_count(states->world) + 1) * sizeof *states->uses);
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

static bool robbed_set(size_t user, size_t taker, const struct use *use, const struct taken *taken,
		       struct robbed *ret)
{
	*ret = (struct robbed){user, taker, use, taken};
	return true;
}

/* True if a package in STATE takes what package USER USEs. */
static bool use_taken(const struct state *state, size_t user, const struct use *use,
		      struct robbed *ret)
{
	static const struct taken unsure;
	const struct chains *takers = &state->states->takers;
	size_t steps = 0;

	for (const struct link *link = chains_first(takers, use->import->name); link;
	     link = chains_next(takers, link)) {
		if (is_taken(state, use, user, link->what, link->who))
			return robbed_set(user, link->who, use, link->what, ret);
		if (++steps == STEPS_MOST)
			return robbed_set(user, link->who, use, &unsure, ret);
	}
	return false;
}

/* True if package TAKER, which is in STATE, has TAKEN what a package in STATE uses. */
static bool taken_used(const struct state *state, size_t taker, const struct taken *taken,
		       struct robbed *ret)
{
	static const struct taken unsure;
	const struct chains *users = &state->states->users;
	size_t steps = 0;

	for (const struct link *link = chains_first(users, taken->export->name); link;
	     link = chains_next(users, link)) {
		if (is_taken(state, link->what, link->who, taken, taker))
			return robbed_set(link->who, taker, link->what, taken, ret);
		if (state_has(state, link->who) && ++steps == STEPS_MOST)
			return robbed_set(link->who, taker, link->what, &unsure, ret);
	}
	return false;
}

bool taken_from(const struct state *state, size_t index, struct robbed *ret)
{
	const struct states *states = state->states;

	array_each(taken, &states->takes[index])
		if (taken_used(state, index, *taken, ret))
			return true;
	array_each(use, &states->uses[index])
		if (use_taken(state, index, *use, ret))
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

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

void taken_uses(struct states *states)
{
	struct arena *arena = states->arena;
	size_t count = world_count(states->world);

	states->uses = arena_get(arena, (count + 1) * sizeof *states->uses);
	for (size_t i = 0; states->takers.count > 0 && i < count; i++)
		array_each(module, &world_package(states->world, i)->modules)
			array_each(import, &module->imports) {
				if (module->problem || import->weak ||
				    !chains_first(&states->takers, import->name))
					continue;

				struct use *use = arena_new(arena, struct use);
				*use = (struct use){.module = module, .import = import};
				chains_add(&states->users, arena, import->name, (uint32_t)i, use);
				*array_add(arena, &states->uses[i]) = use;
			}
}

bool state_exports(const struct state *state, const struct module *user,
		   const struct import *import)
{
	const struct world *world = state->states->world;
	const struct export *export;
	uint32_t at = 0;
	size_t who;

	for (size_t i = 0;
	     i < NAMINGS_MOST && world_exporting(world, import->name, &at, &who, &export); i++)
		if (state_has(state, who) &&
		    export_refuses(world, user, import, export) == REFUSAL_NONE)
			return true;
	return false;
}

/* True if a package in STATE takes the symbol NAME that package INDEX USEs or, if USE is
 * NULL, uses what package INDEX has TAKEN, and neither the kernel nor another package gives
 * that. It is no loss if the user cannot use the image's own symbol either: that is a
 * finding of its own. */
static bool symbol_taken(const struct state *state, size_t index, const char *name,
			 const struct use *use, const struct taken *taken, struct robbed *ret)
{
	static const struct taken unsure;
	const struct states *states = state->states;
	const struct kernel *kernel = world_image(states->world)->kernel;
	const struct chains *others = use ? &states->takers : &states->users;
	size_t steps = 0;

	for (const struct link *link = chains_first(others, name); link;
	     link = chains_next(others, link)) {
		struct robbed robbed = use ? (struct robbed){index, link->who, use, link->what}
					   : (struct robbed){link->who, index, link->what, taken};
		const struct module *module = robbed.use->module;
		const struct import *import = robbed.use->import;
		bool lost = robbed.user != robbed.taker && state_has(state, robbed.user) &&
			    state_has(state, robbed.taker) &&
			    export_refuses(states->world, module, import, robbed.taken->export) ==
				    REFUSAL_NONE &&
			    !(kernel && exports_find(&kernel->exports.table, import->name)) &&
			    !state_exports(state, module, import);

		/* of the users only those in the state count */
		if (!lost && (use || state_has(state, link->who)) && ++steps == STEPS_MOST) {
			robbed.taken = &unsure;
			lost = true;
		}
		if (lost) {
			*ret = robbed;
			return true;
		}
	}
	return false;
}

bool taken_from(const struct state *state, size_t index, struct robbed *ret)
{
	const struct states *states = state->states;

	array_each(taken, &states->takes[index])
		if (symbol_taken(state, index, (*taken)->export->name, NULL, *taken, ret))
			return true;
	array_each(use, &states->uses[index])
		if (symbol_taken(state, index, (*use)->import->name, *use, NULL, ret))
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

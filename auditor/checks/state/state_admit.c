/* SPDX-License-Identifier: ISC */
/* Puts a list of packages into a state, all or none: none may clash, and no dependency
 * may lose the version it asks for. */
#include "checks/state/state_taken.h"

#include <string.h>

bool formula_met(const struct state *state, const struct formula *formula)
{
	array_each(need, formula) {
		const struct package *in = state_named(state, need->name);
		const struct package *there =
			in ? NULL : world_installed(state->states->world, need, false);

		if (in ? package_satisfies(in, need) : there && !state_named(state, there->name))
			return true;
	}
	return false;
}

bool is_exchange(const struct states *states, size_t index)
{
	const struct package *old = states->replaced[index];
	const struct package *package = world_package(states->world, index);

	return old && old->version && package->version &&
	       strcmp(old->version, package->version) != 0;
}

uint32_t exchange_of(const struct state *state, const char *name)
{
	uint32_t number = map_get(&state->states->names, name);

	if (number == MAP_NONE || state->name_stamp[number] != state->stamp ||
	    !is_exchange(state->states, state->named[number]))
		return MAP_NONE;
	return state->named[number];
}

/* True if package INDEX, or one in the state, requires a version that is no longer
 * there because a package in the state replaces it. */
static bool asker_unmet(const struct state *state, size_t index, size_t *with,
			const struct formula **ret)
{
	const struct states *states = state->states;
	const struct package *package = world_package(states->world, index);
	const struct link *link = chains_first(&states->askers, package->name);

	for (size_t i = 0; link && i < NAMINGS_MOST; i++, link = chains_next(&states->askers, link))
		if (state_has(state, link->who) && !formula_met(state, link->what)) {
			*with = link->who;
			*ret = link->what;
			return true;
		}
	array_each(formula, &package->depends)
		array_each(need, formula) {
			uint32_t other = need->relation == RELATION_ANY || formula->optional
						 ? MAP_NONE
						 : exchange_of(state, need->name);

			if (other == MAP_NONE || formula_met(state, formula))
				continue;
			*with = other;
			*ret = formula;
			return true;
		}
	return false;
}

static bool all_met(struct arena *arena, const struct state *state, const size_t *list,
		    size_t count, size_t *with, const char **text)
{
	const struct world *world = state->states->world;
	const struct formula *formula;
	struct robbed robbed;

	for (size_t i = 0; i < count; i++) {
		if (taken_from(state, list[i], &robbed)) {
			*with = robbed.user == list[i] ? robbed.taker : robbed.user;
			*text = robbed_text(arena, world, &robbed);
			return false;
		}
		if (!asker_unmet(state, list[i], with, &formula))
			continue;
		*text = arena_format(arena,
				     "%s and %s cannot both be installed: one of them needs %s",
				     world_package(world, list[i])->name,
				     world_package(world, *with)->name, formula->text);
		return false;
	}
	return true;
}

bool state_admit(struct arena *arena, struct state *state, const size_t *list, size_t count,
		 size_t *with, const char **text)
{
	struct clash clash;
	size_t before = state->count;
	bool good = true;

	for (size_t i = 0; i < count && good; i++) {
		if (state_has(state, list[i]))
			continue;
		good = !state_clashes(state, list[i], &clash);
		if (!good) {
			*with = clash.with;
			*text = clash_text(arena, state->states->world, list[i], &clash);
			break;
		}
		state_put(state, list[i]);
	}
	if (good && all_met(arena, state, list, count, with, text))
		return true;
	while (state->count > before) {
		const struct states *states = state->states;
		size_t index = state->list[--state->count];
		uint32_t name = map_get(&states->names, world_package(states->world, index)->name);

		state->in[index] = 0;
		if (state->named[name] == index)
			state->name_stamp[name] = 0;
		array_each(share, &states->shared.of[index])
			if (state->holder[share->number] == index)
				state->held[share->number] = 0;
	}
	return false;
}

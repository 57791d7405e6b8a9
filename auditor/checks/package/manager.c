/* SPDX-License-Identifier: ISC */
/* Shares the steps of the opkg and apk simulations: the list of packages that come
 * along, candidates, and the search for the dependency that is missing. */
#include "checks/package/manager.h"
#include "checks/proof/identity.h"

#include <string.h>

bool play_end(struct playing *playing, enum answer answer, const char *text)
{
	playing->ret.answer = answer;
	playing->ret.text = text;
	return false;
}

bool play_has(const struct playing *playing, uint32_t index)
{
	return array_any(one, playing, *one == index);
}

bool play_add(struct playing *playing, uint32_t index)
{
	if (playing->count == COMPANY_MOST)
		return play_end(playing, ANSWER_UNKNOWN,
				arena_format(playing->arena,
					     "it would pull in more than %d packages",
					     COMPANY_MOST));
	playing->list[playing->count++] = index;
	return true;
}

struct answering manager_answers(struct arena *arena, const struct states *states,
				 const struct package *package)
{
	return package->apk ? apk_answers(arena, states, package)
			    : opkg_answers(arena, states, package);
}

const struct package *manager_named(const struct states *states, const struct package *package,
				    bool *lacks)
{
	const struct dependency need = {.name = package->name, .apk = package->apk};
	const struct package *best = NULL;
	uint32_t at = 0;
	size_t other;

	for (size_t i = 0;
	     i < NAMINGS_MOST && world_named(states->world, package->name, &at, &other); i++) {
		const struct package *one = world_package(states->world, other);

		if (strcmp(one->name, package->name) != 0 ||
		    !manager_may_choose(states->world, one, &need, NULL) ||
		    package_versions(one, best ? best : package) <= 0)
			continue;
		best = one;
		*lacks = states->lacks[other] != 0;
	}
	return best;
}

const struct package *manager_instead(struct arena *arena, const struct states *states,
				      const struct package *package)
{
	const struct states *all = states->listed ? states->listed : states;
	bool lacks = false;
	const struct package *named = manager_named(all, package, &lacks);
	size_t number;

	if (!named || lacks || manager_answers(arena, all, named).answer == ANSWER_REFUSES)
		return NULL;
	number = (size_t)(named - world_feeds(all->world)->list[named->feed].packages.list);
	return named->absent ? named
			     : &world_feeds(states->world)->list[named->feed].packages.list[number];
}

bool manager_answers_listed(struct arena *arena, const struct states *states,
			    const struct package *package, enum answer own, struct answering *ret)
{
	const struct feed *feed = &world_feeds(states->world)->list[package->feed];
	const struct feed *listed;

	if (!states->listed)
		return false;
	listed = &world_feeds(states->listed->world)->list[package->feed];
	*ret = manager_answers(arena, states->listed,
			       &listed->packages.list[package - feed->packages.list]);
	return ret->answer != own;
}

const char *play_absent(const struct playing *playing)
{
	struct strings names = {0};

	for (size_t i = 0; i < playing->count; i++)
		if (play_member(playing, i)->absent)
			*array_add(playing->arena, &names) = play_member(playing, i)->name;
	return names.count > 0 ? strings_join(playing->arena, &names, 6) : NULL;
}

const struct package *play_member(const struct playing *playing, size_t at)
{
	return world_package(playing->states->world, playing->list[at]);
}

bool play_meets(const struct playing *playing, const struct dependency *need)
{
	return array_any(index, playing,
			 package_satisfies(world_package(playing->states->world, *index), need));
}

const struct package *installed_row(const struct states *states, const char *name)
{
	uint32_t at = map_get(&states->rows, name);

	return at == MAP_NONE ? NULL : &states->installed->list[at];
}

const struct package *installed_provider(const struct states *states, const struct package *package)
{
	const struct dependency need = {.name = package->name, .apk = package->apk};
	const struct package *row = installed_row(states, package->name)
					    ? NULL
					    : world_installed(states->world, &need, false);

	return row && row->apk == package->apk ? row : NULL;
}

bool names_package(const struct formulas *formulas, const char *name)
{
	array_each(formula, formulas)
		array_each(one, formula)
			if (strcmp(one->name, name) == 0)
				return true;
	return false;
}

const struct package *play_candidate(const struct playing *playing, const struct dependency *need,
				     play_fits *fits, play_better *better)
{
	const struct states *states = playing->states;
	const struct package *best = NULL;
	uint32_t at = 0;
	size_t other;

	for (size_t i = 0; i < NAMINGS_MOST && world_named(states->world, need->name, &at, &other);
	     i++) {
		const struct package *one = world_package(states->world, other);

		if (!replacer_of(states, one) &&
		    manager_may_choose(states->world, one, need, playing->package) &&
		    (!fits || fits(playing, one, states->lacks[other] != 0)) &&
		    (!best || better(best, one, need->name)))
			best = one;
	}
	return best;
}

bool play_exchanges(const struct playing *playing, const struct package *row)
{
	for (size_t i = 0; i < playing->count; i++)
		if (strcmp(play_member(playing, i)->name, row->name) == 0)
			return true;
	return false;
}

/* A package that would satisfy FORMULA if its own dependencies were satisfied; NULL if
 * there is none. */
static const struct package *stumbled(const struct states *states, const struct formula *formula)
{
	array_each(need, formula) {
		uint32_t at = 0;
		size_t other;

		for (size_t i = 0;
		     i < NAMINGS_MOST && world_named(states->world, need->name, &at, &other); i++)
			if (states->lacks[other] &&
			    world_offered(states->world, world_package(states->world, other)) &&
			    package_satisfies(world_package(states->world, other), need))
				return world_package(states->world, other);
	}
	return NULL;
}

static bool wants_kernel(const struct formula *formula)
{
	return !array_any(need, formula, strcmp(need->name, "kernel") != 0);
}

static const char *lack_words(struct playing *playing, const struct package *package,
			      const struct formula *formula)
{
	const struct image *image = world_image(playing->states->world);
	const char *whose = package == playing->package
				    ? ""
				    : arena_format(playing->arena, " of %s", package->name);

	if (wants_kernel(formula))
		return arena_format(
			playing->arena, "cannot satisfy %s%s%s: the image has kernel %s",
			formula->text, whose,
			array_any(need, formula, need->version && !*need->version)
				? ", which no kernel satisfies because it states no version"
				: "",
			abi_text(playing->arena, &image->abi));
	return arena_format(playing->arena,
			    "cannot satisfy %s%s: it is neither in the image nor in the feeds",
			    formula->text, whose);
}

void play_crash(struct playing *playing, const struct package *package)
{
	play_end(playing, ANSWER_REFUSES,
		 arena_format(playing->arena, "it crashes when it reads %s: %s", package->name,
			      package->crash));
}

/* Follows unsatisfied dependencies down to the first cause, and refuses with it. */
void play_lack(struct playing *playing, const struct package *package)
{
	const struct states *states = playing->states;
	const struct package *at = package;

	for (size_t depth = 0; depth < COMPANY_MOST; depth++) {
		uint32_t lack = states->lacks[world_index(states->world, at)];

		if (lack == LACKS_SENSE) {
			play_crash(playing, at);
			return;
		}
		if (lack == LACKS_FILE || lack == LACKS_ARCHITECTURE) {
			play_end(playing, ANSWER_REFUSES,
				 arena_format(playing->arena,
					      lack == LACKS_FILE
						      ? "%s cannot be read"
						      : "%s is for another architecture (%s)",
					      at->name, at->architecture));
			return;
		}

		const struct formula *formula = &at->depends.list[lack - 1];
		const struct package *next = stumbled(states, formula);
		if (!next || next == at) {
			playing->ret.kernel = wants_kernel(formula);
			playing->ret.unvetted =
				formula->count > 1 || !dependency_is_kernel(formula->list);
			play_end(playing, ANSWER_REFUSES, lack_words(playing, at, formula));
			return;
		}
		at = next;
	}
	play_end(playing, ANSWER_REFUSES, "a package that it needs lacks a dependency");
}

bool play_need_lacks(struct playing *playing, const struct package *need)
{
	play_lack(playing, need);
	return play_end(playing, ANSWER_REFUSES,
			arena_format(playing->arena, "it chooses %s %s, and %s", need->name,
				     need->version ? need->version : "", playing->ret.text));
}

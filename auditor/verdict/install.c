/* SPDX-License-Identifier: ISC */
/* Computes the order in which the safe packages can be installed, dependencies first.
 * Names those that must be left out, with the reason. */
#include "verdict/judged.h"
#include "verdict/kept.h"

#include "base/text.h"

#include <string.h>

/* A depth-first walk without recursion: a chain of packages can be as long
 * as a feed. */
struct walk {
	struct arena *arena;
	struct arena scratch;
	const struct world *world;
	const struct judged *judged;
	size_t *next; /* by package: the number of its next need, from 1; 0: not visited */
	struct indexes open;
	bool *left; /* by package: it was added or left out */
	struct state state; /* the state after everything in ORDER so far is installed */
	struct strings order;
	struct exclusions *excluded;
};

static void walk_enter(struct walk *walk, size_t index)
{
	if (walk->next[index] != 0 || walk->judged[index].verdict != VERDICT_SAFE)
		return;
	walk->next[index] = 1;
	*array_add(walk->arena, &walk->open) = index;
}

static void exclude(struct walk *walk, size_t index, size_t with, const char *text)
{
	*array_add(walk->arena, walk->excluded) =
		(struct exclusion){world_package(walk->world, index)->name,
				   world_package(walk->world, with)->name, text, false};
}

/* Lists INDEX and the packages that must be installed with it by file, because
 * their names alone would bring other versions. False if a need is left out: RET
 * is that need. */
static bool bring(struct walk *walk, size_t index, struct indexes *list, size_t *ret)
{
	*array_add(&walk->scratch, list) = index;
	for (size_t i = 0; i < list->count; i++)
		array_each(need, &walk->judged[list->list[i]].needs) {
			if (state_has(&walk->state, *need) ||
			    walk->judged[*need].verdict == VERDICT_INSTALLED ||
			    indexes_have(list, *need))
				continue;
			/* members of the same circle come later; all other needs were
			 * handled before */
			if (world_chosen(walk->world, *need) && walk->left[*need]) {
				*ret = *need;
				return false;
			}
			*array_add(&walk->scratch, list) = *need;
		}
	return true;
}

/* The package that the package manager takes for the name of INDEX. */
static size_t chosen_instead(const struct world *world, size_t index)
{
	const char *name = world_package(world, index)->name;

	for (size_t i = index;
	     i < world_count(world) && strcmp(world_package(world, i)->name, name) == 0; i++)
		if (world_chosen(world, i))
			return i;
	for (size_t i = index; i > 0 && strcmp(world_package(world, i - 1)->name, name) == 0; i--)
		if (world_chosen(world, i - 1))
			return i - 1;
	return index;
}

static void leave_unchosen(struct walk *walk, size_t index)
{
	size_t instead = chosen_instead(walk->world, index);
	const struct package *package = world_package(walk->world, instead);

	if (walk->judged[instead].verdict != VERDICT_SAFE)
		exclude(walk, index, instead,
			arena_format(walk->arena,
				     "the package manager installs %s %s instead, which is %s",
				     package->name, package->version ? package->version : "-",
				     verdict_name[walk->judged[instead].verdict]));
}

static bool leave_kept(struct walk *walk, size_t index)
{
	const struct package *package = world_package(walk->world, index);
	const char *text = kept_words(walk->arena, walk->world, package);

	if (!text)
		return false;
	exclude(walk, index, index, text);
	walk->excluded->list[walk->excluded->count - 1].kept = true;
	if (kept_is_same(walk->world, package, walk->judged[index].holds))
		state_put(&walk->state, index); /* the image has its modules */
	return true;
}

/* True if the package manager takes a newer version instead of INDEX, one for another
 * kernel or without its file. */
static bool leave_instead(struct walk *walk, size_t index)
{
	const struct package *instead =
		manager_instead(walk->arena, walk->state.states, world_package(walk->world, index));
	enum verdict verdict;

	if (!instead)
		return false;
	verdict = instead->absent ? VERDICT_UNPROVEN
				  : walk->judged[world_index(walk->world, instead)].verdict;
	if (verdict == VERDICT_SAFE)
		return false;
	exclude(walk, index, index,
		arena_format(walk->arena,
			     "the package manager chooses %s %s for the name, which is %s",
			     instead->name, instead->version ? instead->version : "-",
			     instead->absent ? "in an index, but not in the feed"
					     : verdict_name[verdict]));
	return true;
}

static void walk_leave(struct walk *walk, size_t index)
{
	/* what every image has, even if its database does not list it */
	static const char *const basic[] = {"kernel", "libc",	    "libgcc", "libgcc1",
					    "musl",   "base-files", NULL};
	const struct image *image = world_image(walk->world);
	const struct package *package = world_package(walk->world, index);
	bool known = image->database_known || image->manifest.count > 0;
	struct indexes list = {0};
	const char *text;
	size_t with = index;

	walk->open.count--;
	walk->left[index] = true;
	/* packages that are unrelated to modules are not named if the image may have them */
	if (!is_related(walk->world, package) && (text_among(package->name, basic) || !known)) {
		state_put(&walk->state, index);
		return;
	}
	if (!world_chosen(walk->world, index)) {
		leave_unchosen(walk, index);
		return;
	}
	if (leave_kept(walk, index) || leave_instead(walk, index))
		return;
	if (!bring(walk, index, &list, &with)) {
		const struct package *need = world_package(walk->world, with);

		exclude(walk, index, with,
			world_kept(walk->world, need)
				? kept_need_text(walk->arena, walk->world, need)
				: arena_format(walk->arena, "it needs %s, which is omitted",
					       need->name));
		return;
	}
	if (state_admit(walk->arena, &walk->state, list.list, list.count, &with, &text))
		*array_add(walk->arena, &walk->order) = package->name;
	else
		exclude(walk, index, with, text);
}

struct strings install_order(struct arena *arena, const struct states *states,
			     const struct world *world, const struct judged *judged,
			     const struct indexes *chosen, struct exclusions *excluded)
{
	struct walk walk = {.arena = arena, .world = world, .judged = judged, .excluded = excluded};

	walk.next = arena_get(&walk.scratch, (world_count(world) + 1) * sizeof *walk.next);
	walk.left = arena_get(&walk.scratch, world_count(world) + 1);
	walk.state = state_new(&walk.scratch, states);
	state_begin(&walk.state);
	array_each(index, chosen) {
		walk_enter(&walk, *index);
		while (walk.open.count > 0) {
			size_t top = walk.open.list[walk.open.count - 1];
			const struct indexes *needs = &walk.judged[top].needs;

			if (walk.next[top] <= needs->count)
				walk_enter(&walk, needs->list[walk.next[top]++ - 1]);
			else
				walk_leave(&walk, top);
		}
	}
	arena_free(&walk.scratch);
	return walk.order;
}

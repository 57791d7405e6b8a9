/* SPDX-License-Identifier: ISC */
/* Judges the state of each package together with all it needs, on several threads, and
 * adds the findings to the package. Packages that need each other have one state. */
#include "base/pool.h"
#include "verdict/judged.h"

enum { LISTED_MOST = 64 };

/* The work that the threads share: two states for each circle, which contain the
 * packages that matter (states_matter) of all that it needs. The first has them in the
 * order of the world, the second has the circle's first package before the others.
 * JUDGED is read only. */
struct stating {
	const struct states *states;
	const struct circles *circles;
	const struct judged *judged;
	const bool *matters; /* by package */
	/* by circle: a circle with the same packages that matter, so that it has the
	 * same state; SIZE_MAX: it has none */
	size_t *same;
	/* by circle that is in SAME: the packages that matter, in the order of the
	 * world; if they are more than LISTED_MOST, only SAME leads to them */
	struct indexes *lists;
	bool *unlisted;
	bool *wanted; /* by state */
	struct findings *found; /* by state */
	struct state *state; /* by worker; created on first use */
	struct marks *marks; /* by worker; created on first use */
	struct arena *arenas;
};

/* A circle that adds no package that matters has the state of a circle that it needs,
 * if that state has all packages of LIST. */
static size_t same_of(const struct stating *stating, size_t circle, const struct indexes *list,
		      bool unlisted)
{
	struct indexes members = circle_members(stating->circles, circle);
	struct indexes needs = circle_needs(stating->circles, circle);
	size_t same = SIZE_MAX;

	array_each(member, &members)
		if (stating->matters[*member])
			return circle;
	array_each(need, &needs) {
		size_t other = stating->same[*need];

		if (other == SIZE_MAX || other == same)
			continue;
		if (!unlisted && stating->lists[other].count == list->count)
			return other;
		same = same == SIZE_MAX ? other : circle;
	}
	return same;
}

/* Sets same, lists and unlisted of CIRCLE from those of the circles that it needs. */
static void circle_prepare(struct arena *arena, struct stating *stating, size_t circle)
{
	struct indexes members = circle_members(stating->circles, circle);
	struct indexes needs = circle_needs(stating->circles, circle), list = {0};
	bool unlisted = false;

	stating->same[circle] = SIZE_MAX;
	if (stating->judged[members.list[0]].verdict == VERDICT_INSTALLED)
		return;
	array_each(member, &members)
		if (stating->matters[*member])
			*array_add(arena, &list) = *member;
	array_each(need, &needs) {
		size_t other = stating->same[*need];

		if (other == SIZE_MAX)
			continue;
		unlisted = unlisted || stating->unlisted[other];
		array_each(index, &stating->lists[other])
			*array_add(arena, &list) = *index;
	}
	indexes_unique(&list);
	unlisted = unlisted || list.count > LISTED_MOST;
	stating->same[circle] = same_of(stating, circle, &list, unlisted);
	stating->unlisted[circle] = unlisted;
	if (!unlisted)
		stating->lists[circle] = list;
}

/* The number of the state of CIRCLE; SIZE_MAX: it has none. */
static size_t state_of(const struct stating *stating, size_t circle)
{
	size_t first = circle_members(stating->circles, circle).list[0];

	if (stating->same[circle] == SIZE_MAX)
		return SIZE_MAX;
	return stating->matters[first] ? 2 * circle + 1 : 2 * stating->same[circle];
}

/* The packages that matter of all that CIRCLE needs, in the order of the world. */
static struct indexes state_members(struct arena *arena, const struct stating *stating,
				    size_t circle, struct marks *marks)
{
	struct indexes found = circle_reach(arena, stating->circles, stating->same, circle, marks);
	struct indexes list = {0};

	array_each(other, &found) {
		struct indexes members = circle_members(stating->circles, *other);

		array_each(member, &members)
			if (stating->matters[*member])
				*array_add(arena, &list) = *member;
	}
	indexes_sort(&list);
	return list;
}

static void state_work(void *context, unsigned worker, size_t item)
{
	struct stating *stating = context;
	_cleanup_arena_ struct arena scratch = {0};
	struct arena *arena = &stating->arenas[worker];
	struct marks *marks = &stating->marks[worker];

	if (!stating->wanted[item])
		return;
	if (!marks->of) {
		size_t circles = stating->circles->count + 1;

		stating->state[worker] = state_new(arena, stating->states);
		marks->of = arena_get(arena, circles * sizeof *marks->of);
	}

	struct indexes list = state_members(&scratch, stating, item / 2, marks);
	size_t first = circle_members(stating->circles, item / 2).list[0], at = 0;
	if (item % 2) {
		while (list.list[at] != first)
			at++;
		memmove(list.list + 1, list.list, at * sizeof *list.list);
		list.list[0] = first;
	}
	state_check(arena, &stating->state[worker], list.list, list.count, &stating->found[item]);
}

static void found_add(struct arena *arena, const struct rules *rules, const struct findings *found,
		      struct judged *judged)
{
	if (found->count == 0)
		return;
	array_each(finding, found) {
		enum level level = rules_level(rules, finding);

		*array_add(arena, &judged->findings) = *finding;
		if (level == LEVEL_ERROR)
			judged->verdict = VERDICT_UNSAFE;
		else if (level == LEVEL_UNKNOWN && judged->verdict < VERDICT_UNPROVEN)
			judged->verdict = VERDICT_UNPROVEN;
	}
	array_sort(&judged->findings, finding_compare);
}

void states_judge(struct arena *arena, const struct states *states, const struct rules *rules,
		  const struct circles *circles, struct judged *judged, unsigned threads)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct arena arenas[POOL_MOST] = {0};
	struct state state[POOL_MOST];
	struct marks marks[POOL_MOST] = {0};
	struct stating stating = {.states = states, .circles = circles, .judged = judged};
	size_t count = 2 * circles->count;

	stating.matters = states_matter(&scratch, states);
	stating.same = arena_get(&scratch, (count + 1) * sizeof *stating.same);
	stating.lists = arena_get(&scratch, (circles->count + 1) * sizeof *stating.lists);
	stating.unlisted = arena_get(&scratch, circles->count + 1);
	stating.wanted = arena_get(&scratch, count + 1);
	stating.found = arena_get(&scratch, (count + 1) * sizeof *stating.found);
	stating.state = state;
	stating.marks = marks;
	stating.arenas = arenas;
	for (size_t i = 0; i < circles->count; i++) {
		circle_prepare(&scratch, &stating, i);
		if (state_of(&stating, i) != SIZE_MAX)
			stating.wanted[state_of(&stating, i)] = true;
	}
	pool_run(threads, count, state_work, &stating);
	for (size_t i = 0; i < POOL_MOST; i++)
		arena_adopt(arena, &arenas[i]);
	for (size_t i = 0; i < circles->begin[circles->count]; i++) {
		size_t number = state_of(&stating, circles->of[i]);

		if (number != SIZE_MAX)
			found_add(arena, rules, &stating.found[number], &judged[i]);
	}
}

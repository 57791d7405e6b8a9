/* SPDX-License-Identifier: ISC */
/* Judges the state of each package together with all it needs, on several threads, and adds
 * the findings to the package. Packages that need each other have one state. */
#include "base/pool.h"
#include "verdict/judged.h"

/* The work that the threads share. Each circle is judged by one thread; JUDGED is read only. */
struct stating {
	const struct states *states;
	const struct circles *circles;
	const struct judged *judged;
	struct state *state; /* by worker; created on first use */
	size_t **seen; /* by worker; created on first use */
	struct arena *arenas;
	struct findings *found; /* by circle */
};

static void worker_begin(struct stating *stating, unsigned worker)
{
	struct arena *arena = &stating->arenas[worker];

	if (stating->seen[worker])
		return;
	stating->state[worker] = state_new(arena, stating->states);
	stating->seen[worker] = arena_get(arena, (stating->circles->begin[stating->circles->count] +
						  1) * sizeof **stating->seen);
}

static void state_work(void *context, unsigned worker, size_t item)
{
	struct stating *stating = context;
	const struct circles *circles = stating->circles;
	size_t first = circles->members[circles->begin[item]], count = 1;
	_cleanup_arena_ struct arena scratch = {0};

	if (stating->judged[first].verdict == VERDICT_INSTALLED)
		return;
	worker_begin(stating, worker);

	struct indexes closure =
		circle_closure(&scratch, circles, stating->judged, item, stating->seen[worker]);
	size_t *list = arena_get(&scratch, closure.count * sizeof *list);
	list[0] = first;
	array_each(index, &closure)
		if (*index != first)
			list[count++] = *index;
	state_check(&stating->arenas[worker], &stating->state[worker], list, count,
		    &stating->found[item]);
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
	struct arena arenas[POOL_MOST] = {0};
	struct state state[POOL_MOST];
	size_t *seen[POOL_MOST] = {0};
	struct stating stating = {states, circles, judged, state, seen, arenas, NULL};

	stating.found = arena_get(arena, (circles->count + 1) * sizeof *stating.found);
	pool_run(threads, circles->count, state_work, &stating);
	for (size_t i = 0; i < POOL_MOST; i++)
		arena_adopt(arena, &arenas[i]);
	for (size_t i = 0; i < circles->begin[circles->count]; i++)
		found_add(arena, rules, &stating.found[circles->of[i]], &judged[i]);
}

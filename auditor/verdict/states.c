/* SPDX-License-Identifier: ISC */
/* Judges the state of each package together with all it needs, on several threads, and adds
 * the findings to the package. */
#include "base/pool.h"
#include "verdict/judged.h"

/* The states of all packages, on several threads; nothing that is judged already changes
 * meanwhile. */
struct stating {
	const struct states *states;
	const struct world *world;
	const struct judged *judged;
	struct state *state; /* by worker, made when first needed */
	size_t **seen; /* likewise */
	struct arena *arenas;
	struct findings *found; /* by package */
};

static void worker_begin(struct stating *stating, unsigned worker)
{
	struct arena *arena = &stating->arenas[worker];

	if (stating->seen[worker])
		return;
	stating->state[worker] = state_new(arena, stating->states);
	stating->seen[worker] =
		arena_get(arena, (world_count(stating->world) + 1) * sizeof **stating->seen);
}

static void state_work(void *context, unsigned worker, size_t item)
{
	struct stating *stating = context;
	_cleanup_arena_ struct arena scratch = {0};

	if (stating->judged[item].verdict == VERDICT_INSTALLED)
		return;
	worker_begin(stating, worker);

	struct indexes needs =
		needs_closure(&scratch, stating->judged, item, stating->seen[worker], item + 1);
	size_t *list = arena_get(&scratch, (needs.count + 1) * sizeof *list);
	list[0] = item;
	for (size_t i = 0; i < needs.count; i++)
		list[i + 1] = needs.list[i];
	state_check(&stating->arenas[worker], &stating->state[worker], list, needs.count + 1,
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

void states_judge(struct arena *arena, const struct states *states, const struct world *world,
		  const struct rules *rules, struct judged *judged, unsigned threads)
{
	struct arena arenas[POOL_MOST] = {0};
	struct state state[POOL_MOST];
	size_t *seen[POOL_MOST] = {0};
	struct stating stating = {states, world, judged, state, seen, arenas, NULL};

	stating.found = arena_get(arena, (world_count(world) + 1) * sizeof *stating.found);
	pool_run(threads, world_count(world), state_work, &stating);
	for (size_t i = 0; i < POOL_MOST; i++)
		arena_adopt(arena, &arenas[i]);
	for (size_t i = 0; i < world_count(world); i++)
		found_add(arena, rules, &stating.found[i], &judged[i]);
}

#include "verdict/judged.h"

#include "base/map.h"

/* A depth-first walk without recursion: a chain of packages can be as long as a feed. */
struct walk {
	struct arena *arena;
	const struct world *world;
	const struct judged *judged;
	size_t *next; /* by package: which of its needs comes next, from 1; 0: not met yet */
	struct indexes open;
	struct map named;
	struct strings order;
};

static void walk_enter(struct walk *walk, size_t index)
{
	if (walk->next[index] != 0 || walk->judged[index].verdict != VERDICT_SAFE)
		return;
	walk->next[index] = 1;
	*array_add(walk->arena, &walk->open) = index;
}

static void walk_leave(struct walk *walk, size_t index)
{
	const char *name = world_package(walk->world, index)->name;

	walk->open.count--;
	if (map_get(&walk->named, name) != MAP_NONE)
		return;
	map_put(&walk->named, walk->arena, name, 1);
	*array_add(walk->arena, &walk->order) = name;
}

static void walk_from(struct walk *walk, size_t index)
{
	walk_enter(walk, index);
	while (walk->open.count > 0) {
		size_t top = walk->open.list[walk->open.count - 1];
		const struct indexes *needs = &walk->judged[top].needs;

		if (walk->next[top] <= needs->count)
			walk_enter(walk, needs->list[walk->next[top]++ - 1]);
		else
			walk_leave(walk, top);
	}
}

struct strings install_order(struct arena *arena, const struct world *world, const struct judged *judged,
			     const struct indexes *chosen)
{
	struct walk walk = {.arena = arena, .world = world, .judged = judged};

	walk.next = arena_get(arena, (world_count(world) + 1) * sizeof *walk.next);
	array_each(index, chosen)
		walk_from(&walk, *index);
	return walk.order;
}

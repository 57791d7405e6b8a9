#include "verdict/judged.h"

#include "base/map.h"

#include <string.h>

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

/* What every image has, whatever its package database says or whether it has one. */
static bool is_basic(const char *name)
{
	static const char *const names[] = {"kernel", "libc", "libgcc", "libgcc1", "musl", "base-files"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Not to be named among what is to be installed: it may well be there, and has nothing to do with modules. */
static bool is_left_out(const struct walk *walk, const struct package *package)
{
	const struct image *image = world_image(walk->world);
	bool known = image->database_known || image->manifest.count > 0;

	return !is_related(walk->world, package) && (is_basic(package->name) || !known);
}

static void walk_leave(struct walk *walk, size_t index)
{
	const struct package *package = world_package(walk->world, index);
	const char *name = package->name;

	walk->open.count--;
	if (is_left_out(walk, package))
		return;
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

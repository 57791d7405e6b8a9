/* SPDX-License-Identifier: ISC */
/* Finds circles of packages that need each other. The fold computes what follows from
 * all needs of a package once for each circle. */
#include "verdict/judged.h"

/* Tarjan's search for strongly connected components, without recursion: a chain of
 * packages can be as long as a feed. */
struct search {
	struct arena scratch;
	size_t *met; /* by package: the number of its first visit, from 1; 0: not visited */
	size_t *low; /* by package: the earliest package without a circle that it leads to */
	size_t *next; /* by package: the number of its next need */
	struct indexes path; /* the path from the start of the search to the current package */
	struct indexes waiting; /* visited packages without a circle */
	size_t count;
	struct circles *circles;
};

static void search_enter(struct search *search, size_t index)
{
	search->met[index] = search->low[index] = ++search->count;
	*array_add(&search->scratch, &search->path) = index;
	*array_add(&search->scratch, &search->waiting) = index;
}

static void search_leave(struct search *search, size_t index)
{
	struct circles *circles = search->circles;

	search->path.count--;
	/* the waiting packages from INDEX on form a circle: they need each other and no package
	 * that was visited before them */
	if (search->low[index] == search->met[index]) {
		size_t begin = circles->begin[circles->count], end = begin, member;

		do {
			member = search->waiting.list[--search->waiting.count];
			circles->of[member] = circles->count;
			circles->members[end++] = member;
		} while (member != index);
		indexes_sort(&(struct indexes){circles->members + begin, end - begin, end - begin});
		circles->begin[++circles->count] = end;
	}
	if (!search->path.count)
		return;

	size_t above = search->path.list[search->path.count - 1];
	if (circles->of[index] == SIZE_MAX && search->low[index] < search->low[above])
		search->low[above] = search->low[index];
}

static size_t *numbers_new(struct arena *arena, size_t count)
{
	return arena_get(arena, (count + 1) * sizeof(size_t));
}

/* Lists the circles that the members of each circle use directly. */
static void needs_collect(struct arena *arena, const struct judged *judged, struct circles *circles)
{
	_cleanup_arena_ struct arena scratch = {0};
	size_t *seen = numbers_new(&scratch, circles->count);

	circles->needs_begin = numbers_new(arena, circles->count);
	for (size_t i = 0; i < circles->count; i++) {
		struct indexes members = circle_members(circles, i);

		array_each(member, &members)
			array_each(need, &judged[*member].needs) {
				size_t other = circles->of[*need];

				if (judged[*need].verdict == VERDICT_INSTALLED || other == i ||
				    seen[other] == i + 1)
					continue;
				seen[other] = i + 1;
				*array_add(arena, &circles->needs) = other;
			}
		circles->needs_begin[i + 1] = circles->needs.count;
	}
}

struct circles circles_of(struct arena *arena, const struct judged *judged, size_t count)
{
	struct circles circles = {.of = numbers_new(arena, count),
				  .begin = numbers_new(arena, count),
				  .members = numbers_new(arena, count)};
	struct search search = {.circles = &circles};

	search.met = numbers_new(&search.scratch, count);
	search.low = numbers_new(&search.scratch, count);
	search.next = numbers_new(&search.scratch, count);
	for (size_t i = 0; i < count; i++)
		circles.of[i] = SIZE_MAX;
	for (size_t i = 0; i < count; i++) {
		if (search.met[i])
			continue;
		search_enter(&search, i);
		while (search.path.count > 0) {
			size_t top = search.path.list[search.path.count - 1];
			const struct indexes *needs = &judged[top].needs;

			if (search.next[top] == needs->count) {
				search_leave(&search, top);
				continue;
			}

			size_t need = needs->list[search.next[top]++];
			if (judged[need].verdict == VERDICT_INSTALLED)
				continue;
			if (!search.met[need])
				search_enter(&search, need);
			else if (circles.of[need] == SIZE_MAX && search.met[need] < search.low[top])
				search.low[top] = search.met[need];
		}
	}
	arena_free(&search.scratch);
	needs_collect(arena, judged, &circles);
	return circles;
}

struct indexes circle_members(const struct circles *circles, size_t circle)
{
	size_t begin = circles->begin[circle], count = circles->begin[circle + 1] - begin;

	return (struct indexes){circles->members + begin, count, count};
}

struct indexes circle_needs(const struct circles *circles, size_t circle)
{
	size_t begin = circles->needs_begin[circle];
	size_t count = circles->needs_begin[circle + 1] - begin;

	return (struct indexes){array_from(&circles->needs, begin), count, count};
}

struct indexes circle_reach(struct arena *arena, const struct circles *circles,
			    const size_t *instead, size_t circle, struct marks *marks)
{
	struct indexes found = {0};

	marks->stamp++;
	marks->of[circle] = marks->stamp;
	*array_add(arena, &found) = circle;
	for (size_t i = 0; i < found.count; i++) {
		struct indexes needs = circle_needs(circles, found.list[i]);

		array_each(need, &needs) {
			size_t other = instead ? instead[*need] : *need;

			if (other == SIZE_MAX || marks->of[other] == marks->stamp)
				continue;
			marks->of[other] = marks->stamp;
			*array_add(arena, &found) = other;
		}
	}
	return found;
}

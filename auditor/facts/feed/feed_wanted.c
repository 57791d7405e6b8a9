/* SPDX-License-Identifier: ISC */
/* Selects the rows of remote indexes that are worth fetching: packages with modules,
 * what they need, and what needs them. */
#include "facts/feed/feed_parts.h"
#include "facts/package/pkg.h"

#include <string.h>

/* Rows by the names that they have or provide. The rows for one name are
 * linked by NEXT. */
struct provided {
	size_t row;
	uint32_t next; /* or MAP_NONE */
};

struct provided_list {
	struct provided *list;
	size_t count, room;
};

struct wanting {
	struct arena arena;
	const struct wanted_rows *rows;
	struct map names;
	struct provided_list provided;
	bool *carries, *needs;
};

static void name_add(struct wanting *wanting, const char *name, size_t row)
{
	struct provided_list *list = &wanting->provided;
	uint32_t at = (uint32_t)list->count;
	uint32_t first = map_put(&wanting->names, &wanting->arena, name, at);

	*array_add(&wanting->arena, list) = (struct provided){row, MAP_NONE};
	if (first == at)
		return;
	list->list[at].next = list->list[first].next;
	list->list[first].next = at;
}

static bool name_marked(const struct wanting *wanting, const char *name)
{
	uint32_t at = map_get(&wanting->names, name);

	for (; at != MAP_NONE; at = wanting->provided.list[at].next)
		if (wanting->needs[wanting->provided.list[at].row])
			return true;
	return false;
}

static bool needs_marked(const struct wanting *wanting, const struct package *row)
{
	array_each(formula, &row->depends)
		array_each(dependency, formula)
			if (strncmp(dependency->name, "kmod-", 5) == 0 ||
			    name_marked(wanting, dependency->name))
				return true;
	return false;
}

static void carry_name(struct wanting *wanting, const char *name, size_t *stack, size_t *count)
{
	uint32_t at = map_get(&wanting->names, name);

	for (; at != MAP_NONE; at = wanting->provided.list[at].next) {
		size_t row = wanting->provided.list[at].row;

		if (wanting->carries[row])
			continue;
		wanting->carries[row] = true;
		stack[(*count)++] = row;
	}
}

/* Marks what packages with modules need. Each row is pushed on the stack once. */
static void mark_needed(struct wanting *wanting)
{
	size_t *stack = arena_get(&wanting->arena, (wanting->rows->count + 1) * sizeof *stack),
	       count = 0;

	for (size_t i = 0; i < wanting->rows->count; i++)
		if (wanting->carries[i])
			stack[count++] = i;
	while (count > 0) {
		const struct package *row = wanting->rows->list[stack[--count]].row;

		array_each(formula, &row->depends)
			array_each(dependency, formula)
				carry_name(wanting, dependency->name, stack, &count);
	}
}

void rows_wanted(struct wanted_rows *rows)
{
	struct wanting wanting = {.rows = rows};

	wanting.carries = arena_get(&wanting.arena, rows->count + 1);
	wanting.needs = arena_get(&wanting.arena, rows->count + 1);
	for (size_t i = 0; i < rows->count; i++) {
		const struct package *row = rows->list[i].row;

		/* packages with modules are named kmod-* by OpenWrt and have a pin on a
		 * kernel */
		bool named =
			strncmp(row->name, "kmod-", 5) == 0 || strcmp(row->name, "kernel") == 0;
		bool in_section = row->section && strcmp(row->section, "kernel") == 0;

		wanting.carries[i] = wanting.needs[i] =
			row->pkg ? pkg_may_carry(row) : named || row->abi.version || in_section;
		name_add(&wanting, row->name, i);
		array_each(formula, &row->provides)
			array_each(provided, formula)
				name_add(&wanting, provided->name, i);
	}
	/* until nothing is added: chains of packages without modules are short */
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < rows->count; i++)
			if (!wanting.needs[i] && needs_marked(&wanting, rows->list[i].row))
				more = wanting.needs[i] = true;
	}
	mark_needed(&wanting);
	for (size_t i = 0; i < rows->count; i++)
		rows->list[i].wanted = wanting.carries[i] || wanting.needs[i];
	arena_free(&wanting.arena);
}

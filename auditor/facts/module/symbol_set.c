/* SPDX-License-Identifier: ISC */
/* Reads a set of symbol names in the folded form of the layout rules (prefix and list
 * of endings, '*' as wildcard) and tests membership. */
#include "facts/module/symbol_set.h"

#include <string.h>

static void name_add(struct arena *arena, struct span head, struct span ending,
		     struct symbol_set *set)
{
	size_t size = head.size + ending.size;
	bool open = ending.size > 0 && ending.data[ending.size - 1] == '*';
	char *name = arena_get(arena, size + 1);

	memcpy(name, head.data, head.size);
	memcpy(name + head.size, ending.data, ending.size);
	if (open) {
		name[size - 1] = '\0';
		*array_add(arena, &set->beginnings) = name;
	} else {
		map_put(&set->names, arena, name, 1);
	}
}

void symbol_set_read(struct arena *arena, const struct yaml *folded, struct symbol_set *set)
{
	yaml_each(endings, folded) {
		struct span head = span_text(endings->key ? endings->key : ""), ending;
		struct span rest = span_text(endings->text ? endings->text : "");

		while (span_token(&rest, &ending))
			name_add(arena, head, ending, set);
		yaml_each(item, endings)
			name_add(arena, head, span_text(item->text ? item->text : ""), set);
	}
	strings_unique(&set->beginnings);
}

bool symbol_set_has(const struct symbol_set *set, const char *symbol)
{
	if (map_get(&set->names, symbol) != MAP_NONE)
		return true;
	return array_any(start, &set->beginnings, strncmp(symbol, *start, strlen(*start)) == 0);
}

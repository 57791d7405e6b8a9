/* SPDX-License-Identifier: ISC */
/* Reads a set of symbol names in the folded form of the layout rules (prefix and list of
 * endings, '*' as wildcard) and tests membership. */
#include "facts/module/symbol_set.h"

#include <string.h>

void symbol_set_read(struct arena *arena, const struct yaml *folded, struct symbol_set *set)
{
	yaml_each(endings, folded)
		yaml_each(ending, endings) {
			const char *name = arena_format(arena, "%s%s", endings->key,
							ending->text ? ending->text : "");
			size_t size = strlen(name);

			if (size > 0 && name[size - 1] == '*')
				*array_add(arena, &set->beginnings) =
					arena_string(arena, span_from(name, size - 1));
			else
				map_put(&set->names, arena, name, 1);
		}
	strings_unique(&set->beginnings);
}

bool symbol_set_has(const struct symbol_set *set, const char *symbol)
{
	if (map_get(&set->names, symbol) != MAP_NONE)
		return true;
	for (size_t i = 0; i < set->beginnings.count; i++)
		if (strncmp(symbol, set->beginnings.list[i], strlen(set->beginnings.list[i])) == 0)
			return true;
	return false;
}

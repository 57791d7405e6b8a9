/* SPDX-License-Identifier: ISC */
/* Reads the members of saved reports; errors name the file and the line. */
#include "report/ledger/fields.h"

#include "base/quote.h"
#include "base/text.h"

#include <string.h>

bool field_wrong(const struct fields *fields, const struct yaml *at, const char *what,
		 struct error *error)
{
	return fail(error, "%s: line %zu: %s", fields->path, at ? at->line : 1, what);
}

const char *field_text(const struct fields *fields, const struct yaml *map, const char *key)
{
	return yaml_unquoted(fields->arena, map, key);
}

bool field_true(const struct yaml *map, const char *key)
{
	const char *text = yaml_text(map, key);

	return text && strcmp(text, "true") == 0;
}

bool field_number(const struct fields *fields, const struct yaml *map, const char *key, size_t *ret,
		  struct error *error)
{
	return yaml_number(map, key, ret) ||
	       field_wrong(fields, map, arena_format(fields->arena, "%s must be a number", key),
			   error);
}

bool field_word(const struct fields *fields, const struct yaml *map, const char *key,
		const char *const *names, unsigned count, unsigned *ret, struct error *error)
{
	*ret = text_index(yaml_text(map, key), names, count);
	return *ret < count ||
	       field_wrong(fields, map, arena_format(fields->arena, "%s has an unknown value", key),
			   error);
}

bool field_list(const struct fields *fields, const struct yaml *map, const char *key,
		const struct yaml **ret, struct error *error)
{
	*ret = yaml_get(map, key);
	return (*ret && (*ret)->kind == YAML_LIST) ||
	       field_wrong(fields, map, arena_format(fields->arena, "%s must be a list", key),
			   error);
}

bool field_names(const struct fields *fields, const struct yaml *map, const char *key,
		 struct strings *ret, struct error *error)
{
	const struct yaml *list;

	if (!field_list(fields, map, key, &list, error))
		return false;
	yaml_each(entry, list) {
		if (entry->kind != YAML_TEXT)
			return field_wrong(
				fields, entry,
				arena_format(fields->arena, "%s must be a list of names", key),
				error);
		*array_add(fields->arena, ret) = unquote(fields->arena, entry->text);
	}
	return true;
}

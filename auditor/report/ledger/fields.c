/* SPDX-License-Identifier: ISC */
/* Reads the members of saved reports; errors name the file and the line. */
#include "report/ledger/fields.h"

#include "base/quote.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

bool field_wrong(struct fields *fields, const struct yaml *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!fields->failed)
		fail(fields->error, "%s: line %zu: %s", fields->path, at ? at->line : 1,
		     arena_vformat(fields->arena, format, args));
	va_end(args);
	fields->failed = true;
	return false;
}

const char *field_text(const struct fields *fields, const struct yaml *map, const char *key)
{
	return yaml_unquoted(fields->arena, map, key);
}

bool field_true(const struct yaml *map, const char *key)
{
	return text_same(yaml_text(map, key), "true");
}

size_t field_number(struct fields *fields, const struct yaml *map, const char *key)
{
	size_t number = 0;

	if (!yaml_number(map, key, &number))
		field_wrong(fields, map, "%s must be a number", key);
	return number;
}

unsigned field_word(struct fields *fields, const struct yaml *map, const char *key,
		    const char *const *names, unsigned count)
{
	unsigned index = text_index(yaml_text(map, key), names, count);

	if (index < count)
		return index;
	field_wrong(fields, map, "%s has an unknown value", key);
	return 0;
}

const struct yaml *field_list(struct fields *fields, const struct yaml *map, const char *key)
{
	const struct yaml *list = yaml_get(map, key);

	if (list && list->kind == YAML_LIST)
		return list;
	field_wrong(fields, map, "%s must be a list", key);
	return NULL;
}

struct strings field_names(struct fields *fields, const struct yaml *map, const char *key)
{
	const struct yaml *list = field_list(fields, map, key);
	struct strings names = {0};

	yaml_each(entry, list) {
		if (entry->kind == YAML_TEXT)
			*array_add(fields->arena, &names) = unquote(fields->arena, entry->text);
		else
			field_wrong(fields, entry, "%s must be a list of names", key);
	}
	return names;
}

struct waiver field_waiver(struct fields *fields, const struct yaml *map)
{
	struct waiver waiver = {.rule = field_text(fields, map, "rule"),
				.unknown = field_true(map, "unknown"),
				.reason = field_text(fields, map, "reason"),
				.owner = field_text(fields, map, "owner"),
				.expires = field_text(fields, map, "expires"),
				.witness = field_text(fields, map, "by")};

	for (size_t i = 0; i < WAIVER_GLOBS; i++)
		waiver.globs[i] = field_text(fields, map, waiver_glob_name[i]);
	if (!waiver.rule || !waiver.reason || !waiver.owner || !waiver.expires || !waiver.witness)
		field_wrong(fields, map, "a waiver lacks its rule, reason, owner, expires or by");
	return waiver;
}

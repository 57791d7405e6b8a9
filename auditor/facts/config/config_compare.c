/* SPDX-License-Identifier: ISC */
/* Lists the options that differ between two kernel configs: =y (core) added, removed or
 * changed, =m added or removed, and other values. */
#include "facts/config/config.h"
#include "base/text.h"

static bool is_set(const char *value, const char *to)
{
	return value && strcmp(value, to) == 0;
}

static bool is_off(const char *value)
{
	return !value || strcmp(value, "n") == 0;
}

static struct option_changes *list_for(struct config_difference *difference, const char *a,
				       const char *b)
{
	bool core_a = is_set(a, "y"), core_b = is_set(b, "y"), module_a = is_set(a, "m"),
	     module_b = is_set(b, "m");

	if ((core_a && module_b) || (module_a && core_b))
		return &difference->core_changed;
	if (core_b)
		return &difference->core_added;
	if (core_a)
		return &difference->core_removed;
	if (module_b)
		return &difference->modules_added;
	if (module_a)
		return &difference->modules_removed;
	return &difference->values;
}

struct config_difference config_compare(struct arena *arena, const struct config *a,
					const struct config *b)
{
	struct config_difference difference = {.values = {.list = NULL}};
	size_t i = 0, j = 0;

	while (i < a->count || j < b->count) {
		int order = i == a->count   ? 1
			    : j == b->count ? -1
					    : strcmp(a->list[i].name, b->list[j].name);
		const struct option *left = order <= 0 ? &a->list[i++] : NULL;
		const struct option *right = order >= 0 ? &b->list[j++] : NULL;
		const char *before = left ? left->value : NULL;
		const char *after = right ? right->value : NULL;

		if (!text_same(before, after) && !(is_off(before) && is_off(after)))
			*array_add(arena, list_for(&difference, before, after)) =
				(struct option_change){left ? left->name : right->name, before,
						       after};
	}
	return difference;
}

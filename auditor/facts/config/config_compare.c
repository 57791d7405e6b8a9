/* SPDX-License-Identifier: ISC */
/* Lists the options that differ between two kernel configs: =y (core) added, removed or
 * changed, =m added or removed, and other values. */
#include "facts/config/config.h"

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

static void change_note(struct arena *arena, struct config_difference *difference, const char *name,
			const char *a, const char *b)
{
	if ((is_off(a) && is_off(b)) || (a && b && strcmp(a, b) == 0))
		return;
	*array_add(arena, list_for(difference, a, b)) = (struct option_change){name, a, b};
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

		change_note(arena, &difference, left ? left->name : right->name,
			    left ? left->value : NULL, right ? right->value : NULL);
	}
	return difference;
}

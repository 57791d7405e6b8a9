/* SPDX-License-Identifier: ISC */
/* Compares two configs of which only the requested lines are known: the rules of Kconfig
 * give the other options. */
#include "facts/compare/set_compare.h"
#include "facts/compare/comparison_parts.h"

#include <string.h>

static const char *value_of(struct kconfig_range range)
{
	static const char *const values[] = {"n", "m", "y"};

	return range.low == range.high ? values[range.low] : NULL;
}

struct naming {
	struct arena *arena;
	struct config *config;
	const struct kconfig_side *side;
};

static void option_name(void *context, const char *name)
{
	struct naming *naming = context;
	const char *value = value_of(kconfig_value(naming->side, name));

	if (value)
		*array_add(naming->arena, naming->config) =
			(struct option){arena_format(naming->arena, "CONFIG_%s", name), value};
}

static int option_compare(const void *a, const void *b)
{
	return strcmp(((const struct option *)a)->name, ((const struct option *)b)->name);
}

const struct config *set_config(struct arena *arena, const struct kconfig *kconfig,
				const struct set_side *side)
{
	struct config *config = arena_new(arena, struct config);
	struct naming naming = {arena, config, side->resolved};

	config->witness = side->witness;
	config->partial = true;
	kconfig_each(kconfig, option_name, &naming);
	array_sort(config, option_compare);
	return config;
}

/* The lines as options: what was asked for. */
static const struct config *set_requested(struct arena *arena, const struct set_side *side)
{
	struct config *config = arena_new(arena, struct config);

	config->witness = side->witness;
	config->release = side->release;
	config->resolved = true; /* differences are those of what Kconfig makes of it */
	for (size_t i = 0; i < side->lines->count; i++) {
		struct span name, value;

		if (span_split(span_text(side->lines->list[i]), '=', &name, &value))
			*array_add(arena, config) = (struct option){arena_string(arena, name),
								    arena_string(arena, value)};
	}
	array_sort(config, option_compare);
	return config;
}

/* The widest change that the two ranges allow, in the direction that is sure,
 * if one is. */
static struct option_change change_of(const struct kconfig_change *from)
{
	struct option_change change = {.name = from->option};
	const char *before = value_of(from->before), *after = value_of(from->after);
	const struct kconfig_range a = from->before, b = from->after;
	bool off = (a.low == 0 && b.high > 0) || (b.low == 0 && a.high > 0);
	bool built_in = (a.low < 2 && b.high == 2) || (b.low < 2 && a.high == 2);

	if (from->number)
		change.after = "another value";
	else if (before && after)
		change = (struct option_change){from->option, from->before.low ? before : NULL,
						from->after.low ? after : NULL};
	else if (built_in)
		change.before = off ? NULL : "m", change.after = "y";
	else
		change.after = "m";
	if (!before && after && from->after.low == 0 && !from->number)
		change.before = change.after, change.after = NULL;
	return change;
}

static void change_add(struct arena *arena, struct comparison *comparison,
		       const struct kconfig_change *from)
{
	struct config_difference *difference = &comparison->difference;
	struct option_change change = change_of(from);
	bool sure = value_of(from->before) && value_of(from->after) && !from->number;
	bool core = from->number || (change.before && change.before[0] == 'y') ||
		    (change.after && change.after[0] == 'y');
	struct option_changes *list =
		!core ? (change.before ? &difference->modules_removed : &difference->modules_added)
		: from->number	 ? &difference->values
		: !change.before ? &difference->core_added
		: !change.after	 ? &difference->core_removed
				 : &difference->core_changed;

	*array_add(arena, list) = change;
	if (from->foreign)
		*array_add(arena, &comparison->foreign) = change.name;
	if (!sure)
		*array_add(arena, &comparison->open) = change.name;
	if (strcmp(from->by, from->option) != 0)
		*array_add(arena, &comparison->follows) = (struct dragged){from->option, from->by};
	comparison_add(arena, comparison, &change, core);
}

struct comparison sets_compare(struct arena *arena, const struct set_side *image,
			       const struct set_side *feed, const struct layout_choice *layout)
{
	struct comparison comparison = {.image = set_requested(arena, image),
					.feed = set_requested(arena, feed),
					.layout = *layout,
					.by_sets = true};
	struct kconfig_changes changes =
		kconfig_differences(arena, image->resolved, feed->resolved);

	comparison.seed = build_options_seed(layout->build, comparison.image);
	if (!comparison.seed)
		comparison.seed = build_options_seed(layout->build, comparison.feed);
	array_each(change, &changes)
		change_add(arena, &comparison, change);
	strings_unique(&comparison.open);
	comparison_settle(&comparison);
	return comparison;
}

/* SPDX-License-Identifier: ISC */
/* Collects the kernel options that differ between the image and the feed's build, with
 * the structs that each changes. */
#include "report/ledger/ledger_image.h"

#include "base/map.h"
#include "base/quote.h"

struct collecting {
	struct arena *arena;
	struct ledger_options options;
	struct map places; /* option -> index in OPTIONS */
};

static void option_add(struct collecting *to, const char *name, const char *before,
		       const char *after, bool core)
{
	uint32_t next = (uint32_t)to->options.count;
	struct ledger_option *option;

	if (!name || map_put(&to->places, to->arena, name, next) != next)
		return;
	option = array_add(to->arena, &to->options);
	option->option = name;
	option->before = before;
	option->after = after;
	option->core = core;
}

static struct ledger_option *option_find(struct collecting *to, const char *name)
{
	uint32_t place = name ? map_get(&to->places, name) : MAP_NONE;

	return place == MAP_NONE ? NULL : &to->options.list[place];
}

static void struct_add(struct collecting *to, const char *name, const char *words,
		       const char *place)
{
	struct ledger_option *option = option_find(to, name);

	if (option && words)
		*array_add(to->arena, &option->structs) =
			place ? arena_format(to->arena, "%s" LEDGER_PLACE "%s", words, place)
			      : words;
}

static void by_add(struct collecting *to, const char *name, const char *by)
{
	struct ledger_option *option = option_find(to, name);

	if (option && !option->by)
		option->by = by;
}

/* ---- from a comparison ---- */

static void changes_add(struct collecting *to, const struct option_changes *changes,
			const char *before, const char *after, bool core)
{
	array_each(change, changes)
		option_add(to, change->name, before, after, core);
}

static void comparison_collect(struct collecting *to, const struct comparison *comparison)
{
	const struct config_difference *difference = &comparison->difference;

	changes_add(to, &difference->core_added, NULL, "y", true);
	changes_add(to, &difference->core_removed, "y", NULL, true);
	array_each(change, &difference->core_changed)
		option_add(to, change->name, change->before, change->after, true);
	changes_add(to, &difference->modules_added, NULL, "m", false);
	changes_add(to, &difference->modules_removed, "m", NULL, false);
	array_each(change, &difference->values)
		option_add(to, change->name, change->before, change->after, true);
	to->options.places = comparison->places;
	if (!comparison->layout.rules)
		return;
	to->options.series = layout_rules_series(comparison->layout.rules);
	array_each(change, &comparison->structs)
		if (!change->holder)
			struct_add(to, change->option,
				   arena_format(to->arena, "struct %s in %s", change->name,
						change->where),
				   change->place);

	struct draggeds draggeds = comparison_dragged(to->arena, comparison);
	array_each(dragged, &draggeds)
		by_add(to, dragged->option, dragged->by);
}

/* ---- from the key config_difference of a report ---- */

static void changed_add(struct collecting *to, const struct yaml *list)
{
	yaml_each(change, list)
		option_add(to, yaml_unquoted(to->arena, change, "option"),
			   yaml_unquoted(to->arena, change, "before"),
			   yaml_unquoted(to->arena, change, "after"), true);
}

static void names_add(struct collecting *to, const struct yaml *list, const char *before,
		      const char *after, bool core)
{
	yaml_each(name, list)
		option_add(to, unquote(to->arena, name->text), before, after, core);
}

static void saved_collect(struct collecting *to, const struct yaml *difference)
{
	const struct yaml *core = yaml_get(difference, "core"),
			  *modules = yaml_get(difference, "modules");

	names_add(to, yaml_get(core, "added"), NULL, "y", true);
	names_add(to, yaml_get(core, "removed"), "y", NULL, true);
	changed_add(to, yaml_get(core, "changed"));
	names_add(to, yaml_get(modules, "added"), NULL, "m", false);
	names_add(to, yaml_get(modules, "removed"), "m", NULL, false);
	changed_add(to, yaml_get(difference, "values"));
	to->options.places = yaml_unquoted(to->arena, difference, "places");
	to->options.series = yaml_unquoted(to->arena, yaml_get(difference, "rules"), "series");
	yaml_each(entry, yaml_get(difference, "layout_sensitive"))
		struct_add(to, yaml_unquoted(to->arena, entry, "option"),
			   yaml_unquoted(to->arena, entry, "where"),
			   yaml_unquoted(to->arena, entry, "image"));
	yaml_each(entry, yaml_get(difference, "dragged"))
		by_add(to, yaml_unquoted(to->arena, entry, "option"),
		       yaml_unquoted(to->arena, entry, "by"));
}

struct ledger_options ledger_options(struct arena *arena, const struct verdicts *verdicts)
{
	struct collecting to = {.arena = arena};
	const struct comparison *comparison = NULL;
	const struct yaml *saved = NULL;
	struct ledger_options options;
	size_t plain = 0;

	if (verdicts->saved)
		saved = yaml_get(verdicts->saved, "config_difference");
	else
		comparison = world_any_comparison(verdicts->world);
	if (comparison)
		comparison_collect(&to, comparison);
	else if (saved)
		saved_collect(&to, saved);
	to.options.compared = comparison || (saved && saved->kind == YAML_MAP);
	options = to.options;
	options.count = 0;
	/* options without a struct are dropped, from the end, until at most OPTIONS_MOST
	 * of them are left */
	array_each(option, &to.options)
		if (option->structs.count || plain++ < OPTIONS_MOST)
			options.list[options.count++] = *option;
	options.more = to.options.count - options.count;
	return options;
}

/* SPDX-License-Identifier: ISC */
/* Prints kernel configs and their differences, with the structs that follow from them,
 * as YAML or JSON. */
#include "report/yaml/yaml_keys.h"

#include <string.h>

static void yaml_option_names(struct emit *emit, const char *key,
			      const struct option_changes *changes)
{
	emit_each(emit, key, change, changes)
		emit_string(emit, change->name);
}

static void yaml_option_changes(struct emit *emit, const char *key,
				const struct option_changes *changes)
{
	emit_each(emit, key, change, changes) {
		emit_flow_map(emit);
		emit_key_string(emit, "option", change->name);
		emit_key_quoted(emit, "before", change->before);
		emit_key_quoted(emit, "after", change->after);
		emit_close(emit);
	}
}

/* The keys layout_sensitive and dragged. */
static void yaml_effects(struct emit *emit, const struct comparison *comparison)
{
	struct arena arena _cleanup_arena_ = {0};
	struct draggeds draggeds = comparison_dragged(&arena, comparison);

	emit_each(emit, "layout_sensitive", change, &comparison->structs) {
		/* it only contains a changed struct, which has its own entry */
		if (change->holder)
			continue;
		emit_flow_map(emit);
		emit_key_string(emit, "option", change->option);
		emit_key_string(
			emit, "where",
			arena_format(&arena, "struct %s in %s", change->name, change->where));
		emit_optional_string(emit, "image", change->place);
		emit_close(emit);
	}
	emit_each(emit, "dragged", dragged, &draggeds) {
		emit_flow_map(emit);
		emit_key_string(emit, "option", dragged->option);
		emit_key_string(emit, "by", dragged->by);
		emit_close(emit);
	}
}

void yaml_layout_rules(struct emit *emit, const struct layout_choice *layout)
{
	if (!emit_known(emit, "rules", layout->rules))
		return;
	emit_flow_map(emit);
	emit_key_quoted(emit, "series", layout_rules_series(layout->rules));
	emit_key_bool(emit, "exact", layout->exact);
	emit_close(emit);
}

void yaml_comparison_keys(struct emit *emit, const struct comparison *comparison)
{
	static const struct option_changes none;
	const struct config_difference *difference = &comparison->difference;

	emit_key_map(emit, "core");
	yaml_option_names(emit, "added", &difference->core_added);
	yaml_option_names(emit, "removed", &difference->core_removed);
	yaml_option_changes(emit, "changed", &difference->core_changed);
	emit_close(emit);
	emit_key_map(emit, "modules");
	yaml_option_names(emit, "added", &difference->modules_added);
	yaml_option_names(emit, "removed", &difference->modules_removed);
	yaml_option_changes(emit, "changed", &none);
	emit_close(emit);
	if (comparison->layout.rules) {
		yaml_effects(emit, comparison);
	} else {
		emit_key_string(emit, "layout_sensitive", NULL);
		emit_key_string(emit, "dragged", NULL);
	}
	yaml_layout_rules(emit, &comparison->layout);
	emit_key_string(emit, "places", comparison->places);
	yaml_option_changes(emit, "values", &difference->values);
}

/* ---- one entry for each option, for `kmodaudit config` ---- */

/* CORE: of tristates, the =y options that these can have turned on, or off; NULL: CHANGES
 * are of core options. */
static void yaml_lines_of(struct emit *emit, const struct comparison *comparison,
			  const struct option_changes *changes, const struct option_changes *core)
{
	const struct layout_rules *rules = comparison->layout.rules;
	static const struct option_changes none;
	struct arena arena _cleanup_arena_ = {0};

	array_each(change, changes) {
		struct strings structs = {0}, turns = {0};

		array_each(other, &comparison->structs)
			if (strcmp(other->option, change->name) == 0)
				*array_add(&arena, &structs) = other->name;
		strings_unique(&structs);
		array_each(other, rules && core ? core : &none) {
			const struct strings *by = layout_dragged_by(rules, other->name);

			if (by && strings_have(by, change->name + strlen("CONFIG_")))
				*array_add(&arena, &turns) = other->name;
		}

		emit_map(emit);
		emit_key_string(emit, "option", change->name);
		emit_key_quoted(emit, "before", change->before);
		emit_key_quoted(emit, "after", change->after);
		emit_key_string(emit, "class",
				!core		    ? "core"
				: !rules	    ? "not known"
				: structs.count > 0 ? "layout-sensitive"
				: turns.count > 0   ? "drags core options"
						    : "harmless");
		emit_key_strings(emit, "structs", &structs);
		if (core)
			emit_key_strings(emit, "drags", &turns);
		emit_close(emit);
	}
}

static void yaml_config_keys(struct emit *emit, const struct config *config)
{
	emit_key_string(emit, "source", config->witness);
	emit_key_quoted(emit, "release", config->release);
	emit_key_number(emit, "core", config->core);
	emit_key_number(emit, "modules", config->modules);
	emit_key_quoted(emit, "vermagic", config->vermagic);
	emit_key_bool(emit, "resolved", config->resolved);
}

bool yaml_config(FILE *out, enum emit_form form, const struct config *config, struct error *error)
{
	struct emit *emit = emit_begin(out, form, true);

	emit_map(emit);
	emit_key_string(emit, "kind", "config");
	yaml_config_keys(emit, config);
	emit_close(emit);
	return emit_end(emit, error);
}

bool yaml_config_difference(FILE *out, enum emit_form form, const struct comparison *comparison,
			    struct error *error)
{
	struct emit *emit = emit_begin(out, form, false);

	emit_map(emit);
	emit_key_map(emit, "a");
	yaml_config_keys(emit, comparison->image);
	emit_close(emit);
	emit_key_map(emit, "b");
	yaml_config_keys(emit, comparison->feed);
	emit_close(emit);
	emit_key_map(emit, "config_difference");
	yaml_comparison_keys(emit, comparison);
	const struct config_difference *difference = &comparison->difference;

	emit_key_list(emit, "lines");
	yaml_lines_of(emit, comparison, &difference->core_added, NULL);
	yaml_lines_of(emit, comparison, &difference->core_removed, NULL);
	yaml_lines_of(emit, comparison, &difference->core_changed, NULL);
	yaml_lines_of(emit, comparison, &difference->modules_added, &difference->core_added);
	yaml_lines_of(emit, comparison, &difference->modules_removed, &difference->core_removed);
	yaml_lines_of(emit, comparison, &difference->values, NULL);
	emit_close(emit);
	emit_close(emit);
	emit_close(emit);
	return emit_end(emit, error);
}

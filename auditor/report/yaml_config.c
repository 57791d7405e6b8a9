#include "report/yaml_keys.h"

static void yaml_option_names(struct emit *emit, const char *key, const struct option_changes *changes)
{
	emit_key(emit, key);
	emit_list(emit);
	array_each(change, changes)
		emit_string(emit, change->name);
	emit_close(emit);
}

static void yaml_option_changes(struct emit *emit, const char *key, const struct option_changes *changes)
{
	emit_key(emit, key);
	emit_list(emit);
	array_each(change, changes) {
		emit_flow_map(emit);
		emit_key_string(emit, "option", change->name);
		emit_key_quoted(emit, "before", change->before);
		emit_key_quoted(emit, "after", change->after);
		emit_close(emit);
	}
	emit_close(emit);
}

void yaml_difference_keys(struct emit *emit, const struct config_difference *difference)
{
	static const struct option_changes none;

	emit_key(emit, "core");
	emit_map(emit);
	yaml_option_names(emit, "added", &difference->core_added);
	yaml_option_names(emit, "removed", &difference->core_removed);
	yaml_option_changes(emit, "changed", &difference->core_changed);
	emit_close(emit);
	emit_key(emit, "modules");
	emit_map(emit);
	yaml_option_names(emit, "added", &difference->modules_added);
	yaml_option_names(emit, "removed", &difference->modules_removed);
	yaml_option_changes(emit, "changed", &none);
	emit_close(emit);
	emit_key(emit, "layout_sensitive");
	emit_null(emit);
	emit_key(emit, "dragged");
	emit_null(emit);
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

bool yaml_config(FILE *out, const struct config *config, struct error *error)
{
	struct emit *emit = emit_begin(out, true);

	emit_map(emit);
	emit_key_string(emit, "kind", "config");
	yaml_config_keys(emit, config);
	emit_close(emit);
	return emit_end(emit, error);
}

bool yaml_config_difference(FILE *out, const struct config *a, const struct config *b,
			    const struct config_difference *difference, struct error *error)
{
	struct emit *emit = emit_begin(out, false);

	emit_map(emit);
	emit_key(emit, "a");
	emit_map(emit);
	yaml_config_keys(emit, a);
	emit_close(emit);
	emit_key(emit, "b");
	emit_map(emit);
	yaml_config_keys(emit, b);
	emit_close(emit);
	emit_key(emit, "config_difference");
	emit_map(emit);
	yaml_difference_keys(emit, difference);
	yaml_option_changes(emit, "values", &difference->values);
	emit_close(emit);
	emit_close(emit);
	return emit_end(emit, error);
}

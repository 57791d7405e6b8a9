/* SPDX-License-Identifier: ISC */
/* Compiles the parts of a release and target into symbols with their values, and
 * composes sets of them (OpenWrt include/kernel-defaults.mk, scripts/kconfig.pl
 * "m+", scripts/package-metadata.pl kconfig). */
#include "facts/search/set_compose.h"

#include <string.h>

/* A model that is being made. */
struct making {
	struct arena *arena;
	struct set_model *model;
	struct map value_of; /* "NAME=VALUE" -> value */
};

static uint32_t symbol_add(struct making *making, const char *name)
{
	struct set_model *model = making->model;
	uint32_t known = map_get(&model->symbol_of, name);
	struct set_symbol *symbol;

	if (known != MAP_NONE)
		return known;
	symbol = array_add(making->arena, &model->symbols);
	*symbol = (struct set_symbol){
		.name = name, .own = SET_NONE, .yes = SET_NONE, .module = SET_NONE};
	return map_put(&model->symbol_of, making->arena, name,
		       (uint32_t)(model->symbols.count - 1));
}

static uint32_t value_add(struct making *making, uint32_t symbol, const char *text)
{
	struct set_model *model = making->model;
	const char *line =
		arena_format(making->arena, "%s=%s", model->symbols.list[symbol].name, text);
	uint32_t known = map_get(&making->value_of, line);
	struct set_value *value;

	if (known != MAP_NONE)
		return known;
	value = array_add(making->arena, &model->values);
	value->text = text;
	value->line = SET_NONE;
	value->yes = strcmp(text, "y") == 0;
	value->no = strcmp(text, "n") == 0;
	/* a build does not ask for CONFIG_INITRAMFS_SOURCE and similar options */
	if (!set_line_wrong(span_text(line)) && !strstr(line, "INITRAMFS"))
		*array_add(making->arena, &model->lines) = line;
	return map_put(&making->value_of, making->arena, line, (uint32_t)(model->values.count - 1));
}

/* Splits LINE, "NAME=VALUE" or "# NAME is not set", which is the value n. False if
 * it is neither. */
static bool line_split(struct making *making, const char *line, uint32_t *symbol, uint32_t *value)
{
	struct span text = span_text(line), name, rest;

	if (span_starts(text, "# CONFIG_")) {
		text = span_skip(text, 2);
		if (!span_split(text, ' ', &name, &rest) || !span_is(rest, "is not set"))
			return false;
		rest = SPAN_OF("n");
	} else if (!span_starts(text, "CONFIG_") || !span_split(text, '=', &name, &rest)) {
		return false;
	}
	*symbol = symbol_add(making, arena_string(making->arena, name));
	*value = value_add(making, *symbol, arena_string(making->arena, rest));
	return true;
}

static void packages_add(struct making *making)
{
	struct set_model *model = making->model;
	const struct abi_kmods *kmods = &model->parts->kmods;
	uint32_t symbol, value;

	model->asked = arena_get(making->arena, (kmods->count + 1) * sizeof *model->asked);
	for (size_t i = 0; i < kmods->count; i++) {
		const struct abi_kmod *kmod = &kmods->list[i];
		size_t count = 0;

		map_put(&model->package_of, making->arena, kmod->name, (uint32_t)i);
		model->asked[i] =
			arena_get(making->arena, (kmod->lines.count + 1) * sizeof **model->asked);
		array_each(line, &kmod->lines) {
			if (!line_split(making, *line, &symbol, &value))
				continue;
			*array_add(making->arena, &model->symbols.list[symbol].askers) =
				(struct set_asker){(uint32_t)i, value};
			model->asked[i][count++] = symbol;
		}
		model->asked[i][count] = SET_NONE;
	}
}

/* Numbers the lines in sorted order. */
static void lines_number(struct making *making)
{
	struct set_model *model = making->model;

	strings_unique(&model->lines);
	model->line_symbol =
		arena_get(making->arena, (model->lines.count + 1) * sizeof *model->line_symbol);
	model->line_value =
		arena_get(making->arena, (model->lines.count + 1) * sizeof *model->line_value);
	for (size_t i = 0; i < model->lines.count; i++) {
		const char *line = model->lines.list[i];
		uint32_t value = map_get(&making->value_of, line);
		struct span name = span_head(span_text(line), strcspn(line, "="));

		model->values.list[value].line = (uint32_t)i;
		model->line_value[i] = value;
		model->line_symbol[i] =
			map_get(&model->symbol_of, arena_string(making->arena, name));
	}
}

struct set_model *set_model_of(struct arena *arena, const struct abi_parts *parts,
			       const struct strings *extra)
{
	struct set_model *model = arena_new(arena, struct set_model);
	struct making making = {.arena = arena, .model = model};
	uint32_t symbol, value;

	model->parts = parts;
	array_each(line, &parts->own)
		if (line_split(&making, *line, &symbol, &value))
			model->symbols.list[symbol].own = value;
	array_each(line, &parts->options)
		if (line_split(&making, *line, &symbol, &value))
			model->symbols.list[symbol].option = true;
	array_each(option, &parts->menu)
		if (line_split(&making, option->line, &symbol, &value))
			model->symbols.list[symbol].option = true;
	packages_add(&making);
	for (size_t i = 0; extra && i < extra->count; i++)
		(void)line_split(&making, extra->list[i], &symbol, &value);
	for (uint32_t i = 0; i < model->symbols.count; i++) {
		uint32_t yes = value_add(&making, i, "y"), module = value_add(&making, i, "m");

		model->symbols.list[i].yes = yes;
		model->symbols.list[i].module = module;
	}
	lines_number(&making);
	return model;
}

uint32_t set_model_symbol(const struct set_model *model, const char *name)
{
	uint32_t symbol = map_get(&model->symbol_of, name);

	return symbol == MAP_NONE ? SET_NONE : symbol;
}

uint32_t set_model_line(const struct set_model *model, const char *text)
{
	size_t at = array_lower(line, &model->lines, strcmp(*line, text) < 0);

	return at < model->lines.count && strcmp(model->lines.list[at], text) == 0 ? (uint32_t)at
										   : SET_NONE;
}

static struct set_state set_state_new(struct arena *arena, const struct set_model *model)
{
	size_t symbols = model->symbols.count + 1;

	return (struct set_state){
		.package = arena_get(arena, model->parts->kmods.count + 1),
		.option = arena_get(arena, symbols),
		.forced = arena_get(arena, symbols * sizeof(uint32_t)),
	};
}

struct set_state set_state_copy(struct arena *arena, const struct set_model *model,
				const struct set_state *state)
{
	struct set_state copy = set_state_new(arena, model);

	memcpy(copy.package, state->package, model->parts->kmods.count);
	memcpy(copy.option, state->option, model->symbols.count);
	memcpy(copy.forced, state->forced, model->symbols.count * sizeof *state->forced);
	return copy;
}

void set_state_select(const struct set_model *model, struct set_state *state,
		      const struct strings *names)
{
	memset(state->package, 0, model->parts->kmods.count);
	array_each(name, names) {
		uint32_t package = map_get(&model->package_of, *name);

		if (package != MAP_NONE)
			state->package[package] = 1;
	}
}

struct set_state set_state_official(struct arena *arena, const struct set_model *model)
{
	struct set_state state = set_state_new(arena, model);

	for (size_t i = 0; i < model->symbols.count; i++)
		state.forced[i] = SET_UNFORCED;
	array_each(line, &model->parts->options) {
		bool off = (*line)[0] == '#';
		const char *name = *line + (off ? 2 : 0);
		struct span bare = span_head(span_text(name), strcspn(name, "= "));
		uint32_t symbol = set_model_symbol(model, arena_string(arena, bare));

		if (symbol != SET_NONE)
			state.option[symbol] = off ? SET_OPTION_OFF : SET_OPTION_ON;
	}
	set_state_select(model, &state, &model->parts->selected);
	return state;
}

uint32_t set_line(const struct set_model *model, const struct set_state *state, uint32_t number)
{
	const struct set_symbol *symbol = &model->symbols.list[number];
	const struct set_value *values = model->values.list;
	uint32_t value = symbol->own, asked = SET_NONE;

	if (state->forced[number] != SET_UNFORCED)
		return state->forced[number] == SET_NONE ? SET_NONE
							 : values[state->forced[number]].line;
	if (state->option[number] != SET_OPTION_ABSENT)
		value = state->option[number] == SET_OPTION_ON ? symbol->yes : SET_NONE;
	/* the selected packages ask for that of the last one in build order, but y stays */
	array_each(asker, &symbol->askers)
		if (state->package[asker->package] && (asked == SET_NONE || !values[asked].yes))
			asked = asker->value;
	/* merged into the config: n removes nothing, and y stays */
	if (asked != SET_NONE && !values[asked].no && (value == SET_NONE || !values[value].yes))
		value = asked;
	return value == SET_NONE ? SET_NONE : values[value].line;
}

struct config_set set_compose(struct arena *arena, const struct set_model *model,
			      const struct set_state *state)
{
	struct strings lines = {0};

	for (uint32_t i = 0; i < model->symbols.count; i++) {
		uint32_t line = set_line(model, state, i);

		if (line != SET_NONE)
			*array_add(arena, &lines) = model->lines.list[line];
	}
	return config_set_of(arena, &lines);
}

void set_transfer(struct set_model *model, struct set_state *state, const struct config_set *set)
{
	struct arena arena _cleanup_arena_ = {0};
	uint32_t *wanted = arena_raw(&arena, (model->symbols.count + 1) * sizeof *wanted);

	for (size_t i = 0; i < model->symbols.count; i++)
		wanted[i] = SET_NONE;
	array_each(text, &set->lines) {
		uint32_t line = set_model_line(model, *text);

		if (line != SET_NONE)
			wanted[model->line_symbol[line]] = line;
	}
	/* the smallest change: of the option, else of the target's own line, else of the
	 * packages that ask for it */
	for (uint32_t i = 0; i < model->symbols.count; i++) {
		struct set_symbol *symbol = &model->symbols.list[i];
		uint32_t value = wanted[i] == SET_NONE ? SET_NONE : model->line_value[wanted[i]];

		if (set_line(model, state, i) == wanted[i])
			continue;
		if (symbol->option)
			state->option[i] = value != SET_NONE && value == symbol->yes
						   ? SET_OPTION_ON
						   : SET_OPTION_OFF;
		if (set_line(model, state, i) == wanted[i])
			continue;
		state->option[i] = SET_OPTION_ABSENT;
		symbol->own = value;
		if (set_line(model, state, i) != wanted[i])
			symbol->askers.count = 0;
	}
}

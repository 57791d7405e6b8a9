/* SPDX-License-Identifier: ISC */
/* Reads rules/kernel/SERIES.yaml and answers which structs a kernel option changes and
 * which exported symbols handle a subsystem's structs. */
#include "facts/compare/layout_rules.h"
#include "facts/module/series.h"
#include "facts/module/symbol_set.h"

#include <string.h>

/* Symbols that apply to several subsystems. */
struct symbol_group {
	struct strings subsystems;
	struct symbol_set symbols;
};

struct symbol_groups {
	struct symbol_group *list;
	size_t count, room;
};

struct layout_rules {
	const char *series;
	const struct yaml *structs, *layout, *constants, *core, *effects;
	const struct layout_reach *reach;
	struct symbol_groups direct, clean;
	struct symbol_set options; /* tristates of the series' sources */
	bool lists_options;
	struct map dragged; /* bool option -> index in DRAGS */
	struct {
		struct strings *list;
		size_t count, room;
	} drags;
};

static void groups_read(struct arena *arena, const struct yaml *root, struct layout_rules *rules)
{
	yaml_each(subsystem, yaml_get(root, "direct")) {
		struct symbol_group *group = array_add(arena, &rules->direct);

		*array_add(arena, &group->subsystems) = subsystem->key;
		symbol_set_read(arena, subsystem, &group->symbols);
	}
	yaml_each(entry, yaml_get(root, "clean")) {
		struct symbol_group *group = array_add(arena, &rules->clean);

		yaml_each(subsystem, yaml_get(entry, "of"))
			*array_add(arena, &group->subsystems) =
				subsystem->text ? subsystem->text : "";
		symbol_set_read(arena, yaml_get(entry, "symbols"), &group->symbols);
	}
}

/* An entry is {turns_on: [BOOL, "BOOL if CONDITION"], by: [TRISTATE]}. */
static void drags_read(struct arena *arena, const struct yaml *root, struct layout_rules *rules)
{
	yaml_each(entry, yaml_get(root, "drag"))
		yaml_each(turned, yaml_get(entry, "turns_on")) {
			struct span rest = span_text(turned->text ? turned->text : ""),
				    name = {NULL, 0};

			if (!span_token(&rest, &name))
				continue;
			uint32_t at = map_put(&rules->dragged, arena, arena_string(arena, name),
					      (uint32_t)rules->drags.count);
			if (at == rules->drags.count)
				array_add(arena, &rules->drags);
			yaml_each(by, yaml_get(entry, "by"))
				*array_add(arena, &rules->drags.list[at]) =
					by->text ? by->text : "";
		}
	array_each(drag, &rules->drags)
		strings_unique(drag);
}

static bool rules_begin(struct arena *arena, const char *name, struct span text,
			const struct yaml **root, struct layout_rules *rules, struct error *error)
{
	if (!yaml_parse(arena, name, text, root, error))
		return false;

	const char *schema = yaml_text(*root, "schema");
	if (!schema || strcmp(schema, "kmodaudit/layout-rules/1") != 0)
		return fail(error, "%s: schema is not kmodaudit/layout-rules/1", name);
	rules->series = yaml_text(*root, "series");
	rules->effects = yaml_get(*root, "effects");
	return true;
}

bool layout_effects_read(struct arena *arena, const char *name, struct span text,
			 const struct layout_rules **ret, struct error *error)
{
	static const char *const keys[] = {"schema", "series", "effects", NULL};
	struct layout_rules *rules = arena_new(arena, struct layout_rules);
	const struct yaml *root;

	*ret = rules;
	return rules_begin(arena, name, yaml_blocks(arena, text, keys), &root, rules, error);
}

bool layout_rules_read(struct arena *arena, const char *name, struct span text,
		       const struct layout_rules **ret, struct error *error)
{
	struct layout_rules *rules = arena_new(arena, struct layout_rules);
	const struct yaml *root;

	if (!rules_begin(arena, name, text, &root, rules, error))
		return false;
	rules->structs = yaml_get(root, "structs");
	rules->layout = yaml_get(root, "layout");
	rules->constants = yaml_get(root, "constants");
	rules->core = yaml_get(root, "core");
	if (!rules->series || !rules->structs || !rules->layout)
		return fail(error, "%s: it lacks series, structs or layout", name);
	groups_read(arena, root, rules);
	/* a plain list, or the compact form of symbol_set */
	const struct yaml *options = yaml_get(root, "options");
	rules->lists_options = options != NULL;
	if (options && options->kind == YAML_MAP)
		symbol_set_read(arena, options, &rules->options);
	else if (options)
		yaml_each(option, options)
			if (option->text)
				map_put(&rules->options.names, arena, option->text, 1);
	drags_read(arena, root, rules);
	rules->reach = layout_reach_read(arena, root);
	*ret = rules;
	return true;
}

const char *layout_rules_series(const struct layout_rules *rules)
{
	return rules->series;
}

bool layout_rules_of(const struct layout_rules *rules, const char *release)
{
	struct series own = series_read(release), theirs = series_read(rules->series);

	return own.known && theirs.known && own.major == theirs.major && own.minor == theirs.minor;
}

const struct layout_reach *layout_rules_reach(const struct layout_rules *rules)
{
	return rules->reach;
}

bool layout_rules_graded(const struct layout_rules *rules)
{
	return rules->direct.count > 0 && rules->clean.count > 0;
}

/* ---- which structs an option changes ---- */

static bool is(const char *value, char wanted)
{
	return value && value[0] == wanted && value[1] == '\0';
}

static bool is_on(const char *value)
{
	return is(value, 'y') || is(value, 'm');
}

/* Returns NULL if the change is known already. */
static struct struct_change *change_add(struct arena *arena, const struct layout_rules *rules,
					const char *name, const char *option, const char *what,
					struct struct_changes *changes)
{
	const struct yaml *entry = yaml_get(rules->structs, name);
	const char *subsystem = yaml_text(entry, "subsystem"), *header = yaml_text(entry, "header");

	if (array_any(change, changes,
		      strcmp(change->name, name) == 0 && strcmp(change->option, option) == 0))
		return NULL;

	struct struct_change *change = array_add(arena, changes);
	*change = (struct struct_change){
		.name = name,
		.subsystem = subsystem ? subsystem : "",
		.option = option,
		.where = arena_format(arena, "%s%s%s", header ? header : "", header ? ": " : "",
				      what),
		.ambient = yaml_text(entry, "ambient") != NULL,
	};
	return change;
}

static void members_add(struct arena *arena, const struct layout_rules *rules,
			const struct yaml *structs, const char *option,
			struct struct_changes *changes)
{
	yaml_each(entry, structs) {
		struct strings members = {0};

		yaml_each(member, entry)
			*array_add(arena, &members) = member->text ? member->text : "";

		struct struct_change *change =
			change_add(arena, rules, entry->key, option,
				   strings_join(arena, &members, MEMBERS_TOLD), changes);

		if (change)
			change->members = members;
	}
}

/* Adds the structs that contain a changed struct by value. "holds" already
 * lists indirect ones. */
static void holders_add(struct arena *arena, const struct layout_rules *rules, size_t first,
			struct struct_changes *changes)
{
	size_t last = changes->count;

	yaml_each(entry, rules->structs)
		yaml_each(held, yaml_get(entry, "holds"))
			for (size_t i = first; i < last && held->text; i++)
				if (strcmp(changes->list[i].name, held->text) == 0)
					change_add(arena, rules, entry->key,
						   changes->list[i].option,
						   arena_format(arena, "it contains struct %s",
								held->text),
						   changes);
	for (size_t i = last; i < changes->count; i++)
		changes->list[i].holder = true;
}

void layout_changes(struct arena *arena, const struct layout_rules *rules, const char *option,
		    const char *before, const char *after, struct struct_changes *changes)
{
	const char *name = option_bare(option);
	size_t first = changes->count;

	if (is_on(before) != is_on(after)) {
		members_add(arena, rules, yaml_get(rules->layout, name), option, changes);
		/* an option that adds constants to an enum moves the later ones and changes the
		 * size of arrays */
		yaml_each(entry, rules->constants) {
			const char *by = yaml_text(entry, "option"),
				   *group = yaml_text(entry, "enum");

			if (!by || strcmp(by, name) != 0)
				continue;
			yaml_each(sized, yaml_get(entry, "sizes"))
				change_add(arena, rules, sized->text, option,
					   arena_format(arena, "its size depends on %s",
							group ? group : "a constant"),
					   changes);
		}
	}
	/* To #ifdef =m counts as not set; for a number any other value is a change. */
	if (is(before, 'y') != is(after, 'y') || (!is_on(before) && !is_on(after)))
		members_add(arena, rules, yaml_get(rules->core, name), option, changes);
	holders_add(arena, rules, first, changes);
}

const struct strings *layout_dragged_by(const struct layout_rules *rules, const char *option)
{
	uint32_t at = map_get(&rules->dragged, option_bare(option));

	return at == MAP_NONE ? NULL : &rules->drags.list[at];
}

enum option_origin layout_option(const struct layout_rules *rules, const char *option)
{
	if (!rules->lists_options)
		return OPTION_UNKNOWN;
	return symbol_set_has(&rules->options, option_bare(option)) ? OPTION_KNOWN : OPTION_FOREIGN;
}

struct effects layout_effects(struct arena *arena, const struct layout_rules *rules)
{
	struct effects effects = {0};

	yaml_each(effect, rules->effects)
		yaml_each(exported, yaml_get(effect, "exports"))
			if (exported->text)
				*array_add(arena, &effects) = (struct effect){
					arena_format(arena, "CONFIG_%s", effect->key),
					exported->text};
	return effects;
}

const char *layout_exporter(struct arena *arena, const struct layout_rules *rules,
			    const char *symbol)
{
	yaml_each(effect, rules->effects)
		yaml_each(exported, yaml_get(effect, "exports"))
			if (exported->text && strcmp(exported->text, symbol) == 0)
				return arena_format(arena, "CONFIG_%s", effect->key);
	return NULL;
}

/* ---- which symbols handle a struct ---- */

static bool groups_have(const struct symbol_groups *groups, const char *subsystem,
			const char *symbol)
{
	return array_any(group, groups,
			 strings_have(&group->subsystems, subsystem) &&
				 symbol_set_has(&group->symbols, symbol));
}

enum exposure layout_exposure(const struct layout_rules *rules, const char *subsystem,
			      const char *symbol)
{
	if (groups_have(&rules->direct, subsystem, symbol))
		return EXPOSURE_DIRECT;
	return groups_have(&rules->clean, subsystem, symbol) ? EXPOSURE_CLEAN : EXPOSURE_NEAR;
}

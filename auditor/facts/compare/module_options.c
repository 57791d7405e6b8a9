/* SPDX-License-Identifier: ISC */
/* Reads which kernel option builds which module (rules/kernel/module-options.yaml) and
 * which modules are often built elsewhere (outside-modules.yaml). */
#include "facts/compare/module_options.h"

#include "base/text.h"
#include "base/yaml.h"

#include <ctype.h>
#include <string.h>

static bool schema_check(const char *name, const struct yaml *root, const char *wanted,
			 struct error *error)
{
	const char *schema = yaml_text(root, "schema");

	return (schema && strcmp(schema, wanted) == 0) ||
	       fail(error, "%s: schema is not %s", name, wanted);
}

static const char *uppercase(struct arena *arena, const char *prefix, const char *name)
{
	char *text = arena_chars(arena, span_text(arena_format(arena, "%s%s", prefix, name)));

	for (char *at = text; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return text;
}

static struct strings *list_of(struct arena *arena, struct module_options *options,
			       const char *module)
{
	uint32_t number = map_put(&options->numbers, arena, module, (uint32_t)options->count);

	if (number == options->count) {
		struct {
			struct strings *list;
			size_t count, room;
		} lists = {options->lists, options->count, options->room};

		*array_add(arena, &lists) = (struct strings){0};
		options->lists = lists.list;
		options->count = lists.count;
		options->room = lists.room;
	}
	return &options->lists[number];
}

/* The form of the file:
 *   named: [dummy, ...]             CONFIG_DUMMY builds dummy
 *   built_by:
 *   - ["8021q", VLAN_8021Q]         a module and the options that build it */
bool module_options_read(struct arena *arena, const char *name, struct span text,
			 struct module_options *ret, struct error *error)
{
	static const char *const keys[] = {"schema", "derived_from", "named", "built_by", NULL};
	const struct yaml *root;

	if (!yaml_parse(arena, name, text, &root, error) ||
	    !schema_check(name, root, "kmodaudit/module-options/1", error) ||
	    !yaml_only(name, root, keys, error))
		return false;
	yaml_each(module, yaml_get(root, "named"))
		if (module->text)
			*array_add(arena, list_of(arena, ret, module->text)) =
				uppercase(arena, "CONFIG_", module->text);
	yaml_each(row, yaml_get(root, "built_by")) {
		bool good = row->count >= 2;

		for (size_t i = 0; i < row->count; i++)
			good = good && row->list[i]->text;
		if (!good)
			return fail(error, "%s: line %zu: not a module and its options", name,
				    row->line);

		struct strings *options = list_of(arena, ret, row->list[0]->text);
		for (size_t i = 1; i < row->count; i++)
			*array_add(arena, options) =
				arena_format(arena, "CONFIG_%s", row->list[i]->text);
	}
	return true;
}

bool outside_modules_read(struct arena *arena, const char *name, struct span text,
			  struct module_options *ret, struct error *error)
{
	static const char *const keys[] = {"schema", "options", NULL};
	const struct yaml *root;

	if (!yaml_parse(arena, name, text, &root, error) ||
	    !schema_check(name, root, "kmodaudit/outside-modules/1", error) ||
	    !yaml_only(name, root, keys, error))
		return false;
	yaml_each(group, yaml_get(root, "options"))
		yaml_each(glob, yaml_get(group, "names"))
			if (glob->text)
				*array_add(arena, &ret->outside) = glob->text;
	return true;
}

/* If several options build a module, =y builds it in whatever the others are; =m makes
 * a file if none is =y. */
static int weight(const char *value)
{
	if (!value)
		return 0;
	return strcmp(value, "y") == 0 ? 3 : strcmp(value, "m") == 0 ? 2 : 1;
}

bool module_option_listed(const struct module_options *options, const struct config *config,
			  const char *module, struct module_option *ret)
{
	uint32_t number = options ? map_get(&options->numbers, module) : MAP_NONE;

	if (number == MAP_NONE)
		return false;
	*ret = (struct module_option){.several = options->lists[number].count > 1, .listed = true};
	for (size_t i = 0; i < options->lists[number].count; i++) {
		const char *option = options->lists[number].list[i],
			   *value = config_get(config, option);

		if (ret->option && weight(value) <= weight(ret->value))
			continue;
		ret->option = option;
		ret->value = value;
	}
	return true;
}

struct module_option module_option_get(struct arena *arena, const struct module_options *options,
				       const struct config *config, const char *module)
{
	struct module_option ret = {0};

	if (module_option_listed(options, config, module, &ret))
		return ret;
	ret.option = uppercase(arena, "CONFIG_", module);
	ret.value = config_get(config, ret.option);
	return ret;
}

bool option_outside(const struct module_options *options, const char *option)
{
	return options && globs_fit(&options->outside, option_bare(option));
}

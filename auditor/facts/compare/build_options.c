/* SPDX-License-Identifier: ISC */
/* Reads rules/kernel/build-options.yaml, the kernel options that change machine code
 * without changing any symbol's type, and looks options up in it. */
#include "facts/compare/build_options.h"

#include "base/text.h"
#include "base/yaml.h"

#include <string.h>

const char *const option_kind_name[OPTION_KIND_COUNT] = {"seed",   "flags",   "constant",
							 "inline", "machine", "record"};

static void names_read(struct arena *arena, const struct yaml *list, struct strings *names)
{
	yaml_each(name, list)
		if (name->text)
			*array_add(arena, names) = name->text;
}

bool build_options_read(struct arena *arena, const char *name, struct span text,
			struct build_options *ret, struct error *error)
{
	static const char *const keys[] = {"names", "not", "kind", "why", NULL};
	const struct yaml *root;

	if (!yaml_parse(arena, name, text, &root, error))
		return false;

	const char *schema = yaml_text(root, "schema");
	if (!schema || strcmp(schema, "kmodaudit/build-options/1") != 0)
		return fail(error, "%s: schema is not kmodaudit/build-options/1", name);
	*ret = (struct build_options){0};
	yaml_each(entry, yaml_get(root, "options")) {
		struct build_option *option = array_add(arena, ret);
		size_t kind =
			text_index(yaml_text(entry, "kind"), option_kind_name, OPTION_KIND_COUNT);

		if (!yaml_only(name, entry, keys, error))
			return false;
		*option = (struct build_option){.kind = (enum option_kind)kind,
						.why = yaml_text(entry, "why")};
		names_read(arena, yaml_get(entry, "names"), &option->names);
		names_read(arena, yaml_get(entry, "not"), &option->except);
		if (kind == OPTION_KIND_COUNT || !option->why || !option->names.count)
			return fail(error, "%s: line %zu: an entry needs names, a kind and why",
				    name, entry->line);
	}
	return true;
}

const struct build_option *build_option_find(const struct build_options *options,
					     const char *option)
{
	const char *name = option_bare(option);

	if (!options)
		return NULL;
	return array_find(entry, options,
			  globs_fit(&entry->names, name) && !globs_fit(&entry->except, name));
}

const char *build_options_seed(const struct build_options *options, const struct config *config)
{
	if (!options)
		return NULL;
	array_each(option, config) {
		if (strcmp(option->value, "y") != 0)
			continue;
		/* a cheap look at the few entries of this kind; the first entry that fits
		 * decides */
		if (!array_any(entry, options,
			       entry->kind == OPTION_SEED &&
				       globs_fit(&entry->names, option_bare(option->name))))
			continue;

		const struct build_option *found = build_option_find(options, option->name);
		if (found && found->kind == OPTION_SEED)
			return option->name;
	}
	return NULL;
}

/* SPDX-License-Identifier: ISC */
/* Answers from rules/kernel/SERIES.yaml which modules of the kernel's own sources an
 * option can change, and which exported symbols handle a struct. */
#include "facts/compare/layout_reach.h"

#include "base/text.h"
#include "facts/config/config.h"
#include "facts/module/symbol_set.h"

#include <string.h>

/* modules: an option of more changes what nearly all code of a subsystem handles */
enum { FEW = 300 };

struct layout_reach {
	struct map touched; /* option -> number in lists */
	struct {
		const char **list; /* "module module" */
		size_t count, room;
	} lists;
	const struct yaml *seen, *handles;
	struct symbol_set seen_set, modules;
	struct {
		const char *name;
		struct symbol_set symbols;
	} * handlers;
	size_t handler_count;
	struct {
		struct private_struct *list;
		size_t count, room;
	} privates;
};

static void words_read(struct arena *arena, const char *text, struct strings *words)
{
	struct span rest = span_text(text ? text : ""), word;

	while (span_token(&rest, &word))
		*array_add(arena, words) = arena_string(arena, word);
	strings_unique(words);
}

/* {options: "OPTION OPTION", modules: "module module"} */
static void touched_read(struct arena *arena, const struct yaml *touched,
			 struct layout_reach *reach)
{
	yaml_each(entry, touched) {
		const char *options = yaml_text(entry, "options"),
			   *modules = yaml_text(entry, "modules");
		struct span rest = span_text(options ? options : ""), word;

		if (!modules)
			continue;
		while (span_token(&rest, &word))
			map_put(&reach->touched, arena, arena_string(arena, word),
				(uint32_t)reach->lists.count);
		*array_add(arena, &reach->lists) = modules;
	}
}

/* The modules that OPTION touches, or NULL: no list has it. */
static const char *touched_list(const struct layout_reach *reach, const char *option)
{
	uint32_t at = map_get(&reach->touched, option_bare(option));

	return at == MAP_NONE ? NULL : reach->lists.list[at];
}

const struct layout_reach *layout_reach_read(struct arena *arena, const struct yaml *root)
{
	struct layout_reach *reach = arena_new(arena, struct layout_reach);

	reach->seen = yaml_get(root, "seen");
	touched_read(arena, yaml_get(root, "touched"), reach);
	reach->handles = yaml_get(root, "handles");
	symbol_set_read(arena, reach->seen, &reach->seen_set);
	symbol_set_read(arena, yaml_get(root, "modules"), &reach->modules);
	if (reach->handles)
		reach->handlers =
			arena_get(arena, (reach->handles->count + 1) * sizeof *reach->handlers);
	yaml_each(entry, reach->handles) {
		reach->handlers[reach->handler_count].name = entry->key;
		symbol_set_read(arena, entry, &reach->handlers[reach->handler_count++].symbols);
	}
	yaml_each(entry, yaml_get(root, "private")) {
		const char *option = yaml_text(entry, "option"),
			   *header = yaml_text(entry, "header");
		const char *structs = yaml_text(entry, "structs");
		struct private_struct *added;

		if (!option || !header || !structs)
			continue;
		added = array_add(arena, &reach->privates);
		*added = (struct private_struct){
			.option = option, .header = header, .structs = structs};
		words_read(arena, yaml_text(entry, "exports"), &added->exports);
		words_read(arena, yaml_text(entry, "modules"), &added->modules);
	}
	return reach;
}

bool layout_option_seen(const struct layout_reach *reach, const char *option)
{
	return !reach->seen || symbol_set_has(&reach->seen_set, option_bare(option));
}

bool layout_touch_known(const struct layout_reach *reach, const char *option)
{
	return touched_list(reach, option) || !layout_option_seen(reach, option);
}

bool layout_touch_few(const struct layout_reach *reach, const char *option)
{
	const char *list = touched_list(reach, option);
	struct span rest = span_text(list ? list : ""), word;
	size_t count = 0;

	while (count <= FEW && span_token(&rest, &word))
		count++;
	return layout_touch_known(reach, option) && count <= FEW;
}

bool layout_module_known(const struct layout_reach *reach, const char *name)
{
	return symbol_set_has(&reach->modules, name);
}

bool layout_module_spared(const struct layout_reach *reach, const char *option, const char *name)
{
	const char *list = touched_list(reach, option);

	if (!layout_module_known(reach, name) || !layout_touch_known(reach, option))
		return false;
	return !list || !text_has_word(list, name);
}

bool layout_handles(const struct layout_reach *reach, const char *name, const char *symbol)
{
	if (!reach->handles)
		return true;
	for (size_t i = 0; i < reach->handler_count; i++)
		if (strcmp(reach->handlers[i].name, name) == 0)
			return symbol_set_has(&reach->handlers[i].symbols, symbol);
	return false;
}

struct strings layout_handled(struct arena *arena, const struct layout_reach *reach,
			      const char *symbol)
{
	struct strings names = {0};

	for (size_t i = 0; i < reach->handler_count; i++)
		if (symbol_set_has(&reach->handlers[i].symbols, symbol))
			*array_add(arena, &names) = reach->handlers[i].name;
	return names;
}

struct private_structs layout_private(struct arena *arena, const struct layout_reach *reach,
				      const char *option)
{
	struct private_structs found = {0};

	array_each(entry, &reach->privates)
		if (strcmp(entry->option, option_bare(option)) == 0)
			*array_add(arena, &found) = entry;
	return found;
}

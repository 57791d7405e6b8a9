/* SPDX-License-Identifier: ISC */
/* Names the choices in which a build differs from the known build near which it was
 * found. */
#include "facts/search/set_turned.h"

static void turned_add(struct arena *arena, struct strings *turned, bool on, const char *what)
{
	*array_add(arena, turned) = arena_format(arena, "%c %s", on ? '+' : '-', what);
}

/* By what the build that was found differs from the base's own:
 * packages, options, lines. */
struct strings set_turned(struct arena *arena, const struct set_base *base,
			  const struct set_state *state, size_t *ret_packages)
{
	const struct set_model *model = base->model;
	const struct abi_options *menu = &base->parts.menu;
	struct strings turned = {0};

	for (unsigned on = 2; on-- > 0;)
		for (size_t i = 0; i < base->parts.kmods.count; i++)
			if (state->package[i] == on && base->official.package[i] != on)
				turned_add(arena, &turned, on, base->parts.kmods.list[i].name);
	*ret_packages = turned.count;
	for (uint32_t i = 0; i < model->symbols.count; i++) {
		bool on = state->option[i] == SET_OPTION_ON;

		if (on == (base->official.option[i] == SET_OPTION_ON))
			continue;

		/* "KERNEL_AIO" for CONFIG_AIO where that is an option of the menu */
		const struct abi_option *option =
			array_find(one, menu, base->options.symbol[one - menu->list] == i);

		turned_add(arena, &turned, on, option ? option->name : model->symbols.list[i].name);
	}
	for (uint32_t i = 0; i < model->symbols.count; i++) {
		uint32_t before = set_line(model, &base->official, i);
		uint32_t after = set_line(model, state, i);

		if (state->forced[i] == SET_UNFORCED)
			continue;
		if (before != SET_NONE)
			turned_add(arena, &turned, false, model->lines.list[before]);
		if (after != SET_NONE)
			turned_add(arena, &turned, true, model->lines.list[after]);
	}
	return turned;
}

enum { TURNED_MOST = 6 }; /* that one line names */

const char *set_turned_text(struct arena *arena, const struct set_base *base,
			    const struct set_state *state, const struct strings *turned,
			    size_t packages)
{
	const struct abi_build *build = &base->build;
	struct strings rest = {array_from(turned, packages), turned->count - packages, 0};
	const char *near = arena_format(arena, "%s %s", build->release, build->target);
	size_t selected = 0;

	if (packages <= TURNED_MOST)
		return arena_format(arena, "%s %s", near,
				    strings_join(arena, turned, 2 * TURNED_MOST));
	for (size_t i = 0; i < base->parts.kmods.count; i++)
		selected += state->package[i];
	return arena_format(arena, "%s with %zu of the packages that change the kernel%s%s", near,
			    selected, rest.count ? ", " : "",
			    rest.count ? strings_join(arena, &rest, 2 * TURNED_MOST) : "");
}

/* By what lines SET differs from the base's own. */
struct strings set_turned_lines(struct arena *arena, const struct set_base *base,
				const struct config_set *set)
{
	struct arena scratch _cleanup_arena_ = {0};
	struct config_set own = set_compose(&scratch, base->model, &base->official);
	struct strings lines = config_set_difference(&scratch, &own, set), turned = {0};

	array_each(line, &lines)
		turned_add(arena, &turned, (*line)[0] == '+', *line + 1);
	return turned;
}

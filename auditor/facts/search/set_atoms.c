/* SPDX-License-Identifier: ISC */
/* Lists the single choices that a search turns: options, packages with those that they
 * need (OpenWrt's DEPENDS), single lines. */
#include "facts/search/set_atoms.h"

/* A package that another one needs. */
struct need {
	uint32_t package;
	struct span condition; /* empty: always */
};

struct needs {
	struct need *list;
	size_t count, room;
};

struct listing {
	struct arena *arena;
	const struct set_options *options;
	const struct set_model *model;
	struct set_state state; /* as it was, between two atoms */
	struct set_state turned; /* the same, for packages that are being turned */
	struct frame frame; /* of STATE */
	struct needs *needs; /* per package */
	uint8_t *official; /* per package: the official build selects it */
	uint8_t *seen; /* per symbol: for touched_by() */
	struct map effects; /* of the atoms so far */
	struct set_atoms atoms;
};

/* Parses "+kmod-x", "+IPV6:kmod-x" or "kmod-y". "@X" is ignored: it is only a condition for
 * choosing the package. */
static void needs_read(struct listing *listing)
{
	const struct abi_kmods *kmods = &listing->model->parts->kmods;

	listing->needs = arena_get(listing->arena, (kmods->count + 1) * sizeof *listing->needs);
	for (size_t i = 0; i < kmods->count; i++)
		array_each(depend, &kmods->list[i].depends) {
			struct span text = span_text(*depend), condition = {0}, name;
			uint32_t package;

			if (span_starts(text, "@"))
				continue;
			if (span_starts(text, "+"))
				text = span_skip(text, 1);
			if (span_split(text, ':', &condition, &name))
				text = name;
			package = map_get(&listing->model->package_of,
					  arena_string(listing->arena, text));
			if (package != MAP_NONE)
				*array_add(listing->arena, &listing->needs[i]) =
					(struct need){package, condition};
		}
}

static void package_turn(struct listing *listing, uint32_t package, bool on,
			 struct set_turns *turns)
{
	listing->turned.package[package] = on;
	*array_add(listing->arena, turns) = (struct set_turn){SET_TURN_PACKAGE, package, on};
}

static void packages_back(struct listing *listing, const struct set_turns *turns)
{
	array_each(turn, turns)
		listing->turned.package[turn->index] = listing->state.package[turn->index];
}

/* Returns the turns that select PACKAGE and all that it needs. The result is also the
 * list of packages still to visit. */
static struct set_turns package_on(struct listing *listing, uint32_t package)
{
	struct set_turns turns = {0};

	package_turn(listing, package, true, &turns);
	for (size_t i = 0; i < turns.count; i++)
		array_each(need, &listing->needs[turns.list[i].index])
			if (!listing->turned.package[need->package] &&
			    set_options_truth(listing->options, &listing->turned,
					      need->condition) == TRUTH_YES)
				package_turn(listing, need->package, true, &turns);
	packages_back(listing, &turns);
	return turns;
}

/* Returns the turns that remove PACKAGE and all that need it. */
static struct set_turns package_off(struct listing *listing, uint32_t package)
{
	struct set_turns turns = {0};
	size_t before;

	package_turn(listing, package, false, &turns);
	do {
		before = turns.count;
		for (uint32_t i = 0; i < listing->model->parts->kmods.count; i++)
			if (listing->turned.package[i] &&
			    array_any(need, &listing->needs[i],
				      need->condition.size == 0 &&
					      listing->state.package[need->package] &&
					      !listing->turned.package[need->package]))
				package_turn(listing, i, false, &turns);
	} while (turns.count > before);
	packages_back(listing, &turns);
	return turns;
}

/* Adds an atom unless it changes nothing, or does the same as an earlier one. */
static void atom_add(struct listing *listing, const char *name, struct set_turns turns)
{
	struct arena *arena = listing->arena;
	struct touched touched = touched_by(arena, listing->model, &turns, listing->seen);
	struct change *changes = arena_raw(arena, (2 * touched.count + 1) * sizeof *changes);
	uint32_t *before = arena_raw(arena, (turns.count + 1) * sizeof *before);
	size_t count;
	char *effect; /* the changes as text, eight letters a line: upper case adds it */

	set_turns_do(&listing->state, &turns, before);
	count = frame_changes(&listing->frame, &listing->state, &touched, changes);
	set_turns_undo(&listing->state, &turns, before);
	effect = arena_raw(arena, count * sizeof changes[0].line * 2 + 1);
	for (size_t i = 0; i < count; i++)
		for (unsigned k = 0; k < 8; k++)
			effect[i * 8 + k] = (char)((changes[i].add ? 'A' : 'a') +
						   (changes[i].line >> (4 * k) & 15));
	effect[count * 8] = '\0';
	if (count == 0 || map_get(&listing->effects, effect) != MAP_NONE)
		return;
	map_put(&listing->effects, arena, effect, (uint32_t)listing->atoms.count);
	*array_add(arena, &listing->atoms) = (struct set_atom){name, turns};
}

static void options_list(struct listing *listing, bool prompt)
{
	const struct abi_options *menu = &listing->model->parts->menu;

	for (uint32_t i = 0; i < menu->count; i++) {
		bool on = set_option_on(listing->options, &listing->state, i);

		if (menu->list[i].prompt == prompt)
			atom_add(listing,
				 arena_format(listing->arena, "%c %s", on ? '-' : '+',
					      menu->list[i].name),
				 set_option_turns(listing->arena, listing->options, &listing->state,
						  i, !on));
	}
}

static void masters_list(struct listing *listing)
{
	struct strings masters = set_masters(listing->arena, listing->options);

	array_each(master, &masters)
		for (unsigned on = 0; on < 2; on++)
			atom_add(listing,
				 arena_format(listing->arena, "%c %s", on ? '+' : '-', *master),
				 set_master_turns(listing->arena, listing->options, &listing->state,
						  *master, on));
}

/* Adds packages that the official build selects (OFFICIAL) or does not select, and that
 * STATE does not select. */
static void packages_add_list(struct listing *listing, bool official)
{
	const struct abi_kmods *kmods = &listing->model->parts->kmods;

	for (uint32_t i = 0; i < kmods->count; i++)
		if (!listing->state.package[i] && listing->official[i] == official)
			atom_add(listing, arena_format(listing->arena, "+ %s", kmods->list[i].name),
				 package_on(listing, i));
}

static void packages_drop_list(struct listing *listing)
{
	const struct abi_kmods *kmods = &listing->model->parts->kmods;

	for (uint32_t i = 0; i < kmods->count; i++)
		if (listing->state.package[i])
			atom_add(listing, arena_format(listing->arena, "- %s", kmods->list[i].name),
				 package_off(listing, i));
}

static void line_force(struct listing *listing, char sign, const char *line, uint32_t symbol,
		       uint32_t value)
{
	struct set_turns turns = {0};

	*array_add(listing->arena, &turns) = (struct set_turn){SET_TURN_LINE, symbol, value};
	atom_add(listing, arena_format(listing->arena, "%c %s", sign, line), turns);
}

/* Adds lines that similar sets have. */
static void lines_add_list(struct listing *listing, const struct strings *lines)
{
	const struct set_model *model = listing->model;

	array_each(text, lines) {
		uint32_t line = set_model_line(model, *text);

		if (line != SET_NONE)
			line_force(listing, '+', *text, model->line_symbol[line],
				   model->line_value[line]);
	}
}

static void lines_drop_list(struct listing *listing)
{
	const struct set_model *model = listing->model;

	for (size_t i = 0; i < model->lines.count; i++)
		if (listing->frame.active[i])
			line_force(listing, '-', model->lines.list[i], model->line_symbol[i],
				   SET_NONE);
}

/* Adds, for each line, the change from =m to =y or the other way round. */
static void lines_change_list(struct listing *listing)
{
	const struct set_model *model = listing->model;

	for (size_t i = 0; i < model->lines.count; i++) {
		const struct set_symbol *symbol = &model->symbols.list[model->line_symbol[i]];
		uint32_t other = model->line_value[i] == symbol->yes ? symbol->module : symbol->yes;
		uint32_t line = model->values.list[other].line;

		if (listing->frame.active[i] && line != SET_NONE)
			line_force(listing, '+', model->lines.list[line], model->line_symbol[i],
				   other);
	}
}

struct set_atoms set_atoms_of(struct arena *arena, const struct set_options *options,
			      const struct set_state *state, const struct strings *lines, bool near)
{
	const struct set_model *model = options->model;
	struct set_state official = set_state_official(arena, model);
	struct listing listing = {
		.arena = arena,
		.options = options,
		.model = model,
		.state = set_state_copy(arena, model, state),
		.turned = set_state_copy(arena, model, state),
		.frame = frame_new(arena, model, frame_lengths(arena, model)),
		.official = official.package,
		.seen = arena_get(arena, model->symbols.count + 1),
	};

	frame_compose(&listing.frame, state);
	needs_read(&listing);
	if (near) {
		packages_drop_list(&listing);
		lines_drop_list(&listing);
	}
	options_list(&listing, true);
	masters_list(&listing);
	packages_add_list(&listing, true);
	packages_drop_list(&listing);
	options_list(&listing, false);
	packages_add_list(&listing, false);
	lines_add_list(&listing, lines);
	lines_drop_list(&listing);
	lines_change_list(&listing);
	return listing.atoms;
}

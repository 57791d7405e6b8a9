/* SPDX-License-Identifier: ISC */
/* Finds what else changes with a KERNEL_ option, by Kconfig's select, depends and
 * default, and which options the official builds set otherwise than a plain build. */
#include "facts/search/set_options.h"

#include <stdio.h>

enum { ROUNDS = 8 }; /* steps from an option to those that change with it; OpenWrt's menu needs 4 */

struct looking {
	const struct set_options *options;
	const struct set_state *state;
};

static const struct abi_options *menu_of(const struct set_options *options)
{
	return &options->model->parts->menu;
}

bool set_option_on(const struct set_options *options, const struct set_state *state,
		   uint32_t option)
{
	return options->symbol[option] != SET_NONE &&
	       state->option[options->symbol[option]] == SET_OPTION_ON;
}

/* Copies NAME to ROOM, for a map; empty if it is longer than any symbol. */
static const char *name_text(struct span name, char *room, size_t size)
{
	snprintf(room, size, "%.*s", name.size < size ? (int)name.size : 0,
		 (const char *)name.data);
	return room;
}

/* Evaluates a symbol of the target: TARGET_ath79 and TARGET_ath79_generic are YES for
 * ath79/generic. */
static enum truth target_truth(const char *target, struct span name)
{
	struct span whole = span_text(target), board, sub;

	if (!span_split(whole, '/', &board, &sub))
		return span_equal(whole, name) ? TRUTH_YES : TRUTH_NO;
	if (span_equal(board, name))
		return TRUTH_YES;
	if (name.size == board.size + 1 + sub.size &&
	    span_equal(span_head(name, board.size), board) &&
	    span_equal(span_skip(name, board.size + 1), sub))
		return TRUTH_YES;
	/* a device of this target; which one is not known */
	return name.size > whole.size && span_equal(span_head(name, board.size), board)
		       ? TRUTH_MAYBE
		       : TRUTH_NO;
}

static enum truth symbol_truth(const void *context, struct span name)
{
	const struct looking *looking = context;
	const struct set_options *options = looking->options;
	char room[128];
	uint32_t number;

	if (span_is(name, "SMALL_FLASH"))
		return options->small ? TRUTH_YES : TRUTH_NO;
	/* a feature of the target: assumed as its official build has it */
	if (text_ends(name_text(name, room, sizeof room), "_SUPPORT"))
		return TRUTH_YES;
	if (span_starts(name, "TARGET_"))
		return target_truth(options->model->parts->target, span_skip(name, 7));
	if (span_starts(name, "PACKAGE_") || span_starts(name, "kmod-")) {
		name = span_starts(name, "PACKAGE_") ? span_skip(name, 8) : name;
		number = map_get(&options->model->package_of, name_text(name, room, sizeof room));
		return number == MAP_NONE		 ? TRUTH_MAYBE
		       : looking->state->package[number] ? TRUTH_YES
							 : TRUTH_NO;
	}
	if (span_is(name, "IPV6"))
		name = SPAN_OF("KERNEL_IPV6");
	number = map_get(&options->option_of, name_text(name, room, sizeof room));
	if (number == MAP_NONE)
		return TRUTH_MAYBE;
	return set_option_on(options, looking->state, number) ? TRUTH_YES : TRUTH_NO;
}

enum truth set_options_truth(const struct set_options *options, const struct set_state *state,
			     struct span condition)
{
	struct looking looking = {options, state};

	return condition_truth(condition, symbol_truth, &looking);
}

/* The value in an option's "plain", "ath79/generic=y ath79/tiny=n x86/64=y", of the
 * target with that name or with a name that ends in it. */
static bool plain_on(const char *plain, bool small)
{
	struct span rest = span_text(plain), token, name, value;

	while (span_token(&rest, &token)) {
		bool tiny;

		if (!span_split(token, '=', &name, &value))
			continue;
		tiny = span_find(name, 0, SPAN_OF("tiny")) != SIZE_MAX;
		if (tiny == small)
			return span_is(value, "y");
	}
	return false;
}

/* "70 of 70": 1; "0 of 70": 0; -1 if it differs between targets. */
static int official_all(const char *official)
{
	unsigned on, all;

	if (sscanf(official, "%9u of %9u", &on, &all) != 2 || all == 0)
		return -1;
	return on == 0 ? 0 : on == all ? 1 : -1;
}

struct set_options set_options_of(struct arena *arena, const struct set_model *model)
{
	const struct abi_options *menu = &model->parts->menu;
	struct set_options options = {.model = model};
	struct set_state official = set_state_official(arena, model);
	long votes = 0;

	options.symbol = arena_get(arena, (menu->count + 1) * sizeof *options.symbol);
	for (size_t i = 0; i < menu->count; i++) {
		const char *line = menu->list[i].line;
		struct span name = span_head(span_text(line), strcspn(line, "="));

		options.symbol[i] = set_model_symbol(model, arena_string(arena, name));
		map_put(&options.option_of, arena, menu->list[i].name, (uint32_t)i);
	}
	/* The target has little flash if, of the options whose default depends on that and that
	 * the official builds leave at their default, most have the value for little flash. */
	for (uint32_t i = 0; i < menu->count; i++) {
		const struct abi_option *option = &menu->list[i];
		bool large = plain_on(option->plain, false), small = plain_on(option->plain, true);

		if (large == small || official_all(option->official) >= 0 ||
		    !condition_mentions(option->defaults, SPAN_OF("SMALL_FLASH")))
			continue;
		votes += set_option_on(&options, &official, i) == small ? 1 : -1;
	}
	options.small = votes > 0;
	return options;
}

void set_options_plain(const struct set_options *options, struct set_state *state,
		       bool all_packages)
{
	for (uint32_t i = 0; i < menu_of(options)->count; i++) {
		const struct abi_option *option = &menu_of(options)->list[i];
		bool plain = plain_on(option->plain, options->small);
		int official = official_all(option->official);
		bool never = !plain && !plain_on(option->plain, !options->small);

		if (all_packages && never)
			continue;
		if (strchr(option->plain, '=') != NULL && official >= 0 && official != plain &&
		    options->symbol[i] != SET_NONE)
			state->option[options->symbol[i]] = plain ? SET_OPTION_ON : SET_OPTION_OFF;
	}
}

/* A choice that is being made: STATE is a copy that changes, TURNS are the changes. */
struct dragging {
	struct arena *arena;
	const struct set_options *options;
	struct set_state state;
	struct set_turns turns;
	uint8_t *turned; /* per option of the menu */
	struct {
		uint32_t *list;
		size_t count, room;
	} order; /* the options that were turned */
};

static struct dragging dragging_begin(struct arena *arena, const struct set_options *options,
				      const struct set_state *state)
{
	return (struct dragging){
		.arena = arena,
		.options = options,
		.state = set_state_copy(arena, options->model, state),
		.turned = arena_get(arena, menu_of(options)->count + 1),
	};
}

static bool option_turn(struct dragging *dragging, uint32_t option, bool on)
{
	uint32_t symbol = dragging->options->symbol[option];
	enum set_option_state value = on ? SET_OPTION_ON : SET_OPTION_OFF;

	if (symbol == SET_NONE || dragging->turned[option] ||
	    set_option_on(dragging->options, &dragging->state, option) == on)
		return false;
	dragging->turned[option] = 1;
	*array_add(dragging->arena, &dragging->order) = option;
	dragging->state.option[symbol] = (uint8_t)value;
	*array_add(dragging->arena, &dragging->turns) =
		(struct set_turn){SET_TURN_OPTION, symbol, value};
	return true;
}

/* Finds the next option among the names in REST and moves REST behind it; false
 * at the end. */
static bool option_next(const struct dragging *dragging, struct span *rest, uint32_t *ret)
{
	struct span token;
	char room[128];

	while (span_token(rest, &token)) {
		if (token.size && token.data[token.size - 1] == ';')
			token = span_head(token, token.size - 1);
		*ret = map_get(&dragging->options->option_of, name_text(token, room, sizeof room));
		if (*ret != MAP_NONE)
			return true;
	}
	return false;
}

/* Turns on the names in NAMES ("KERNEL_A; KERNEL_B if arm", "KERNEL_A && (x || y)")
 * that need no condition. */
static bool names_turn(struct dragging *dragging, const char *names)
{
	struct span rest = span_text(names);
	uint32_t option;
	bool any = false;

	while (option_next(dragging, &rest, &option))
		any |= option_turn(dragging, option, true);
	return any;
}

static bool selects_turned_off(const struct dragging *dragging, const char *selects)
{
	struct span rest = span_text(selects);
	uint32_t option;

	while (option_next(dragging, &rest, &option))
		if (dragging->turned[option] &&
		    !set_option_on(dragging->options, &dragging->state, option))
			return true;
	return false;
}

static bool mentions_turned(const struct dragging *dragging, const char *expression)
{
	const struct abi_options *menu = menu_of(dragging->options);

	array_each(option, &dragging->order) {
		const char *name = menu->list[*option].name;

		if (condition_mentions(expression, span_text(name)) ||
		    (strcmp(name, "KERNEL_IPV6") == 0 &&
		     condition_mentions(expression, SPAN_OF("IPV6"))))
			return true;
	}
	return false;
}

/* Adapts one option after others were turned: off if a dependency or an option that it
 * selects is off now; on if its dependencies are met now and it is on by default. */
static bool option_follow(struct dragging *dragging, uint32_t number)
{
	const struct abi_option *option = &menu_of(dragging->options)->list[number];
	struct looking looking = {dragging->options, &dragging->state};
	bool on = set_option_on(dragging->options, &dragging->state, number);
	enum truth allowed;

	if (on && selects_turned_off(dragging, option->selects))
		return option_turn(dragging, number, false);
	if (!mentions_turned(dragging, option->depends) &&
	    !mentions_turned(dragging, option->defaults))
		return false;
	allowed =
		set_options_truth(dragging->options, &dragging->state, span_text(option->depends));
	if (on && allowed == TRUTH_NO)
		return option_turn(dragging, number, false);
	if (on || allowed == TRUTH_NO ||
	    condition_default(span_text(option->defaults), symbol_truth, &looking) != TRUTH_YES)
		return false;
	return option_turn(dragging, number, true) | names_turn(dragging, option->selects);
}

static struct set_turns drag(struct dragging *dragging)
{
	bool any = true;

	for (unsigned round = 0; any && round < ROUNDS; round++) {
		any = false;
		for (uint32_t i = 0; i < menu_of(dragging->options)->count; i++)
			if (!dragging->turned[i])
				any |= option_follow(dragging, i);
	}
	return dragging->turns;
}

struct set_turns set_option_turns(struct arena *arena, const struct set_options *options,
				  const struct set_state *state, uint32_t option, bool on)
{
	struct dragging dragging = dragging_begin(arena, options, state);
	const struct abi_option *chosen = &menu_of(options)->list[option];

	option_turn(&dragging, option, on);
	if (on) {
		names_turn(&dragging, chosen->selects);
		names_turn(&dragging, chosen->depends);
	}
	return drag(&dragging);
}

struct set_turns set_master_turns(struct arena *arena, const struct set_options *options,
				  const struct set_state *state, const char *master, bool on)
{
	struct dragging dragging = dragging_begin(arena, options, state);

	for (uint32_t i = 0; i < menu_of(options)->count; i++)
		if (condition_mentions(menu_of(options)->list[i].defaults, span_text(master)) &&
		    option_turn(&dragging, i, on) && on)
			names_turn(&dragging, menu_of(options)->list[i].selects);
	return drag(&dragging);
}

struct strings set_masters(struct arena *arena, const struct set_options *options)
{
	struct strings words = {0};

	array_each(option, menu_of(options)) {
		struct span rest = span_text(option->defaults), token;

		while (span_token(&rest, &token))
			if (!span_starts(token, "KERNEL_") && !span_starts(token, "TARGET_") &&
			    token.size >= 4 && token.data[0] >= 'A' && token.data[0] <= 'Z' &&
			    !span_is(token, "SMALL_FLASH"))
				*array_add(arena, &words) = arena_string(arena, token);
	}
	strings_unique(&words);
	return words;
}

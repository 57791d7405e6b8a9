/* SPDX-License-Identifier: ISC */
/* Finds the range of values that Kconfig can give each option for a request
 * (scripts/kconfig/symbol.c, sym_calc_value). */
#include "facts/kconfig/kconfig_parts.h"

#include <ctype.h>
#include <string.h>

/* Options may depend on each other in a chain. A chain longer than in any kernel is not
 * followed: the value at its end is not known. */
enum { CHAIN_MOST = 1000 };

static const struct kconfig_range any = {0, 2}, none = {0, 0}, yes = {2, 2};

static uint8_t least(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

static uint8_t most(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

static struct kconfig_range both(struct kconfig_range a, struct kconfig_range b)
{
	return (struct kconfig_range){least(a.low, b.low), least(a.high, b.high)};
}

static struct kconfig_range either(struct kconfig_range a, struct kconfig_range b)
{
	return (struct kconfig_range){most(a.low, b.low), most(a.high, b.high)};
}

/* The range that includes both, if it is not known which of them applies. */
static struct kconfig_range one_of(struct kconfig_range a, struct kconfig_range b)
{
	return (struct kconfig_range){least(a.low, b.low), most(a.high, b.high)};
}

static struct kconfig_range range_of(struct kconfig_side *side, uint32_t option, unsigned depth);

static struct kconfig_range is_value(struct kconfig_range range, uint8_t value)
{
	if (value < range.low || value > range.high)
		return none;
	return range.low == range.high ? yes : any;
}

static struct kconfig_range evaluate(struct kconfig_side *side, uint32_t expression, unsigned depth)
{
	struct kconfig_range stack[STACK_MOST];
	const uint32_t *word = &side->kconfig->code.list[expression];
	size_t top = 0;

	if (word[0] >> OP_SHIFT == OP_END)
		return yes;
	for (; *word >> OP_SHIFT != OP_END; word++) {
		uint32_t number = *word & ((1U << OP_SHIFT) - 1);

		switch ((enum operation)(*word >> OP_SHIFT)) {
		case OP_END:
			break;
		case OP_VALUE:
			stack[top++] = (struct kconfig_range){(uint8_t)number, (uint8_t)number};
			break;
		case OP_OPTION:
			stack[top++] = range_of(side, number, depth);
			break;
		case OP_IS:
			stack[top - 1] =
				is_value(range_of(side, number, depth), stack[top - 1].low);
			break;
		case OP_NOT:
			stack[top - 1] = (struct kconfig_range){(uint8_t)(2 - stack[top - 1].high),
								(uint8_t)(2 - stack[top - 1].low)};
			break;
		case OP_AND:
			top--;
			stack[top - 1] = both(stack[top - 1], stack[top]);
			break;
		case OP_OR:
			top--;
			stack[top - 1] = either(stack[top - 1], stack[top]);
			break;
		case OP_UNKNOWN:
		case OP_MENTION:
			stack[top++] = any;
			break;
		}
		if (top == STACK_MOST)
			return any;
	}
	return top == 1 ? stack[0] : any;
}

/* What all entries of an option state together. */
struct entries_say {
	/* STANDING: the value without a line, from the defaults */
	struct kconfig_range depends, visible, standing;
	unsigned defaults; /* the number of defaults that may apply */
	bool settled; /* a default was found that certainly applies */
	bool probe, choice, here; /* an entry is of this machine */
};

static void defaults_add(struct kconfig_side *side, const struct kentry *entry,
			 struct kconfig_range depends, struct entries_say *say, unsigned depth)
{
	for (size_t i = 0; i < entry->item_count && !say->settled; i++) {
		const struct kitem *item = &side->kconfig->items.list[entry->item + i];
		struct kconfig_range applies;

		if (item->kind != 'd')
			continue;
		applies = both(depends, evaluate(side, item->condition, depth));
		if (applies.high == 0)
			continue;
		struct kconfig_range value = both(applies, evaluate(side, item->value, depth));
		say->standing = say->defaults++ ? one_of(say->standing, value) : value;
		say->settled = applies.low > 0;
	}
}

static struct entries_say entries_hear(struct kconfig_side *side, const struct koption *option,
				       unsigned depth)
{
	struct entries_say say = {0};

	array_each(number, &option->entries) {
		const struct kentry *entry = &side->kconfig->entries.list[*number];
		struct kconfig_range depends;

		if (!entry_applies(side, entry))
			continue;
		say.here = true;
		depends = evaluate(side, entry->depends, depth);
		say.depends = either(say.depends, depends);
		if (entry->prompted)
			say.visible = either(say.visible,
					     both(depends, evaluate(side, entry->prompt, depth)));
		say.choice |= entry->choice > 0;
		say.probe |= entry->probe && !entry->prompted;
		defaults_add(side, entry, depends, &say, depth);
	}
	if (!say.settled)
		say.standing.low = 0;
	return say;
}

/* The value that other options select. IMPLIED gets the value that they imply, of which
 * only the upper limit counts. */
static struct kconfig_range selected(struct kconfig_side *side, const struct koption *option,
				     struct kconfig_range *implied, unsigned depth)
{
	struct kconfig_range by = none;

	array_each(select, &option->selects) {
		const struct kentry *entry = &side->kconfig->entries.list[select->entry];
		struct kconfig_range one;

		if (!entry_applies(side, entry))
			continue;
		one = range_of(side, entry->option, depth);
		if (one.high > 0)
			one = both(one, evaluate(side, select->condition, depth));
		if (one.high > 0 && entry->depends)
			one = both(one, evaluate(side, entry->depends, depth));
		if (select->implies)
			implied->high = most(implied->high, one.high);
		else
			by = either(by, one);
	}
	return by;
}

/* The value that a request gives an option. Without a line it is off or has its
 * default, because a line "is not set" does not change the hash. With a line Kconfig
 * uses the value if the option has a visible prompt. Patches add prompts and remove
 * conditions, so the line may count even without a prompt, or be y where the conditions
 * are m, except for an option whose value comes from the compiler. */
static struct kconfig_range requested(const struct entries_say *say, uint8_t asked)
{
	struct kconfig_range wish = {(uint8_t)(asked - 1), (uint8_t)(asked - 1)};
	struct kconfig_range limited = both(wish, say->visible);

	if (asked == 0)
		return (struct kconfig_range){
			0, say->choice ? most(say->standing.high, say->visible.high)
				       : say->standing.high};
	if (say->visible.low > 0 && !say->choice) {
		limited.high = wish.high;
		return limited;
	}
	if (say->probe && say->visible.high == 0)
		return say->standing;
	limited = say->visible.high ? one_of(limited, say->standing) : one_of(wish, say->standing);
	limited.low = say->choice ? 0 : limited.low;
	limited.high = most(limited.high, wish.high);
	return limited;
}

static struct kconfig_range range_find(struct kconfig_side *side, uint32_t number, unsigned depth)
{
	const struct koption *option = &side->kconfig->options.list[number];
	uint8_t asked = side->asked[number];
	struct kconfig_range implied = none, range;
	struct entries_say say;

	if (option->entries.count == 0)
		return (struct kconfig_range){0, asked ? (uint8_t)(asked - 1) : 0};
	if (option->type != 'b' && option->type != 't')
		return any;
	say = entries_hear(side, option, depth);
	/* Linux has it for other architectures only, but a patch may add it for this
	 * one */
	range = say.here ? requested(&say, asked)
			 : (struct kconfig_range){0, asked ? (uint8_t)(asked - 1) : 0};
	range = either(range, selected(side, option, &implied, depth));
	range.high = most(range.high, implied.high);
	if (option->type == 'b') {
		/* a bool is asked for =m only if a patch makes it a tristate */
		range.low = range.low == 0 ? 0 : asked == 2 ? 1 : 2;
		range.high = range.high ? 2 : 0;
	}
	return range;
}

static struct kconfig_range range_of(struct kconfig_side *side, uint32_t option, unsigned depth)
{
	if (side->state[option] == 2)
		return side->ranges[option];
	if (side->state[option] == 1 || depth > CHAIN_MOST || side->machine == 0)
		return any;
	side->state[option] = 1;
	side->ranges[option] = range_find(side, option, depth + 1);
	side->state[option] = 2;
	return side->ranges[option];
}

/* ---- requests ---- */

static uint32_t machine_bit(const char *machine)
{
	static const struct {
		const char *name;
		char letter;
	} machines[] = {{"arc", 'c'},  {"arm", 'a'},	 {"arm64", 'A'}, {"loongarch", 'l'},
			{"mips", 'm'}, {"powerpc", 'p'}, {"riscv", 'r'}, {"x86", 'x'}};

	for (size_t i = 0; machine && i < sizeof machines / sizeof *machines; i++)
		if (strcmp(machines[i].name, machine) == 0)
			return kconfig_machine(machines[i].letter);
	return 0;
}

/* "CONFIG_X=y" -> "X" and 'y' */
static bool line_cut(struct span line, struct span *name, char *value)
{
	struct span text;

	if (!span_starts(line, "CONFIG_") || !span_split(span_skip(line, 7), '=', name, &text))
		return false;
	*value = text.size == 1 ? (char)text.data[0] : 0;
	return *value == 'y' || *value == 'm';
}

const struct kconfig_side *kconfig_resolve(struct arena *arena, const struct kconfig *kconfig,
					   const struct strings *lines, const char *machine)
{
	struct kconfig_side *side = arena_new(arena, struct kconfig_side);
	size_t count = kconfig->options.count;

	side->kconfig = kconfig;
	side->machine = machine_bit(machine);
	side->asked = arena_get(arena, count + 1);
	side->state = arena_get(arena, count + 1);
	side->ranges = arena_get(arena, (count + 1) * sizeof *side->ranges);
	for (size_t i = 0; i < lines->count; i++) {
		struct span name;
		char value;

		if (!line_cut(span_text(lines->list[i]), &name, &value)) {
			*array_add(arena, &side->odd) = lines->list[i];
			continue;
		}
		const char *option = arena_string(arena, name);
		uint32_t at = map_get(&kconfig->numbers, option);
		if (at == MAP_NONE)
			*array_add(arena, &side->foreign) = option;
		else
			side->asked[at] = value == 'y' ? 3 : 2;
		*array_add(arena, &side->lines) = lines->list[i];
	}
	strings_unique(&side->foreign);
	strings_unique(&side->lines);
	strings_unique(&side->odd);
	for (uint32_t i = 0; i < count; i++)
		range_of(side, i, 0);
	return side;
}

struct kconfig_range kconfig_value(const struct kconfig_side *side, const char *option)
{
	const char *name = option_bare(option);
	uint32_t at = map_get(&side->kconfig->numbers, name);

	if (at != MAP_NONE)
		return side->state[at] == 2 ? side->ranges[at] : any;
	return strings_have(&side->foreign, name) ? any : none;
}

void kconfig_each(const struct kconfig *kconfig, void (*each)(void *context, const char *name),
		  void *context)
{
	array_each(option, &kconfig->options)
		if (option->type == 'b' || option->type == 't')
			each(context, option->name);
}

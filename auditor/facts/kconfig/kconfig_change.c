/* SPDX-License-Identifier: ISC */
/* Finds the options whose values may differ between two requests: those whose lines
 * differ, and, step by step, those that depend on them, are selected by them or have a
 * default that mentions them. */
#include "facts/kconfig/kconfig_parts.h"

#include <string.h>

#define NOT_MET UINT32_MAX

struct changing {
	struct arena *arena;
	const struct kconfig_side *a, *b;
	uint32_t *by; /* by option: the option whose line started the change, or NOT_MET */
	struct knumbers queue;
	struct kconfig_changes ret;
};

static struct kconfig_range range_at(const struct kconfig_side *side, uint32_t option)
{
	return side->state[option] == 2 ? side->ranges[option] : (struct kconfig_range){0, 2};
}

static void enter(struct changing *changing, uint32_t option, uint32_t by)
{
	struct kconfig_range a = range_at(changing->a, option), b = range_at(changing->b, option);
	bool same = a.low == a.high && b.low == b.high && a.low == b.low;

	if (changing->by[option] != NOT_MET || same)
		return;
	changing->by[option] = by;
	*array_add(changing->arena, &changing->queue) = option;
}

/* Only one option of a choice is on, so a line for another one turns it off. */
static void choice_follow(struct changing *changing, uint32_t option)
{
	const struct kconfig *kconfig = changing->a->kconfig;

	array_each(own, &kconfig->options.list[option].entries) {
		uint32_t choice = kconfig->entries.list[*own].choice;

		array_each(entry, &kconfig->entries)
			if (choice && entry->choice == choice)
				enter(changing, entry->option, changing->by[option]);
	}
}

static const char *with_prefix(struct arena *arena, const char *name)
{
	return arena_format(arena, "CONFIG_%s", name);
}

/* True if the option's value comes from the compiler, and no line sets it. */
static bool is_probe(const struct kconfig_side *side, uint32_t option)
{
	const struct kconfig *kconfig = side->kconfig;
	bool probe = false;

	array_each(number, &kconfig->options.list[option].entries) {
		const struct kentry *entry = &kconfig->entries.list[*number];

		if (!entry_applies(side, entry))
			continue;
		if (entry->prompted || !entry->probe)
			return false;
		probe = true;
	}
	return probe;
}

/* Starts a change at each line that only A has. */
static void lines_enter(struct changing *changing, const struct kconfig_side *a,
			const struct kconfig_side *b)
{
	for (size_t i = 0; i < a->lines.count; i++) {
		struct span name, value;
		uint32_t at;

		if (strings_have(&b->lines, a->lines.list[i]) ||
		    !span_split(span_skip(span_text(a->lines.list[i]), 7), '=', &name, &value))
			continue;
		const char *text = arena_string(changing->arena, name);
		at = map_get(&a->kconfig->numbers, text);
		if (at != MAP_NONE) {
			if (!is_probe(a, at))
				enter(changing, at, at);
			continue;
		}

		const char *option = with_prefix(changing->arena, text);

		*array_add(changing->arena, &changing->ret) =
			(struct kconfig_change){.option = option,
						.before = kconfig_value(changing->a, text),
						.after = kconfig_value(changing->b, text),
						.by = option,
						.foreign = true};
	}
}

/* Adds the lines that are only in A and have another value than y or m: a string with
 * "=y" in it, or a mistake in the tree's config. */
static void odd_add(struct changing *changing, const struct kconfig_side *a,
		    const struct kconfig_side *b)
{
	for (size_t i = 0; i < a->odd.count; i++) {
		struct span name = span_text(a->odd.list[i]), value;
		const char *option;

		if (strings_have(&b->odd, a->odd.list[i]))
			continue;
		span_split(name, '=', &name, &value);
		option = arena_string(changing->arena, name);
		*array_add(changing->arena, &changing->ret) = (struct kconfig_change){
			.option = option, .after = {0, 2}, .by = option, .number = true};
	}
}

static int change_compare(const void *a, const void *b)
{
	return strcmp(((const struct kconfig_change *)a)->option,
		      ((const struct kconfig_change *)b)->option);
}

struct kconfig_changes kconfig_differences(struct arena *arena, const struct kconfig_side *a,
					   const struct kconfig_side *b)
{
	size_t count = a->kconfig->options.count;
	struct changing changing = {.arena = arena, .a = a, .b = b};

	changing.by = arena_get(arena, (count + 1) * sizeof *changing.by);
	for (size_t i = 0; i < count; i++)
		changing.by[i] = NOT_MET;
	lines_enter(&changing, a, b);
	lines_enter(&changing, b, a);
	odd_add(&changing, a, b);
	odd_add(&changing, b, a);
	for (size_t i = 0; i < changing.queue.count; i++) {
		uint32_t option = changing.queue.list[i];

		array_each(follower, &a->kconfig->options.list[option].follows)
			enter(&changing, *follower, changing.by[option]);
		choice_follow(&changing, option);

		const struct koption *changed = &a->kconfig->options.list[option];
		const struct koption *by = &a->kconfig->options.list[changing.by[option]];

		*array_add(arena, &changing.ret) = (struct kconfig_change){
			.option = with_prefix(arena, changed->name),
			.before = range_at(a, option),
			.after = range_at(b, option),
			.by = with_prefix(arena, by->name),
			.number = changed->type && changed->type != 'b' && changed->type != 't',
		};
	}
	array_sort(&changing.ret, change_compare);
	return changing.ret;
}

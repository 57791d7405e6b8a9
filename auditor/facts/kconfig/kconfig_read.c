/* SPDX-License-Identifier: ISC */
/* Reads rules/kernel/kconfig/SERIES.txt, which scripts/derive-kconfig writes. */
#include "facts/kconfig/kconfig_parts.h"

#include <ctype.h>
#include <string.h>

/*
 *   kmodaudit/kconfig/1 SERIES
 *   @EXPRESSION                                          number 0, 1, ... of those used often
 *   NAME TYPE[p] [aMACHINES] [cCHOICE] TAB DEPENDS TAB PROMPT {TAB ITEM}
 *       NAME is empty where the entry is of the option of the line before
 *       TYPE b, t, or i, h, s for what is no bool; p: it has a prompt
 *       DEPENDS, PROMPT: expressions, or @NUMBER, or nothing
 *       ITEM: sOPTION selects, iOPTION implies, dVALUE default; each perhaps with ,CONDITION
 *   expression = single | "(" expression {"&" expression} ")" | "(" expression {"|" ...} ")"
 *   single     = "!" expression | NAME | NAME "=" y|m|n | "?" [NAME] | y | m | n
 */
struct reading {
	struct arena *arena;
	struct kconfig *kconfig;
	struct knumbers shared; /* shared expressions, by number */
	struct span rest; /* of the expression being read */
	struct knumbers mentioned; /* options in the entry's expressions */
	uint32_t last;
	bool bad;
};

static uint32_t option_number(struct reading *reading, struct span name)
{
	struct kconfig *kconfig = reading->kconfig;
	const char *text = arena_string(reading->arena, name);
	uint32_t at =
		map_put(&kconfig->numbers, reading->arena, text, (uint32_t)kconfig->options.count);

	if (at == kconfig->options.count)
		array_add(reading->arena, &kconfig->options)->name = text;
	return at;
}

static void word_add(struct reading *reading, enum operation operation, uint32_t number)
{
	*array_add(reading->arena, &reading->kconfig->code) =
		((uint32_t)operation << OP_SHIFT) | number;
}

static uint8_t head(const struct reading *reading)
{
	return reading->rest.size ? reading->rest.data[0] : 0;
}

static void step(struct reading *reading)
{
	reading->rest = span_skip(reading->rest, 1);
}

static struct span name_cut(struct reading *reading)
{
	struct span name = reading->rest;

	name.size = 0;
	while (name.size < reading->rest.size &&
	       (isalnum(reading->rest.data[name.size]) || reading->rest.data[name.size] == '_'))
		name.size++;
	reading->rest = span_skip(reading->rest, name.size);
	return name;
}

static bool is_constant(struct span name)
{
	return name.size == 1 && strchr("nmy", name.data[0]);
}

static uint32_t constant(struct span name)
{
	return name.data[0] == 'y' ? 2 : name.data[0] == 'm';
}

static void name_read(struct reading *reading, bool value)
{
	struct span name = name_cut(reading), wanted;
	uint32_t option;

	if (name.size == 0) {
		reading->bad |= value;
		word_add(reading, OP_UNKNOWN, 0);
		return;
	}
	if (value && is_constant(name)) {
		word_add(reading, OP_VALUE, constant(name));
		return;
	}
	option = option_number(reading, name);
	*array_add(reading->arena, &reading->mentioned) = option;
	if (!value || head(reading) != '=') {
		word_add(reading, value ? OP_OPTION : OP_MENTION, option);
		return;
	}
	step(reading);
	wanted = name_cut(reading);
	reading->bad |= !is_constant(wanted);
	word_add(reading, OP_VALUE, reading->bad ? 0 : constant(wanted));
	word_add(reading, OP_IS, option);
}

/* DEPTH counts nested parentheses. */
static void expression_part(struct reading *reading, unsigned depth)
{
	enum { DEPTH_MOST = 64 };
	enum operation operation = OP_END;

	if (depth > DEPTH_MOST) {
		reading->bad = true;
		return;
	}
	if (head(reading) == '!') {
		step(reading);
		expression_part(reading, depth + 1);
		word_add(reading, OP_NOT, 0);
		return;
	}
	if (head(reading) != '(') {
		bool unknown = head(reading) == '?';

		if (unknown)
			step(reading);
		name_read(reading, !unknown);
		return;
	}
	do {
		step(reading);
		expression_part(reading, depth + 1);
		if (operation)
			word_add(reading, operation, 0);
		operation = head(reading) == '&' ? OP_AND : OP_OR;
	} while (!reading->bad && (head(reading) == '&' || head(reading) == '|'));
	reading->bad |= head(reading) != ')';
	step(reading);
}

static uint32_t expression_read(struct reading *reading, struct span text)
{
	uint32_t at = (uint32_t)reading->kconfig->code.count;
	unsigned long number = 0;

	if (text.size == 0)
		return NO_EXPRESSION;
	if (text.data[0] == '@') {
		for (size_t i = 1; i < text.size && number <= reading->shared.count; i++)
			number = number * 10 + (unsigned long)(text.data[i] - '0');
		reading->bad |= number >= reading->shared.count;
		return reading->bad ? NO_EXPRESSION : reading->shared.list[number];
	}
	reading->rest = text;
	expression_part(reading, 0);
	reading->bad |=
		reading->rest.size > 0 || reading->kconfig->code.count - at > EXPRESSION_MOST;
	word_add(reading, OP_END, 0);
	return at;
}

static void follow(struct reading *reading, uint32_t option, uint32_t follower)
{
	struct knumbers *follows = &reading->kconfig->options.list[option].follows;

	if (option != follower &&
	    (follows->count == 0 || follows->list[follows->count - 1] != follower))
		*array_add(reading->arena, follows) = follower;
}

static void item_read(struct reading *reading, struct span text, uint32_t entry)
{
	struct kconfig *kconfig = reading->kconfig;
	struct span value = span_skip(text, 1), condition = {NULL, 0}, front;
	struct kitem item = {.kind = (char)text.data[0]};
	size_t mentioned = reading->mentioned.count;

	if (span_split(value, ',', &front, &condition))
		value = front;
	item.condition = expression_read(reading, condition);
	if (item.kind == 'd') {
		item.value = expression_read(reading, value);
		kconfig->entries.list[entry].probe = span_is(value, "?") && condition.size == 0;
	} else {
		item.value = option_number(reading, value);
		*array_add(reading->arena, &kconfig->options.list[item.value].selects) =
			(struct kselect){entry, item.condition, item.kind == 'i'};
		follow(reading, kconfig->entries.list[entry].option, item.value);
		for (size_t i = mentioned; i < reading->mentioned.count; i++)
			follow(reading, reading->mentioned.list[i], item.value);
	}
	*array_add(reading->arena, &kconfig->items) = item;
	kconfig->entries.list[entry].item_count++;
}

static bool column_next(struct span *rest, struct span *ret)
{
	struct span behind;

	if (!rest->data)
		return false;
	*ret = *rest;
	if (span_split(*rest, '\t', ret, &behind))
		*rest = behind;
	else
		*rest = (struct span){NULL, 0};
	return true;
}

/* Parses "NAME TYPE[p] [aMACHINES] [cCHOICE]". */
static void head_read(struct reading *reading, struct span text, struct kentry *entry)
{
	struct span name, words, word;

	if (!span_split(text, ' ', &name, &words) || !span_token(&words, &word)) {
		reading->bad = true;
		return;
	}
	if (name.size)
		reading->last = option_number(reading, name);
	reading->bad |= reading->kconfig->options.count == 0;
	if (reading->bad)
		return;
	entry->option = reading->last;
	reading->kconfig->options.list[entry->option].type = (char)word.data[0];
	entry->prompted = word.size > 1 && word.data[1] == 'p';
	while (span_token(&words, &word))
		for (size_t i = 1; i < word.size; i++) {
			if (word.data[0] == 'a')
				entry->machines |= kconfig_machine((char)word.data[i]);
			else
				entry->choice = entry->choice * 10 + (word.data[i] - '0');
		}
}

static void entry_read(struct reading *reading, struct span line)
{
	struct kconfig *kconfig = reading->kconfig;
	uint32_t number = (uint32_t)kconfig->entries.count;
	struct kentry entry = {.item = kconfig->items.count};
	struct span column = {NULL, 0};

	reading->mentioned.count = 0;
	if (!column_next(&line, &column))
		return;
	head_read(reading, column, &entry);
	if (reading->bad)
		return;
	if (column_next(&line, &column)) {
		entry.depends = expression_read(reading, column);
		/* a shared expression was read before, but mentions its options here as
		 * well */
		for (size_t i = entry.depends; kconfig->code.list[i] >> OP_SHIFT != OP_END; i++) {
			enum operation operation = kconfig->code.list[i] >> OP_SHIFT;

			if (operation == OP_OPTION || operation == OP_MENTION || operation == OP_IS)
				*array_add(reading->arena, &reading->mentioned) =
					kconfig->code.list[i] & ((1U << OP_SHIFT) - 1);
		}
	}
	if (column_next(&line, &column))
		entry.prompt = expression_read(reading, column);
	*array_add(reading->arena, &kconfig->entries) = entry;
	*array_add(reading->arena, &kconfig->options.list[entry.option].entries) = number;
	while (!reading->bad && column_next(&line, &column))
		if (column.size > 1)
			item_read(reading, column, number);
	for (size_t i = 0; i < reading->mentioned.count; i++)
		follow(reading, reading->mentioned.list[i], entry.option);
}

bool kconfig_read(struct arena *arena, const char *name, struct span text,
		  const struct kconfig **ret, struct error *error)
{
	struct reading reading = {.arena = arena, .kconfig = arena_new(arena, struct kconfig)};
	struct span line;

	word_add(&reading, OP_END, 0);
	if (!span_line(&text, &line) || !span_starts(line, "kmodaudit/kconfig/1 "))
		return fail(error, "%s: it does not begin with kmodaudit/kconfig/1", name);
	for (size_t number = 2; span_line(&text, &line); number++) {
		if (line.size && line.data[0] == '@')
			*array_add(arena, &reading.shared) =
				expression_read(&reading, span_skip(line, 1));
		else if (line.size)
			entry_read(&reading, line);
		if (reading.bad)
			return fail(error, "%s: line %zu cannot be read", name, number);
	}
	*ret = reading.kconfig;
	return true;
}

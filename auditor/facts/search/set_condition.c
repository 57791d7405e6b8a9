/* SPDX-License-Identifier: ISC */
/* Evaluates Kconfig expressions (Documentation/kbuild/kconfig-language.rst)
 * in three values. */
#include "facts/search/set_condition.h"

#include <string.h>

enum { NESTING = 32 };

struct condition {
	struct span rest;
	condition_symbol *symbol;
	const void *context;
	unsigned depth;
	bool wrong;
};

static enum truth read_or(struct condition *condition);

static bool skip(struct condition *condition, const char *sign)
{
	condition->rest = span_trim(condition->rest);
	if (!span_starts(condition->rest, sign))
		return false;
	condition->rest = span_skip(condition->rest, strlen(sign));
	return true;
}

static bool is_word(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.' ||
	       byte == '+' || byte == '"';
}

static struct span read_word(struct condition *condition)
{
	struct span rest = condition->rest = span_trim(condition->rest), word;
	size_t size = 0;

	while (size < rest.size && is_word(rest.data[size]))
		size++;
	word = span_head(rest, size);
	condition->rest = span_skip(rest, size);
	condition->wrong |= size == 0;
	return word;
}

static enum truth read_symbol(struct condition *condition)
{
	struct span word = read_word(condition);

	if (skip(condition, "=") || skip(condition, "!=")) {
		read_word(condition);
		return TRUTH_MAYBE;
	}
	if (span_is(word, "y") || span_is(word, "m"))
		return TRUTH_YES;
	return span_is(word, "n") ? TRUTH_NO : condition->symbol(condition->context, word);
}

static enum truth read_not(struct condition *condition)
{
	enum truth truth;

	if (condition->depth >= NESTING) {
		condition->wrong = true;
		return TRUTH_MAYBE;
	}
	condition->depth++;
	if (skip(condition, "!")) {
		truth = (enum truth)(TRUTH_YES - read_not(condition));
	} else if (skip(condition, "(")) {
		truth = read_or(condition);
		condition->wrong |= !skip(condition, ")");
	} else {
		truth = read_symbol(condition);
	}
	condition->depth--;
	return truth;
}

static enum truth read_and(struct condition *condition)
{
	enum truth truth = read_not(condition);

	while (!condition->wrong && skip(condition, "&&")) {
		enum truth other = read_not(condition);

		truth = other < truth ? other : truth;
	}
	return truth;
}

static enum truth read_or(struct condition *condition)
{
	enum truth truth = read_and(condition);

	while (!condition->wrong && skip(condition, "||")) {
		enum truth other = read_and(condition);

		truth = other > truth ? other : truth;
	}
	return truth;
}

enum truth condition_truth(struct span expression, condition_symbol *symbol, const void *context)
{
	struct condition condition = {
		.rest = span_trim(expression), .symbol = symbol, .context = context};

	if (condition.rest.size == 0)
		return TRUTH_YES;
	enum truth truth = read_or(&condition);
	return condition.wrong || span_trim(condition.rest).size > 0 ? TRUTH_MAYBE : truth;
}

enum truth condition_default(struct span defaults, condition_symbol *symbol, const void *context)
{
	while (span_trim(defaults).size > 0) {
		struct span one = defaults, rest = {0}, condition = {0};
		size_t at;

		(void)span_split(defaults, ';', &one, &rest);
		defaults = rest;
		at = span_find(one, 0, SPAN_OF(" if "));
		if (at != SIZE_MAX) {
			condition = span_skip(one, at + 4);
			one = span_head(one, at);
		}
		enum truth applies = condition_truth(condition, symbol, context);
		if (applies == TRUTH_MAYBE)
			return TRUTH_MAYBE;
		if (applies == TRUTH_YES)
			return condition_truth(one, symbol, context);
	}
	return TRUTH_NO;
}

bool condition_mentions(const char *expression, struct span name)
{
	struct span text = span_text(expression);

	for (size_t at = 0; (at = span_find(text, at, name)) != SIZE_MAX; at++)
		if ((at == 0 || !is_word(text.data[at - 1])) &&
		    (at + name.size == text.size || !is_word(text.data[at + name.size])))
			return true;
	return false;
}

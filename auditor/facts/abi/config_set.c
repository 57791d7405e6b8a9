/* SPDX-License-Identifier: ISC */
/* Reads, hashes and compares sets: the sorted =y and =m lines behind an
 * OpenWrt abi hash. */
#include "facts/abi/config_set.h"

#include "base/digest.h"
#include "base/text.h"
#include "unpack/limits.h"

#include <string.h>

enum { HASH_DIGITS = 32 };

static bool is_wanted(struct span line)
{
	return span_find(line, 0, SPAN_OF("=y")) != SIZE_MAX ||
	       span_find(line, 0, SPAN_OF("=m")) != SIZE_MAX;
}

const char *set_line_wrong(struct span line)
{
	if (line.size > SET_LINE)
		return "is too long";
	if (!span_is_line(line))
		return "has a control byte";
	return span_starts(line, "CONFIG_") && is_wanted(line)
		       ? NULL
		       : "is not a =y or =m line of a kernel config";
}

/* Sets the text of sorted lines, and its md5. */
static void set_finish(struct arena *arena, struct config_set *set)
{
	size_t size = 0, at = 0;

	array_each(line, &set->lines)
		size += strlen(*line) + 1;

	uint8_t *text = arena_raw(arena, size + 1);

	array_each(line, &set->lines) {
		size_t length = strlen(*line);

		memcpy(text + at, *line, length);
		text[at + length] = '\n';
		at += length + 1;
	}
	set->text = span_from(text, size);
	set->hash = md5_hex(arena, set->text);
}

struct config_set config_set_of(struct arena *arena, const struct strings *lines)
{
	struct config_set set = {.hash = NULL};
	bool sorted = true;

	set.lines.list = arena_raw(arena, (lines->count + 1) * sizeof *lines->list);
	set.lines.room = lines->count;
	array_each(line, lines)
		set.lines.list[set.lines.count++] = *line;
	for (size_t i = 1; sorted && i < set.lines.count; i++)
		sorted = strcmp(set.lines.list[i - 1], set.lines.list[i]) < 0;
	if (!sorted)
		strings_unique(&set.lines);
	set_finish(arena, &set);
	return set;
}

/* Cuts a line with its '\n' from REST; a '\r' is part of the line. */
static bool line_cut(struct span *rest, struct span *line)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;

	if (!end)
		return false;
	*line = span_head(*rest, (size_t)(end - rest->data));
	*rest = span_skip(*rest, line->size + 1);
	return true;
}

static bool size_check(const char *name, struct span text, struct error *error)
{
	return text.size <= LIMIT_CONFIG ||
	       fail(error, "%s: too large for a kernel config: %zu bytes", name, text.size);
}

bool config_set_parse(struct arena *arena, const char *name, struct span text,
		      struct config_set *ret, struct error *error)
{
	struct config_set set = {.hash = NULL};
	struct span rest = text, line;

	if (!size_check(name, text, error))
		return false;
	while (line_cut(&rest, &line)) {
		size_t count = set.lines.count;

		if (set_line_wrong(line))
			return fail(error, "%s: line %zu %s", name, count + 1,
				    set_line_wrong(line));
		if (count == SET_LINES)
			return fail(error, "%s: more than %d lines", name, SET_LINES);

		const char *added = arena_string(arena, line);
		int order = count ? strcmp(set.lines.list[count - 1], added) : -1;
		if (order >= 0)
			return fail(error, "%s: line %zu %s the line before (LC_ALL=C sort): %s",
				    name, count + 1, order ? "sorts before" : "repeats", added);
		*array_add(arena, &set.lines) = added;
	}
	if (rest.size)
		return fail(error, "%s: line %zu has no end", name, set.lines.count + 1);
	if (!set.lines.count)
		return fail(error, "%s: no =y or =m line of a kernel config", name);
	set_finish(arena, &set);
	*ret = set;
	return true;
}

bool config_set_select(struct arena *arena, const char *name, struct span text,
		       struct config_set *ret, struct error *error)
{
	struct strings lines = {.list = NULL};
	struct span rest = text, line;

	if (!size_check(name, text, error))
		return false;
	for (size_t number = 1; rest.size; number++) {
		/* a last line without '\n' counts, as for grep */
		if (!line_cut(&rest, &line)) {
			line = rest;
			rest = span_skip(rest, rest.size);
		}
		if (!is_wanted(line))
			continue;
		if (set_line_wrong(line))
			return fail(error, "%s: line %zu %s", name, number, set_line_wrong(line));
		if (lines.count == SET_LINES)
			return fail(error, "%s: more than %d lines", name, SET_LINES);
		*array_add(arena, &lines) = arena_string(arena, line);
	}
	if (!lines.count)
		return fail(error, "%s: no =y or =m line of a kernel config", name);

	struct config_set set = config_set_of(arena, &lines);
	if (set.lines.count != lines.count)
		return fail(error, "%s: %zu lines stand twice", name,
			    lines.count - set.lines.count);
	*ret = set;
	return true;
}

bool config_set_has(const struct config_set *set, const char *line)
{
	return strings_find(&set->lines, line);
}

struct span set_line_symbol(const char *line)
{
	return span_from(line, strcspn(line, "="));
}

bool is_abi_hash(const char *text)
{
	return text_is_hex(text, HASH_DIGITS);
}

/* Adds the lines that A has and B does not, each after SIGN. */
static void lines_missing(struct arena *arena, char sign, const struct config_set *a,
			  const struct config_set *b, struct strings *ret)
{
	array_each(line, &a->lines)
		if (!config_set_has(b, *line))
			*array_add(arena, ret) = arena_format(arena, "%c%s", sign, *line);
}

struct strings config_set_difference(struct arena *arena, const struct config_set *a,
				     const struct config_set *b)
{
	struct strings difference = {.list = NULL};

	lines_missing(arena, '-', a, b, &difference);
	lines_missing(arena, '+', b, a, &difference);
	return difference;
}

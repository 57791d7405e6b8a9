/* SPDX-License-Identifier: ISC */
/* Reads UCL and JSON with bounded depth and number of values (the
 * language: libucl's README). */
#include "facts/ucl/ucl_parts.h"
#include "base/map.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* What is read, in UCL's words; JSON is a part of it:
 *     name: foo                  # a key, ":" or "=" or nothing, a value, "," or a new line
 *     "version" = "1.0";         quoted as in JSON, with its escapes; '...' has none
 *     deps { bar { origin: x/bar, version: 1 } }
 *     categories [ a, b ]
 *     scripts { post-install: <<EOD
 *     text up to a line that is only EOD
 *     EOD
 *     }
 * Not read: macros (".include ..."), sections with a name ("a b { }"). */

enum { FEW_KEYS = 16 };

void ucl_open(struct ucl_reader *reader, struct arena *arena, struct span text)
{
	*reader = (struct ucl_reader){.arena = arena, .text = text, .line = 1};
}

static bool is_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void blanks_skip(struct ucl_reader *reader)
{
	for (;;) {
		int byte = ucl_peek(reader, 0);
		bool block = byte == '/' && ucl_peek(reader, 1) == '*';

		if (is_blank(byte)) {
			ucl_step(reader, 1);
			continue;
		}
		if (byte != '#' && !block)
			return;

		struct span rest = span_skip(reader->text, reader->at);
		size_t end = block ? span_find(rest, 2, SPAN_OF("*/"))
				   : span_find(rest, 0, SPAN_OF("\n"));

		ucl_step(reader, end == SIZE_MAX ? rest.size : end + (block ? 2 : 0));
	}
}

/* Skips blanks, comments and the separators between members. */
static void gap_skip(struct ucl_reader *reader)
{
	for (;;) {
		blanks_skip(reader);
		if (ucl_peek(reader, 0) != ',' && ucl_peek(reader, 0) != ';')
			return;
		ucl_step(reader, 1);
	}
}

/* Reads  <<EOD, lines, EOD  */
static bool heredoc_read(struct ucl_reader *reader, const char **ret, struct error *error)
{
	struct span rest = span_skip(reader->text, reader->at), mark, line, lines;
	size_t begin;

	span_line(&rest, &mark);
	mark = span_trim(span_skip(mark, 2));
	lines = rest;
	while (mark.size > 0 && span_line(&rest, &line)) {
		if (!span_equal(line, mark))
			continue;
		begin = (size_t)(lines.data - reader->text.data);
		lines = span_head(lines, (uint64_t)(line.data - lines.data));
		if (lines.size > 0)
			lines.size--;
		if (lines.size > 0 && memchr(lines.data, '\0', lines.size))
			return ucl_bad(reader, error, "a text with a NUL");
		*ret = arena_string(reader->arena, lines);
		ucl_step(reader, begin - reader->at + (size_t)(line.data - reader->text.data) -
					 begin + line.size);
		return true;
	}
	return ucl_bad(reader, error, "<< without the line that ends it");
}

static enum ucl_kind bare_kind(const char *text)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off"};
	const char *digits = text + (*text == '-');

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasecmp(text, words[i]) == 0)
			return UCL_BOOLEAN;
	if (strcmp(text, "null") == 0)
		return UCL_NULL;
	return *digits >= '0' && *digits <= '9' && digits[strspn(digits, "0123456789.eE+-")] == '\0'
		       ? UCL_NUMBER
		       : UCL_STRING;
}

/* Reads a text without quotes: to the end of the line or to a separator
 * or closing bracket. */
static bool bare_read(struct ucl_reader *reader, struct ucl *value, struct error *error)
{
	size_t size = 0;
	int byte;

	while ((byte = ucl_peek(reader, size)) > 0 && !strchr("\r\n,;}]", byte)) {
		bool after_blank = size > 0 && is_blank(ucl_peek(reader, size - 1));

		if (after_blank && (byte == '{' || byte == '['))
			return ucl_bad(reader, error, "a section with a name is not read");
		if (after_blank && byte == '#')
			break;
		size++;
	}

	struct span text = span_trim(span_head(span_skip(reader->text, reader->at), size));
	if (text.size == 0)
		return ucl_bad(reader, error, byte == 0 ? "a NUL" : "a value is missing");
	value->text = arena_string(reader->arena, text);
	value->kind = bare_kind(value->text);
	ucl_step(reader, size);
	return true;
}

static bool value_read(struct ucl_reader *reader, struct ucl *value, struct error *error);

/* Reads a key and the sign behind it. */
static bool key_read(struct ucl_reader *reader, const char **ret, struct error *error)
{
	size_t size = 0;
	int byte = ucl_peek(reader, 0);

	if (byte == '.')
		return ucl_bad(reader, error, "a macro, which is not executed");
	if (byte == '"' || byte == '\'') {
		if (!ucl_quoted(reader, ret, error))
			return false;
	} else {
		while ((byte = ucl_peek(reader, size)) > 0 && !is_blank(byte) &&
		       !strchr(":={}[],;\"'", byte))
			size++;
		if (size == 0)
			return ucl_bad(reader, error, "a key is expected");
		*ret = arena_string(reader->arena,
				    span_head(span_skip(reader->text, reader->at), size));
		ucl_step(reader, size);
	}
	blanks_skip(reader);
	if (ucl_peek(reader, 0) == ':' || ucl_peek(reader, 0) == '=') {
		ucl_step(reader, 1);
		blanks_skip(reader);
	}
	return true;
}

/* The keys of one object: the first few are compared one by one. */
struct keys {
	struct map map;
	size_t count;
};

static bool key_is_new(struct ucl_reader *reader, struct keys *keys, const struct ucl *object,
		       const char *key)
{
	uint32_t number = (uint32_t)keys->count++;

	if (number < FEW_KEYS) {
		ucl_each(member, object) if (*member->key == *key &&
					     strcmp(member->key, key) == 0) return false;
		return true;
	}
	if (number == FEW_KEYS) {
		uint32_t before = 0;

		ucl_each(member, object) map_put(&keys->map, reader->arena, member->key, before++);
	}
	return map_put(&keys->map, reader->arena, key, number) == number;
}

/* Reads the members of an array (CLOSE ']') or object ('}'; -1: to the end
 * of the text). */
static bool members_read(struct ucl_reader *reader, struct ucl *value, int close,
			 struct error *error)
{
	const struct ucl **end = &value->first;
	struct keys keys = {0};

	for (gap_skip(reader); ucl_peek(reader, 0) != close; gap_skip(reader)) {
		struct ucl *member = arena_new(reader->arena, struct ucl);

		if (ucl_peek(reader, 0) < 0)
			return ucl_bad(reader, error, "the text ends inside of brackets");
		if (close != ']' && !key_read(reader, &member->key, error))
			return false;
		if (close != ']' && !key_is_new(reader, &keys, value, member->key))
			return fail(error, "line %zu: the key %s occurs twice", reader->line,
				    member->key);
		if (!value_read(reader, member, error))
			return false;
		*end = member;
		end = &member->next;
	}
	ucl_step(reader, close > 0);
	return true;
}

static bool value_read(struct ucl_reader *reader, struct ucl *value, struct error *error)
{
	int byte = ucl_peek(reader, 0);
	bool good;

	value->line = reader->line;
	if (++reader->values > UCL_VALUES_MOST)
		return fail(error, "more than %d values", UCL_VALUES_MOST);
	if (byte == '{' || byte == '[') {
		if (reader->depth == UCL_DEPTH_MOST)
			return fail(error, "line %zu: more than %d brackets deep", reader->line,
				    UCL_DEPTH_MOST);
		reader->depth++;
		ucl_step(reader, 1);
		value->kind = byte == '{' ? UCL_OBJECT : UCL_ARRAY;
		good = members_read(reader, value, byte == '{' ? '}' : ']', error);
		reader->depth--;
		return good;
	}
	value->kind = UCL_STRING;
	if (byte == '"' || byte == '\'')
		return ucl_quoted(reader, &value->text, error);
	if (byte == '<' && ucl_peek(reader, 1) == '<')
		return heredoc_read(reader, &value->text, error);
	return bare_read(reader, value, error);
}

bool ucl_next(struct ucl_reader *reader, const struct ucl **ret, bool *more, struct error *error)
{
	gap_skip(reader);
	*more = reader->at < reader->text.size;
	if (!*more)
		return true;

	struct ucl *value = arena_new(reader->arena, struct ucl);
	reader->values = 0;
	*ret = value;
	return value_read(reader, value, error);
}

bool ucl_read(struct arena *arena, struct span text, const struct ucl **ret, struct error *error)
{
	struct ucl_reader reader;
	struct ucl *value = arena_new(arena, struct ucl);

	ucl_open(&reader, arena, text);
	gap_skip(&reader);
	*ret = value;
	if (ucl_peek(&reader, 0) != '{' && ucl_peek(&reader, 0) != '[') {
		value->kind = UCL_OBJECT;
		value->line = reader.line;
		return members_read(&reader, value, -1, error);
	}
	if (!value_read(&reader, value, error))
		return false;
	gap_skip(&reader);
	return reader.at == text.size || ucl_bad(&reader, error, "text behind the last bracket");
}

bool ucl_enter(struct ucl_reader *reader, char open)
{
	gap_skip(reader);
	if (ucl_peek(reader, 0) != open)
		return false;
	ucl_step(reader, 1);
	return true;
}

bool ucl_member(struct ucl_reader *reader, char open, const char **key, bool *more,
		struct error *error)
{
	char close = open == '{' ? '}' : ']';

	gap_skip(reader);
	*key = NULL;
	*more = ucl_peek(reader, 0) != close;
	if (!*more) {
		ucl_step(reader, 1);
		return true;
	}
	if (ucl_peek(reader, 0) < 0)
		return ucl_bad(reader, error, "the text ends inside of brackets");
	return open == '[' || key_read(reader, key, error);
}

const struct ucl *ucl_get(const struct ucl *object, const char *key)
{
	if (object && object->kind == UCL_OBJECT)
		ucl_each(member, object) if (*member->key == *key &&
					     strcmp(member->key, key) == 0) return member;
	return NULL;
}

const char *ucl_text(const struct ucl *object, const char *key)
{
	const struct ucl *value = ucl_get(object, key);

	return value && (value->kind == UCL_STRING || value->kind == UCL_NUMBER) ? value->text
										 : NULL;
}

/* SPDX-License-Identifier: ISC */
/* Parses Debian-style stanzas: control files, opkg's status and Packages
 * (libopkg/pkg_parse.c; Debian policy, chapter 5). */
#include "facts/package/control.h"

#include <string.h>
#include <strings.h>

/* Stanzas as opkg writes and reads them (libopkg/pkg_parse.c; Debian policy, chapter 5):
 *     stanza       = field {field} (empty line | end)
 *     field        = name ":" value newline {continuation}
 *     continuation = (" " | tab) text newline
 * A continuation that is a single blank is an empty line of the value, not the end of the
 * stanza. */
enum { FIELDS_MOST = 1024, VALUE_MOST = 4 << 20 };

static bool is_text(struct span text)
{
	return text.size == 0 || !memchr(text.data, 0, text.size);
}

static bool field_cut(struct span line, struct span *name, struct span *value)
{
	if (!span_split(line, ':', name, value) || name->size == 0 || !is_text(line))
		return false;
	for (size_t i = 0; i < name->size; i++)
		if (name->data[i] <= ' ' || name->data[i] > '~')
			return false;
	return true;
}

/* The value of a field: FIRST joined with the continuation lines, which are
 * removed from REST. */
static const char *value_read(struct arena *arena, struct span first, struct span *rest,
			      size_t *line, size_t *bad)
{
	struct span from = *rest, next = *rest, text;
	size_t lines = 0, size = 0;

	first = span_trim(first);
	while (span_line(&next, &text) && text.size > 0 &&
	       (text.data[0] == ' ' || text.data[0] == '\t')) {
		*rest = next;
		lines++;
	}
	*line += lines;

	char *value = arena_raw(arena, first.size + (from.size - rest->size) + lines + 1);
	if (first.size)
		memcpy(value, first.data, first.size);
	size = first.size;
	for (size_t i = 0; i < lines && span_line(&from, &text); i++) {
		if (!is_text(text) || size > VALUE_MOST) {
			++*bad;
			continue;
		}
		value[size++] = '\n';
		memcpy(value + size, text.data + 1, text.size - 1);
		size += text.size - 1;
	}
	value[size] = '\0';
	return value;
}

bool stanza_read(struct arena *arena, struct span *rest, size_t *line, struct stanza *ret,
		 size_t *bad)
{
	struct stanza stanza = {0};
	struct span text, name, first;

	while (span_line(rest, &text)) {
		size_t at = (*line)++;

		if (text.size == 0 && stanza.count > 0)
			break;
		if (text.size == 0)
			continue;
		if (stanza.count == 0)
			stanza.line = at;
		if (!field_cut(text, &name, &first) || first.size > VALUE_MOST ||
		    stanza.count == FIELDS_MOST) {
			++*bad;
			continue;
		}

		struct field *field = array_add(arena, &stanza);
		field->name = arena_string(arena, name);
		field->front = first.size > 0 && first.data[0] == ' ';
		field->behind = first.size > 0 && first.data[first.size - 1] == ' ';
		field->value = value_read(arena, first, rest, line, bad);
	}
	if (stanza.count == 0)
		return false;
	*ret = stanza;
	return true;
}

const char *stanza_get(const struct stanza *stanza, const char *name)
{
	const char *value = NULL;

	array_each(field, stanza)
		if (strcasecmp(field->name, name) == 0)
			value = field->value;
	return value;
}

const char *stanza_join(struct arena *arena, const struct stanza *stanza, const char *name)
{
	size_t size = 0;
	char *joined, *end;

	array_each(field, stanza)
		if (strcasecmp(field->name, name) == 0)
			size += strlen(field->value) + 1;
	if (size == 0)
		return NULL;
	joined = end = arena_raw(arena, size);
	array_each(field, stanza)
		if (strcasecmp(field->name, name) == 0) {
			end = stpcpy(end, field->value);
			*end++ = ',';
		}
	end[-1] = '\0';
	return joined;
}

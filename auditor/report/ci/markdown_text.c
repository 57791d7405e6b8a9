/* SPDX-License-Identifier: ISC */
/* Writes lines of the Markdown summary within its size limit and escapes input text
 * into code spans or plain text. */
#include "report/ci/markdown.h"
#include "report/report.h"

#include <stdarg.h>

bool markdown_line(struct markdown *markdown, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *line = arena_vformat(markdown->arena, format, args);
	va_end(args);

	size_t size = strlen(line) + 1;
	if (size + markdown->keep > markdown->room)
		return false;
	markdown->room -= size;
	fprintf(markdown->out, "%s\n", line);
	return true;
}

const char *markdown_code(struct arena *arena, const char *text, size_t most)
{
	const char *quoted = quote_short(arena, text, most);
	char *code = arena_raw(arena, strlen(quoted) * 4 + 3), *to = code;

	if (!*quoted)
		return "(empty)";
	*to++ = '`';
	for (const char *at = quoted; *at; at++)
		if (*at == '`' || *at == '|')
			to += sprintf(to, "\\x%02x", (unsigned char)*at);
		else
			*to++ = *at;
	*to++ = '`';
	*to = '\0';
	return code;
}

const char *markdown_names(struct arena *arena, const struct strings *names, size_t most)
{
	struct strings codes = {0};

	for (size_t i = 0; i < names->count && i < most; i++)
		*array_add(arena, &codes) = markdown_code(arena, names->list[i], MARKDOWN_NAME);

	const char *text = strings_join(arena, &codes, most);
	return names->count > most
		       ? arena_format(arena, "%s and %zu more", text, names->count - most)
		       : text;
}

const char *markdown_plain(struct arena *arena, const char *text)
{
	const char *quoted = quote(arena, text);
	char *plain = arena_raw(arena, strlen(quoted) * 2 + 1), *to = plain;

	for (const char *at = quoted; *at; at++) {
		if (strchr("\\`*_{}[]<>&#|~!$@", *at))
			*to++ = '\\';
		*to++ = *at;
	}
	*to = '\0';
	return plain;
}

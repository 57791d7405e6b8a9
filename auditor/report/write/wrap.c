/* SPDX-License-Identifier: ISC */
/* Wraps text to the width of the terminal and arranges names in columns. */
#include "report/write/wrap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40, WIDTH_MOST = 1000, GAP = 2, ACROSS_MOST = 24 };

static size_t width_of(long columns)
{
	if (columns <= 0 || columns > WIDTH_MOST)
		return 0;
	return columns < WIDTH_LEAST ? WIDTH_LEAST : (size_t)columns;
}

size_t wrap_width(FILE *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	size_t width = 0;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		width = width_of(size.ws_col);
	if (!width && columns)
		width = width_of(strtol(columns, NULL, 10));
	return width ? width : WIDTH_DEFAULT;
}

/* The width of SIZE bytes of UTF-8: one column per character, which is right for
 * nearly all names. */
static size_t columns_of(const char *text, size_t size)
{
	size_t columns = 0;

	for (size_t i = 0; i < size; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

static char *append(char *to, const char *text, size_t size)
{
	memcpy(to, text, size);
	return to + size;
}

const char *wrap_at(struct arena *arena, size_t width, const char *first, const char *rest,
		    const char *text)
{
	size_t indent = strlen(first) > strlen(rest) ? strlen(first) : strlen(rest);
	/* in the worst case every second byte is a blank that becomes a
	 * new, indented line */
	char *wrapped = arena_raw(arena, (strlen(text) + 2) * (indent + 2));
	char *to = append(wrapped, first, strlen(first));
	size_t column = columns_of(first, strlen(first));
	bool fresh = true;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t size = strcspn(text, " "), columns = columns_of(text, size);

		if (!fresh && column + 1 + columns > width) {
			*to++ = '\n';
			to = append(to, rest, strlen(rest));
			column = columns_of(rest, strlen(rest));
			fresh = true;
		}
		if (!fresh) {
			*to++ = ' ';
			column++;
		}
		to = append(to, text, size);
		column += columns;
		text += size;
		fresh = false;
	}
	*to++ = '\n';
	*to = '\0';
	return wrapped;
}

void wrap_print(FILE *out, size_t width, const char *first, const char *rest, const char *text)
{
	struct arena arena _cleanup_arena_ = {0};

	fputs(wrap_at(&arena, width, first, rest, text), out);
}

static size_t name_columns(const char *name)
{
	return columns_of(name, strlen(name));
}

/* The width of the first MOST names in a table with ACROSS columns, filled row by row.
 * WIDTHS gets the width of each column. */
static size_t table_width(const struct strings *names, size_t most, size_t across, size_t *widths)
{
	size_t width = 0;

	memset(widths, 0, across * sizeof *widths);
	for (size_t i = 0; i < most; i++) {
		size_t columns = name_columns(names->list[i]);

		if (columns > widths[i % across])
			widths[i % across] = columns;
	}
	for (size_t i = 0; i < across; i++)
		width += widths[i] + (i ? GAP : 0);
	return width;
}

static size_t names_most(const struct strings *names, size_t rows, size_t across)
{
	return rows && rows * across < names->count ? rows * across : names->count;
}

const char *wrap_names(struct arena *arena, size_t width, const char *indent,
		       const struct strings *names, size_t rows, size_t *ret_left)
{
	size_t widths[ACROSS_MOST] = {0}, bytes = 1, most;
	size_t across = names->count < ACROSS_MOST ? names->count : ACROSS_MOST;
	size_t room = width > strlen(indent) ? width - strlen(indent) : 0;

	*ret_left = 0;
	if (!names->count)
		return "";
	while (across > 1 &&
	       table_width(names, names_most(names, rows, across), across, widths) > room)
		across--;
	most = names_most(names, rows, across);
	table_width(names, most, across, widths);
	for (size_t i = 0; i < most; i++)
		bytes += strlen(names->list[i]) + widths[i % across] + GAP + strlen(indent) + 1;

	char *text = arena_raw(arena, bytes), *to = text;
	for (size_t i = 0; i < most; i++) {
		bool last = (i + 1) % across == 0 || i + 1 == most;
		size_t pad = last ? 0 : widths[i % across] + GAP - name_columns(names->list[i]);

		if (i % across == 0)
			to = append(to, indent, strlen(indent));
		to = append(to, names->list[i], strlen(names->list[i]));
		memset(to, ' ', pad);
		to += pad;
		if (last)
			*to++ = '\n';
	}
	*to = '\0';
	*ret_left = names->count - most;
	return text;
}

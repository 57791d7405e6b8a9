#include "report/wrap.h"

#include <string.h>

/* Columns that SIZE bytes of UTF-8 take: one for each character, as nearly all names are. */
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

const char *wrap(struct arena *arena, const char *first, const char *rest, const char *text)
{
	return wrap_at(arena, WRAP_COLUMNS, first, rest, text);
}

const char *wrap_at(struct arena *arena, size_t most, const char *first, const char *rest, const char *text)
{
	size_t indent = strlen(first) > strlen(rest) ? strlen(first) : strlen(rest);
	/* at worst every other byte is a blank that becomes an indented new line */
	char *wrapped = arena_raw(arena, (strlen(text) + 2) * (indent + 2));
	char *to = append(wrapped, first, strlen(first));
	size_t column = columns_of(first, strlen(first));
	bool fresh = true;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t size = strcspn(text, " "), columns = columns_of(text, size);

		if (!fresh && column + 1 + columns > most) {
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

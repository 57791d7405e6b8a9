/* SPDX-License-Identifier: ISC */
/* Reads quoted texts of UCL, with JSON's escapes. A catalogue of FreeBSD has millions
 * of them, so that bytes are searched and copied in runs. */
#include "facts/ucl/ucl_parts.h"

#include <string.h>

static bool hex_read(const struct ucl_reader *reader, size_t ahead, uint32_t *ret)
{
	uint64_t number = 0;
	struct span digits;

	if (!span_cut(reader->text, reader->at + ahead, 4, &digits) ||
	    !span_number(digits, 16, &number) || digits.data[1] == 'x' || digits.data[1] == 'X')
		return false;
	*ret = (uint32_t)number;
	return true;
}

static char *utf8_put(char *at, uint32_t code)
{
	unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint8_t heads[] = {0, 0xc0, 0xe0, 0xf0};

	*at++ = (char)(heads[more] | code >> (6 * more));
	while (more-- > 0)
		*at++ = (char)(0x80 | (code >> (6 * more) & 0x3f));
	return at;
}

/* "\u0041", and two of them for a character beyond 16 bits. A NUL and half a pair
 * are no text. */
static char *unicode_put(struct ucl_reader *reader, char *at)
{
	uint32_t code, low;

	if (!hex_read(reader, 2, &code) || code == 0)
		return NULL;
	ucl_step(reader, 6);
	if (code < 0xd800 || code > 0xdfff)
		return utf8_put(at, code);
	if (code > 0xdbff || ucl_peek(reader, 0) != '\\' || ucl_peek(reader, 1) != 'u' ||
	    !hex_read(reader, 2, &low) || low < 0xdc00 || low > 0xdfff)
		return NULL;
	ucl_step(reader, 6);
	return utf8_put(at, 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00)));
}

static char *escape_put(struct ucl_reader *reader, char *at)
{
	static const char names[] = "nrtbf", meant[] = "\n\r\t\b\f";
	int byte = ucl_peek(reader, 1);
	const char *found = byte > 0 ? strchr(names, byte) : NULL;

	if (byte == 'u')
		return unicode_put(reader, at);
	if (byte <= 0)
		return NULL;
	*at = found ? meant[found - names] : (char)byte;
	ucl_step(reader, 2);
	return at + 1;
}

/* The end of the text that begins at FROM: the place of its closing QUOTE, or SIZE_MAX.
 * *ESCAPED: it has escapes. */
static size_t quoted_end(const struct ucl_reader *reader, size_t from, int quote, bool *escaped)
{
	const uint8_t *data = reader->text.data, *end = data + reader->text.size, *at = data + from;

	*escaped = false;
	while (at < end && (at = memchr(at, quote, (size_t)(end - at)))) {
		const uint8_t *back = at;

		while (quote == '"' && back > data + from && back[-1] == '\\')
			back--;
		*escaped |= back < at;
		if ((at - back) % 2 == 0)
			break;
		at++;
	}
	if (!at || at >= end)
		return SIZE_MAX;
	*escaped |= quote == '"' && memchr(data + from, '\\', (size_t)(at - data) - from);
	return (size_t)(at - data);
}

/* Reads up to END, where the closing quote is. No escape is shorter than what
 * it stands for. */
static bool escapes_read(struct ucl_reader *reader, size_t end, const char **ret,
			 struct error *error)
{
	char *text = arena_get(reader->arena, end - reader->at + 1), *at = text;

	while (reader->at < end) {
		struct span rest = span_from(reader->text.data + reader->at, end - reader->at);
		size_t plain = span_find(rest, 0, SPAN_OF("\\"));

		if (plain == SIZE_MAX)
			plain = rest.size;
		memcpy(at, rest.data, plain);
		at += plain;
		ucl_step(reader, plain);
		if (reader->at < end && !(at = escape_put(reader, at)))
			return ucl_bad(reader, error, "an escape that is not JSON's");
	}
	*ret = text;
	return true;
}

/* Reads a text between two equal quotes. */
bool ucl_quoted(struct ucl_reader *reader, const char **ret, struct error *error)
{
	int quote = ucl_peek(reader, 0);
	bool escaped;
	size_t begin = reader->at + 1, end = quoted_end(reader, begin, quote, &escaped);

	if (end == SIZE_MAX)
		return ucl_bad(reader, error, "a text without its closing quote");
	ucl_step(reader, 1);
	if (memchr(reader->text.data + begin, '\0', end - begin))
		return ucl_bad(reader, error, "a text with a NUL");
	if (escaped && !escapes_read(reader, end, ret, error))
		return false;
	if (!escaped) {
		*ret = arena_string(reader->arena,
				    span_from(reader->text.data + begin, end - begin));
		ucl_step(reader, end - begin);
	}
	ucl_step(reader, 1);
	return true;
}

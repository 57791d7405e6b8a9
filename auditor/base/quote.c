/* SPDX-License-Identifier: ISC */
/* Escapes control bytes, invalid UTF-8, invisible and bidirectional characters and CI
 * log commands as \xNN, and decodes such text again (UTF-8: RFC 3629). */
#include "base/quote.h"

#include <stdio.h>
#include <string.h>

/* Decodes the UTF-8 character at TEXT (RFC 3629: shortest form, no surrogates, at most
 * U+10FFFF). Returns its length and writes its code point to RET; returns 0 for invalid
 * bytes. It stops at the first invalid byte, so it never reads past the final NUL. */
static size_t character_read(const uint8_t *text, uint32_t *ret)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t size = text[0] < 0x80	   ? 1
		      : text[0] >> 5 == 6  ? 2
		      : text[0] >> 4 == 14 ? 3
		      : text[0] >> 3 == 30 ? 4
					   : 0;
	uint32_t code = size == 1 ? text[0] : text[0] & (0x7f >> size);

	for (size_t i = 1; i < size; i++) {
		if (text[i] >> 6 != 2)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (!size || code < least[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	*ret = code;
	return size;
}

/* True for characters that are invisible or change how their neighbours look: a reader
 * must see exactly what is in the file. */
static bool character_deceives(uint32_t code)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {
		{0x00, 0x1f}, /* C0 controls */
		{0x7f, 0x9f}, /* DEL, C1 controls */
		{0xad, 0xad}, /* soft hyphen */
		{0x61c, 0x61c}, /* Arabic letter mark */
		{0x180e, 0x180e}, /* Mongolian vowel separator */
		{0x200b, 0x200f}, /* zero width, left-to-right and right-to-left mark */
		{0x2028, 0x202e}, /* line and paragraph separator, bidirectional embeddings */
		{0x2060, 0x206f}, /* word joiner, bidirectional isolates */
		{0xfe00, 0xfe0f}, /* variation selectors */
		{0xfeff, 0xfeff}, /* byte order mark */
		{0xfff0, 0xfffb}, /* annotations */
		{0xfffe, 0xffff}, {0xe0000, 0xe0fff}, /* tags */
	};

	if ((code & 0xfffe) == 0xfffe)
		return true;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (code >= ranges[i].from && code <= ranges[i].to)
			return true;
	return false;
}

/* CI services treat a log line as a command if it starts with "::" or contains "##[".
 * Printed text may be wrapped, so a line may start at any word. */
static bool character_commands(const uint8_t *start, const uint8_t *at)
{
	if (at[0] == ':' && at[1] == ':')
		return at == start || at[-1] == ' ';
	return at[0] == '[' && at - start >= 2 && at[-1] == '#' && at[-2] == '#';
}

/* How many bytes at TEXT are ASCII that never has to be spelled out. */
static size_t plain_size(const uint8_t *text)
{
	size_t size = 0;

	while (text[size] >= ' ' && text[size] < 0x7f && text[size] != '\\' && text[size] != ':' &&
	       text[size] != '[')
		size++;
	return size;
}

/* A literal "\x" is escaped as well, so that input cannot forge an escape. */
const char *quote(struct arena *arena, const char *text)
{
	const uint8_t *from = (const uint8_t *)text;
	char *quoted = arena_raw(arena, strlen(text) * 4 + 1);
	char *to = quoted;

	while (*from) {
		uint32_t code = 0;
		size_t size = plain_size(from);
		bool escape = false;

		if (!size) {
			size = character_read(from, &code);
			escape = !size || character_deceives(code) ||
				 (from[0] == '\\' && from[1] == 'x') ||
				 character_commands((const uint8_t *)text, from);
		}
		if (!escape) {
			memcpy(to, from, size);
			to += size;
			from += size;
			continue;
		}
		/* escape all bytes of a character that deceives, or one invalid byte */
		for (size = size ? size : 1; size; size--, from++, to += 4)
			snprintf(to, 5, "\\x%02x", *from);
	}
	*to = '\0';
	return quoted;
}

const char *quote_short(struct arena *arena, const char *text, size_t most)
{
	const char *quoted = quote(arena, text);
	size_t size = strlen(quoted);

	if (size <= most)
		return quoted;
	/* do not cut a character or an escape \xNN in the middle */
	for (size = most - 3; size && ((uint8_t)quoted[size] >> 6) == 2; size--)
		;
	for (size_t back = 1; back < 4 && back <= size; back++)
		if (quoted[size - back] == '\\')
			size -= back;
	return arena_format(arena, "%.*s...", (int)size, quoted);
}

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

const char *unquote(struct arena *arena, const char *text)
{
	char *plain = arena_raw(arena, strlen(text) + 1), *to = plain;

	while (*text) {
		int byte = 0;

		if (text[0] == '\\' && text[1] == 'x' && digit_value(text[2]) >= 0 &&
		    digit_value(text[3]) >= 0)
			byte = digit_value(text[2]) * 16 + digit_value(text[3]);
		*to++ = byte ? (char)byte : *text;
		text += byte ? 4 : 1;
	}
	*to = '\0';
	return plain;
}

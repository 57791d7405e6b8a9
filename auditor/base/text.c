/* SPDX-License-Identifier: ISC */
/* Compares NUL-terminated strings that may be NULL, matches globs, splits paths, and
 * validates YYYY-MM-DD dates. */
#include "base/text.h"

#include "base/span.h"

#include <fnmatch.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

bool text_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

unsigned text_index(const char *text, const char *const *words, unsigned count)
{
	unsigned place = 0;

	while (place < count && (!text || strcmp(text, words[place]) != 0))
		place++;
	return place;
}

bool text_among(const char *text, const char *const *words)
{
	while (*words && strcmp(*words, text) != 0)
		words++;
	return *words != NULL;
}

bool text_has_word(const char *text, const char *word)
{
	struct span rest = span_text(text), token;

	while (span_token(&rest, &token))
		if (span_is(token, word))
			return true;
	return false;
}

bool text_is_hex(const char *text, size_t size)
{
	return strlen(text) == size && strspn(text, "0123456789abcdef") == size;
}

const char *text_count(struct arena *arena, size_t count, const char *what)
{
	return arena_format(arena, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

const char *text_after(const char *text, const char *begin)
{
	size_t size = strlen(begin);

	return strncmp(text, begin, size) == 0 ? text + size : NULL;
}

const char *path_last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

bool path_is_in(const char *path, const char *folder)
{
	size_t size = strcmp(folder, "/") == 0 ? 0 : strlen(folder);

	return strncmp(path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

bool path_leads_into(const char *path, const char *folder)
{
	char target[PATH_MAX];

	return realpath(path, target) && path_is_in(target, folder);
}

const char *path_folder(struct arena *arena, const char *path)
{
	size_t size = (size_t)(path_last(path) - path);

	return size ? arena_string(arena, span_from(path, size)) : ".";
}

const char *path_real(struct arena *arena, const char *path)
{
	char real[PATH_MAX];

	return realpath(path, real) ? arena_string(arena, span_text(real)) : NULL;
}

static bool is_wildcard(char byte)
{
	return byte == '*' || byte == '?' || byte == '[' || byte == '\\';
}

/* Most names differ in one of the first bytes: fnmatch() sees only
 * what follows them. */
static bool glob_matches(const char *glob, const char *name)
{
	while (*glob && *glob == *name && !is_wildcard(*glob)) {
		glob++;
		name++;
	}
	return is_wildcard(*glob) ? fnmatch(glob, name, 0) == 0 : *glob == *name;
}

bool globs_fit(const struct strings *globs, const char *name)
{
	return array_any(glob, globs, glob_matches(*glob, name));
}

/* The decimal number in the first SIZE characters; -1 if one of them is not a digit. */
static int digits(const char *text, size_t size)
{
	int number = 0;

	for (size_t i = 0; i < size; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + text[i] - '0';
	}
	return number;
}

bool date_real(const char *text)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return false;

	int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || month < 1 || month > 12)
		return false;
	return day >= 1 && day <= days[month - 1] + (leap && month == 2);
}

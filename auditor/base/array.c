/* SPDX-License-Identifier: ISC */
/* Sorts, searches, compares and joins lists of strings; the growing of arrays itself is
 * inline in array.h. */
#include "base/array.h"

int strings_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void strings_unique(struct strings *strings)
{
	size_t kept = 0;

	array_sort(strings, strings_compare);
	for (size_t i = 0; i < strings->count; i++)
		if (kept == 0 || strcmp(strings->list[kept - 1], strings->list[i]) != 0)
			strings->list[kept++] = strings->list[i];
	strings->count = kept;
}

bool strings_have(const struct strings *strings, const char *text)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcmp(strings->list[i], text) == 0)
			return true;
	return false;
}

bool strings_find(const struct strings *sorted, const char *text)
{
	return sorted->count > 0 &&
	       bsearch(&text, sorted->list, sorted->count, sizeof text, strings_compare);
}

const char *strings_join(struct arena *arena, const struct strings *strings, size_t most)
{
	size_t shown = strings->count < most ? strings->count : most, size = 0;
	char *text, *end;

	for (size_t i = 0; i < shown; i++)
		size += strlen(strings->list[i]) + strlen(", ");
	end = text = arena_get(arena, size + 1);
	for (size_t i = 0; i < shown; i++)
		end = stpcpy(stpcpy(end, i ? ", " : ""), strings->list[i]);
	if (strings->count > most)
		return arena_format(arena, "%s and %zu more", text, strings->count - most);
	return text;
}

bool strings_same(const struct strings *a, const struct strings *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->list[i], b->list[i]) != 0)
			return false;
	return true;
}

/* SPDX-License-Identifier: ISC */
/* Finds the word that a mistyped one probably means, by optimal string alignment
 * distance, for "did you mean" messages. */
#include "base/suggest.h"

#include <ctype.h>
#include <stdint.h>
#include <strings.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool letter_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t suggest_distance(const char *a, const char *b)
{
	size_t size = strlen(b), rows[3][SUGGEST_SIZE_MOST + 1];

	if (strlen(a) > SUGGEST_SIZE_MOST || size > SUGGEST_SIZE_MOST)
		return SIZE_MAX;
	for (size_t j = 0; j <= size; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= strlen(a); i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= size; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + !letter_same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && letter_same(a[i - 1], b[j - 2]) &&
			    letter_same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return rows[strlen(a) % 3][size];
}

const char *suggest(const char *text, const struct strings *words)
{
	/* the largest distance that still counts as a typing mistake: a third of the letters, at
	 * most 4; 1 for short words */
	size_t most = strlen(text) < 6 ? 1 : least(strlen(text) / 3, 4), nearest = most + 1;
	const char *found = NULL, *longer = NULL;

	array_each(word, words) {
		size_t distance = suggest_distance(text, *word);

		if (!longer && strlen(text) >= 3 && !strncasecmp(*word, text, strlen(text)))
			longer = *word;
		if (distance >= nearest || distance >= strlen(text))
			continue;
		nearest = distance;
		found = *word;
	}
	return found ? found : longer;
}

const char *suggest_clause(struct arena *arena, const char *text, const struct strings *words)
{
	const char *meant = suggest(text, words);

	return meant ? arena_format(arena, "; did you mean '%s'?", meant) : "";
}

const char *suggest_among(struct arena *arena, const char *text, const char *const *words)
{
	struct strings list = {0};

	for (; *words; words++)
		*array_add(arena, &list) = *words;
	return suggest_clause(arena, text, &list);
}

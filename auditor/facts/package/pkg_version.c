/* SPDX-License-Identifier: ISC */
/* Orders versions as FreeBSD's pkg does (libpkg/pkg_version.c). */
#include "facts/package/pkg_version.h"
#include "base/span.h"

#include <string.h>
#include <strings.h>

/* VERSION[_REVISION][,EPOCH]. A version is a row of components, each
 *     number  letter  number
 * such as "4", "2a", "10b2". A dot or another sign ends a component; a second letter begins a new
 * one. A missing number counts -1, so "a" < "0"; "*" is below all. Of a word only the first letter
 * counts, but six words have their own places. They are components of their own: "1.2rc3" is
 * 1, 2, rc3, which makes it less than "1.2". A '+' separates groups of components. */
struct component {
	int64_t number, patch;
	int letter; /* 0: none */
};

struct word {
	const char *text;
	int place;
};

/* "pl" is below every letter; the others stand where their first letter stands. */
enum { LETTER_BASE = 2 };

static const struct word words[] = {
	{"pl", 0},
	{"snap", 's' - 'a' + LETTER_BASE},
	{"alpha", 'a' - 'a' + LETTER_BASE},
	{"beta", 'b' - 'a' + LETTER_BASE},
	{"pre", 'p' - 'a' + LETTER_BASE},
	{"rc", 'r' - 'a' + LETTER_BASE},
};

struct version {
	struct span text; /* without revision and epoch */
	uint64_t revision, epoch;
};

static bool is_digit(struct span span)
{
	return span.size > 0 && span.data[0] >= '0' && span.data[0] <= '9';
}

static uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static bool is_letter(struct span span)
{
	return span.size > 0 && lower(span.data[0]) >= 'a' && lower(span.data[0]) <= 'z';
}

static bool is_one(struct span span, uint8_t byte)
{
	return span.size > 0 && span.data[0] == byte;
}

/* Removes the digits at the start and returns their value, at most MOST. */
static uint64_t digits_cut(struct span *rest, uint64_t most)
{
	uint64_t value = 0;

	for (; is_digit(*rest); *rest = span_skip(*rest, 1)) {
		unsigned digit = rest->data[0] - '0';

		value = value > (most - digit) / 10 ? most : value * 10 + digit;
	}
	return value;
}

/* The place of the last BYTE in SPAN at or after FROM; SIZE_MAX if there is none. */
static size_t last_of(struct span span, size_t from, uint8_t byte)
{
	for (size_t i = span.size; i > from; i--)
		if (span.data[i - 1] == byte)
			return i - 1;
	return SIZE_MAX;
}

/* The number at the start of TEXT, with or without a '+'; 0 if there is none,
 * as strtoul reads. */
static uint64_t number_of(struct span text)
{
	text = span_skip(text, is_one(text, '+'));
	return digits_cut(&text, UINT64_MAX);
}

/* The revision follows the last '_', the epoch the last ',' behind it. */
static struct version version_split(const char *text)
{
	struct version version = {.text = span_text(text)};
	size_t dash = last_of(version.text, 0, '-'), under, comma;

	version.text = span_skip(version.text, dash == SIZE_MAX ? 0 : dash + 1);
	under = last_of(version.text, 0, '_');
	comma = last_of(version.text, under == SIZE_MAX ? 0 : under + 1, ',');
	if (under != SIZE_MAX)
		version.revision = number_of(span_skip(version.text, under + 1));
	if (comma != SIZE_MAX)
		version.epoch = number_of(span_skip(version.text, comma + 1));
	version.text = span_head(version.text, under < comma ? under : comma);
	return version;
}

/* The word of the table with which REST begins, and which ends there; or NULL. */
static const struct word *word_here(struct span rest)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t size = strlen(words[i].text);

		if (rest.size >= size &&
		    strncasecmp((const char *)rest.data, words[i].text, size) == 0 &&
		    !is_letter(span_skip(rest, size)))
			return &words[i];
	}
	return NULL;
}

/* Removes the letters at the start. False if a component ends before them. */
static bool letters_cut(struct span *rest, bool numbered, int *letter)
{
	const struct word *word = is_letter(span_skip(*rest, 1)) ? word_here(*rest) : NULL;

	if (word && numbered)
		return false;
	*letter = word ? word->place : lower(rest->data[0]) - 'a' + LETTER_BASE;
	if (word)
		*rest = span_skip(*rest, strlen(word->text));
	while (!word && is_letter(*rest))
		*rest = span_skip(*rest, 1);
	return true;
}

static struct component component_cut(struct span *rest)
{
	struct component component = {.number = -1};
	bool numbered = is_digit(*rest) || is_one(*rest, '*');

	if (is_digit(*rest))
		component.number = (int64_t)digits_cut(rest, INT64_MAX);
	else if (numbered)
		component.number = -2;
	while (component.number == -2 && rest->size > 0 && !is_one(*rest, '+'))
		*rest = span_skip(*rest, 1);
	if (is_letter(*rest) && letters_cut(rest, numbered, &component.letter)) {
		component.patch = -1;
		if (is_digit(*rest))
			component.patch = (int64_t)digits_cut(rest, INT64_MAX);
	}
	while (rest->size > 0 && !is_digit(*rest) && !is_letter(*rest) && !is_one(*rest, '+') &&
	       !is_one(*rest, '*'))
		*rest = span_skip(*rest, 1);
	return component;
}

static int order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static bool group_ends(struct span rest)
{
	return rest.size == 0 || is_one(rest, '+');
}

/* Compares one component of each; where a group has ended, with zeros. */
static int step_compare(struct span *a, struct span *b)
{
	struct component left = {0}, right = {0};
	int difference;

	if (group_ends(*a) && group_ends(*b)) {
		*a = span_skip(*a, 1);
		*b = span_skip(*b, 1);
		return 0;
	}
	if (!group_ends(*a))
		left = component_cut(a);
	if (!group_ends(*b))
		right = component_cut(b);
	difference = order(left.number, right.number);
	if (!difference)
		difference = order(left.letter, right.letter);
	return difference ? difference : order(left.patch, right.patch);
}

int pkg_version_compare(const char *a, const char *b)
{
	struct version left = version_split(a), right = version_split(b);
	int difference = (left.epoch > right.epoch) - (left.epoch < right.epoch);

	while (!difference && (left.text.size > 0 || right.text.size > 0))
		difference = step_compare(&left.text, &right.text);
	if (!difference)
		difference = (left.revision > right.revision) - (left.revision < right.revision);
	return difference;
}

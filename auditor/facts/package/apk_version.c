/* SPDX-License-Identifier: ISC */
/* Orders version numbers as apk does, with its fuzzy match "~" (apk-tools doc/apk-
 * package.5.scd). */
#include "facts/package/apk.h"

#include <ctype.h>
#include <string.h>

/* The parts of a version, in the order in which they may come (apk-tools
 * doc/apk-package.5.scd). If two versions are equal up to a part that only one has, or
 * that differs in kind, the one whose part is earlier in this list is newer, except for
 * a suffix of a pre-release. */
enum part_kind {
	PART_FIRST,
	PART_DIGITS,
	PART_LETTER,
	PART_SUFFIX,
	PART_SUFFIX_NUMBER,
	PART_HASH,
	PART_REVISION,
	PART_END,
	PART_WRONG
};

struct version_part {
	enum part_kind kind;
	struct span text;
};

static const char *const suffixes[] = {"alpha", "beta", "pre", "rc", "",
				       "cvs",	"svn",	"git", "hg", "p"};

/* The index in SUFFIXES, or -1. Values below 4, the index of no suffix, come
 * before the release. */
static int suffix_rank(struct span text)
{
	for (int i = 0; i < (int)(sizeof suffixes / sizeof *suffixes); i++)
		if (suffixes[i][0] && span_is(text, suffixes[i]))
			return i;
	return -1;
}

static struct version_part part_of(enum part_kind kind, struct span *rest, size_t skip,
				   int (*belongs)(int))
{
	struct version_part part = {kind, span_skip(*rest, skip)};
	size_t size = 0;

	while (size < part.text.size && belongs(part.text.data[size]))
		size++;
	part.text = span_head(part.text, size);
	*rest = span_skip(*rest, skip + size);
	if (part.text.size == 0 || (kind == PART_SUFFIX && suffix_rank(part.text) < 0))
		part.kind = PART_WRONG;
	return part;
}

static struct version_part part_next(struct span *rest, enum part_kind last, bool first)
{
	uint8_t byte = rest->size ? rest->data[0] : 0;

	if (first)
		return part_of(PART_FIRST, rest, 0, isdigit);
	if (rest->size == 0)
		return (struct version_part){.kind = PART_END};
	if (byte == '.' && last <= PART_DIGITS)
		return part_of(PART_DIGITS, rest, 1, isdigit);
	if (islower(byte) && last <= PART_DIGITS) {
		struct version_part part = {PART_LETTER, span_head(*rest, 1)};

		*rest = span_skip(*rest, 1);
		return part;
	}
	if (byte == '_' && last <= PART_SUFFIX_NUMBER)
		return part_of(PART_SUFFIX, rest, 1, islower);
	if (isdigit(byte) && last == PART_SUFFIX)
		return part_of(PART_SUFFIX_NUMBER, rest, 0, isdigit);
	if (byte == '~' && last < PART_HASH)
		return part_of(PART_HASH, rest, 1, isxdigit);
	if (span_starts(*rest, "-r") && last < PART_REVISION)
		return part_of(PART_REVISION, rest, 2, isdigit);
	return (struct version_part){.kind = PART_WRONG, .text = *rest};
}

static int text_compare(struct span a, struct span b)
{
	size_t least = a.size < b.size ? a.size : b.size;
	int order = least ? memcmp(a.data, b.data, least) : 0;

	return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int number_compare(struct span a, struct span b)
{
	while (a.size > 1 && a.data[0] == '0')
		a = span_skip(a, 1);
	while (b.size > 1 && b.data[0] == '0')
		b = span_skip(b, 1);
	return a.size != b.size ? (a.size > b.size) - (a.size < b.size) : text_compare(a, b);
}

static int part_compare(struct version_part a, struct version_part b)
{
	switch (a.kind) {
	case PART_DIGITS:
		/* with a leading zero they are compared as decimals: 1.05 is
		 * older than 1.1 */
		if (a.text.data[0] == '0' || b.text.data[0] == '0')
			return text_compare(a.text, b.text);
		return number_compare(a.text, b.text);
	case PART_FIRST:
	case PART_SUFFIX_NUMBER:
	case PART_REVISION:
		return number_compare(a.text, b.text);
	case PART_SUFFIX:
		return suffix_rank(a.text) - suffix_rank(b.text);
	case PART_LETTER:
	case PART_HASH:
	case PART_WRONG:
		return text_compare(a.text, b.text);
	case PART_END:
		break;
	}
	return 0;
}

/* Compares part by part. With FUZZY the versions are equal if RIGHT ends first. */
static int versions_compare(const char *left, const char *right, bool fuzzy)
{
	struct span a = span_text(left), b = span_text(right);
	struct version_part x = {.kind = PART_FIRST}, y = x;

	for (bool first = true;; first = false) {
		x = part_next(&a, x.kind, first);
		y = part_next(&b, y.kind, first);
		if (x.kind != y.kind)
			break;

		int order = part_compare(x, y);
		if (order || x.kind == PART_END || x.kind == PART_WRONG)
			return order;
	}
	if (fuzzy && y.kind == PART_END)
		return 0;
	if (x.kind == PART_SUFFIX && suffix_rank(x.text) < 4)
		return -1;
	if (y.kind == PART_SUFFIX && suffix_rank(y.text) < 4)
		return 1;
	return x.kind > y.kind ? -1 : 1;
}

int apk_version_compare(const char *a, const char *b)
{
	return versions_compare(a ? a : "", b ? b : "", false);
}

bool apk_version_fuzzy(const char *a, const char *b)
{
	return versions_compare(a, b, true) == 0;
}

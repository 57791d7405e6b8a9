/* SPDX-License-Identifier: ISC */
/* Parses ranges of versions and compares the build of a package with the ranges and
 * abis that a provider names. */
#include "facts/providers/builds.h"

#include <string.h>

/* The form of ranges:
 *     range   = bound | bound ".." | ".." bound | bound ".." bound
 *     bound   = number *("." number) ["-rc" number] ["-" number]
 * A version that is compared with a range may have a suffix, such as the local version of a
 * kernel's release. */

enum { DIGITS_MOST = 18, RANGE_MOST = 64 };

static bool number_cut(struct span *rest, uint64_t *ret)
{
	size_t size = 0;

	while (size < rest->size && rest->data[size] >= '0' && rest->data[size] <= '9')
		size++;
	if (size == 0 || size > DIGITS_MOST || !span_number(span_head(*rest, size), 10, ret))
		return false;
	*rest = span_skip(*rest, size);
	return true;
}

static bool point_read(struct span text, struct point *ret)
{
	struct span rest = text, after;

	*ret = (struct point){.candidate = UINT64_MAX};
	for (size_t count = 0;; rest = span_skip(rest, 1)) {
		if (count == POINT_NUMBERS || !number_cut(&rest, &ret->number[count++]))
			return false;
		if (!span_starts(rest, "."))
			break;
	}
	after = span_skip(rest, 3);
	if (span_starts(rest, "-rc") && number_cut(&after, &ret->candidate))
		rest = after;
	after = span_skip(rest, 1);
	if (span_starts(rest, "-") && number_cut(&after, &ret->build)) {
		ret->has_build = true;
		rest = after;
	}
	ret->local = rest.size > 0;
	return !ret->local || rest.data[0] == '-' || rest.data[0] == '+';
}

static int number_compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* The build number is compared only if BOUND has one; false if POINT then has none. */
static bool point_compare(const struct point *point, const struct point *bound, int *ret)
{
	*ret = 0;
	for (size_t i = 0; i < POINT_NUMBERS && *ret == 0; i++)
		*ret = number_compare(point->number[i], bound->number[i]);
	if (*ret == 0)
		*ret = number_compare(point->candidate, bound->candidate);
	if (*ret != 0 || !bound->has_build)
		return true;
	*ret = number_compare(point->build, bound->build);
	return point->has_build;
}

static bool bound_read(struct span text, bool *has, struct point *ret, const char **why)
{
	*has = text.size > 0;
	if (*has && (!point_read(text, ret) || ret->local)) {
		*why = "is not a version that can be ordered";
		return false;
	}
	return true;
}

bool range_read(struct arena *arena, const char *text, struct range *ret, const char **why)
{
	struct span whole = span_text(text), low = whole, high = whole;
	size_t dots = span_find(whole, 0, SPAN_OF(".."));
	int order;

	*ret = (struct range){0};
	*why = "is not a range";
	if (whole.size == 0 || whole.size > RANGE_MOST)
		return false;
	if (dots != SIZE_MAX) {
		low = span_head(whole, dots);
		high = span_skip(whole, dots + 2);
	}
	if (!bound_read(low, &ret->has_min, &ret->min, why) ||
	    !bound_read(high, &ret->has_max, &ret->max, why))
		return false;
	if (!ret->has_min && !ret->has_max)
		return false;
	*why = "ends before it begins";
	if (ret->has_min && ret->has_max && point_compare(&ret->min, &ret->max, &order) &&
	    order > 0)
		return false;
	ret->text = arena_string(arena, whole);
	return true;
}

enum fit range_fit(const struct range *range, const char *value, bool local)
{
	struct point point;
	int order;

	if (!value || !point_read(span_text(value), &point) || (point.local && !local))
		return FIT_UNKNOWN;
	if (range->has_min) {
		if (!point_compare(&point, &range->min, &order))
			return FIT_UNKNOWN;
		if (order < 0)
			return FIT_OLDER;
	}
	if (range->has_max) {
		if (!point_compare(&point, &range->max, &order))
			return FIT_UNKNOWN;
		if (order > 0)
			return FIT_NEWER;
	}
	return FIT_YES;
}

enum fit builds_fit(const struct builds *builds, const struct built *built, const char **lacks)
{
	enum fit abi_fit = FIT_UNKNOWN;

	if (built->abi)
		abi_fit = strings_have(&builds->abis, built->abi) ? FIT_YES : FIT_OTHER;

	const struct {
		const char *what;
		bool asked;
		enum fit fit;
	} asked[] = {
		{"release", builds->release.text,
		 range_fit(&builds->release, built->release, true)},
		{"abi", builds->abis.count > 0, abi_fit},
		{"version", builds->version.text,
		 range_fit(&builds->version, built->version, false)},
		{"revision", builds->revision.text,
		 range_fit(&builds->revision, built->revision, false)},
	};
	enum fit fit = FIT_YES;

	/* a value that does not fit decides, even if others are unknown */
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		if (!asked[i].asked || asked[i].fit == FIT_YES)
			continue;
		if (asked[i].fit != FIT_UNKNOWN)
			return asked[i].fit;
		if (fit == FIT_YES)
			*lacks = asked[i].what;
		fit = FIT_UNKNOWN;
	}
	return fit;
}

enum fit supports_fit(const struct supports *supports, const struct built *built,
		      const char **lacks)
{
	bool unknown = false;
	enum fit all = FIT_UNKNOWN;

	array_each(builds, supports) {
		enum fit fit = builds_fit(builds, built, lacks);

		if (fit == FIT_YES)
			return FIT_YES;
		unknown |= fit == FIT_UNKNOWN;
		if (all == FIT_UNKNOWN)
			all = fit;
		else if (all != fit)
			all = FIT_OTHER;
	}
	return unknown ? FIT_UNKNOWN : all;
}

bool glob_fits(const char *glob, const char *name)
{
	const char *star = strchr(glob, '*');
	size_t size = strlen(name), before = star ? (size_t)(star - glob) : 0;

	if (!star)
		return strcmp(glob, name) == 0;
	return size >= strlen(glob) - 1 && strncmp(name, glob, before) == 0 &&
	       text_ends(name, star + 1);
}

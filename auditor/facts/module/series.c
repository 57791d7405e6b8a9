/* SPDX-License-Identifier: ISC */
/* Parses the series of a kernel release (6.6 of 6.6.86) and decides whether a rule that
 * begins with a series, or was backported, holds for it. */
#include "facts/module/series.h"

#include <stddef.h>

static const char *number_read(const char *at, unsigned *ret)
{
	const char *start = at;

	*ret = 0;
	for (; *at >= '0' && *at <= '9'; at++) {
		*ret = *ret * 10 + (unsigned)(*at - '0');
		if (*ret > SERIES_MOST)
			return NULL;
	}
	return at > start ? at : NULL;
}

struct series series_read(const char *release)
{
	struct series series = {0};
	const char *at = release ? number_read(release, &series.major) : NULL;

	at = at && *at == '.' ? number_read(at + 1, &series.minor) : NULL;
	series.known = at != NULL;
	if (!at)
		return (struct series){0};
	if (*at == '.' && !number_read(at + 1, &series.patch))
		series.patch = 0;
	return series;
}

int series_compare(struct series a, struct series b)
{
	if (a.major != b.major)
		return a.major < b.major ? -1 : 1;
	return (a.minor > b.minor) - (a.minor < b.minor);
}

enum since series_since(struct series series, unsigned major, unsigned minor)
{
	struct series first = {.major = major, .minor = minor};

	if (!series.known)
		return SINCE_UNKNOWN;
	return series_compare(series, first) >= 0 ? SINCE_YES : SINCE_NO;
}

enum since series_backported(struct series series, struct series first, const struct series *stable,
			     size_t count)
{
	enum since since = series_since(series, first.major, first.minor);

	for (size_t i = 0; since == SINCE_NO && i < count; i++) {
		if (series_compare(series, stable[i]) != 0)
			continue;
		if (series.patch == 0)
			return SINCE_UNKNOWN;
		return series.patch >= stable[i].patch ? SINCE_YES : SINCE_NO;
	}
	return since;
}

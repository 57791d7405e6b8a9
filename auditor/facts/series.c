#include "facts/series.h"

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

	series.known = at && *at == '.' && number_read(at + 1, &series.minor);
	return series.known ? series : (struct series){0};
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

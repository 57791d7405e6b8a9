/* SPDX-License-Identifier: ISC */
/* series - the first numbers of a kernel release: 6.6 of "6.6.86". They decide which
 * rules of the module loader apply. Only series_read parses them. */
#ifndef KMODAUDIT_SERIES_H
#define KMODAUDIT_SERIES_H

#include <stdbool.h>
#include <stddef.h>

struct series {
	bool known;
	unsigned major, minor; /* each at most SERIES_MOST */
	unsigned patch; /* 118 for 5.4.118; 0: not stated, as in Debian's 4.19.0-17-amd64 */
};

enum { SERIES_MOST = 9999 };

/* Whether a rule that begins with some series applies. */
enum since { SINCE_NO, SINCE_YES, SINCE_UNKNOWN };

/* Parses RELEASE: "6.6.86", "6.18-rc3", "5.10" with any text after it, or NULL.
 * The result is not known if RELEASE does not begin with two numbers, or if one
 * is above SERIES_MOST. */
struct series series_read(const char *release);
/* Whether SERIES is MAJOR.MINOR or later. */
enum since series_since(struct series series, unsigned major, unsigned minor);
/* Whether a rule applies that begins with series FIRST and was also backported to
 * the patch levels in STABLE. Unknown if SERIES is one of STABLE and its patch level
 * is not stated. */
enum since series_backported(struct series series, struct series first, const struct series *stable,
			     size_t count);
/* Below 0, 0 or above 0 if A is earlier than, equal to or later than B. Both
 * must be known. */
int series_compare(struct series a, struct series b);

#endif

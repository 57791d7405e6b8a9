/* SPDX-License-Identifier: ISC */
/* series - "6.6" of a kernel release "6.6.86": what decides which rules of the loader hold. The
 * one place that reads it. */
#ifndef KMODAUDIT_SERIES_H
#define KMODAUDIT_SERIES_H

#include <stdbool.h>
#include <stddef.h>

struct series {
	bool known;
	unsigned major, minor; /* each at most SERIES_MOST */
	unsigned patch; /* 118 of 5.4.118; 0: not said. Debian's 4.19.0-17-amd64 says none */
};

enum { SERIES_MOST = 9999 };

/* Whether a rule that begins with some series holds. */
enum since { SINCE_NO, SINCE_YES, SINCE_UNKNOWN };

/* RELEASE is "6.6.86", "6.18-rc3", "5.10" with anything behind it, or NULL. Not known when it
 * does not begin with two numbers, or when one of them is above SERIES_MOST. */
struct series series_read(const char *release);
/* Whether SERIES is MAJOR.MINOR or later. */
enum since series_since(struct series series, unsigned major, unsigned minor);
/* Whether a rule holds that begins with FIRST, and in stable kernels with the patch level of
 * one of STABLE. Unknown where SERIES is one of these and says no patch level. */
enum since series_backported(struct series series, struct series first, const struct series *stable,
			     size_t count);
/* Below 0, 0, above 0 as A is earlier than, equal to or later than B. Both must be known. */
int series_compare(struct series a, struct series b);

#endif

/* SPDX-License-Identifier: ISC */
/* builds - sets of module builds, given as ranges and lists, and the one build that a
 * package was made against. */
#ifndef KMODAUDIT_BUILDS_H
#define KMODAUDIT_BUILDS_H

#include "base/array.h"

enum { POINT_NUMBERS = 8 };

/* A version that can be ordered: "6.6.86", "6.12-rc3", "6.1.0-22-amd64", "2.1". */
struct point {
	uint64_t number[POINT_NUMBERS]; /* missing numbers are 0 */
	uint64_t candidate; /* of -rcN; UINT64_MAX: none */
	bool has_build; /* it ends with a build number, such as "-22" */
	uint64_t build;
	bool local; /* other text follows */
};

/* A range: "6.6.80..6.6.86", "6.6.80..", "..6.6.86" or "6.6.84". */
struct range {
	const char *text; /* NULL: no range is required */
	bool has_min, has_max;
	struct point min, max;
};

/* How the build of a package relates to a range or set. */
enum fit { FIT_YES, FIT_OLDER, FIT_NEWER, FIT_OTHER, FIT_UNKNOWN };

/* The version of an interface that a package was built against, or that a provider
 * has. NULL: unknown. */
struct built {
	const char *release, *revision, *abi, *version;
	/* for messages: the version of the kernel's package, else its release */
	const char *kernel;
	const char *witness;
	const char *looked; /* where the program looked for what is unknown */
};

/* A set of builds. A build belongs to it only if it matches all members. */
struct builds {
	struct range release, revision, version;
	struct strings abis; /* empty: no abi is required */
	const char *text; /* "release 6.6.80..6.6.86, revision 1.." */
};

struct supports {
	struct builds *list;
	size_t count, room;
};

/* Parses TEXT. If it is not a range, WHY is a clause that continues a sentence
 * after the text. */
bool range_read(struct arena *arena, const char *text, struct range *ret, const char **why);
/* Compares VALUE with RANGE. LOCAL: text after the numbers of VALUE ("-custom") is
 * ignored; otherwise such a VALUE has no order. */
enum fit range_fit(const struct range *range, const char *value, bool local);
/* If the fit is unknown, LACKS is the unknown value: "release", "revision",
 * "abi" or "version". */
enum fit builds_fit(const struct builds *builds, const struct built *built, const char **lacks);
enum fit supports_fit(const struct supports *supports, const struct built *built,
		      const char **lacks);

/* True if NAME matches GLOB, which may contain one '*'. */
bool glob_fits(const char *glob, const char *name);

#endif

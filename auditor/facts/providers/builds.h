/* SPDX-License-Identifier: ISC */
/* builds - builds of modules, as somebody names them in ranges and lists, and the one that a
 * package was made by. */
#ifndef KMODAUDIT_BUILDS_H
#define KMODAUDIT_BUILDS_H

#include "base/array.h"

enum { POINT_NUMBERS = 8 };

/* "6.6.86", "6.12-rc3", "6.1.0-22-amd64", "2.1": what can be ordered. */
struct point {
	uint64_t number[POINT_NUMBERS]; /* those that are not there are 0 */
	uint64_t candidate; /* of -rcN; UINT64_MAX: none */
	bool has_build; /* "-22" */
	uint64_t build;
	bool local; /* more stands behind */
};

/* "6.6.80..6.6.86", "6.6.80..", "..6.6.86", "6.6.84" */
struct range {
	const char *text; /* NULL: not asked for */
	bool has_min, has_max;
	struct point min, max;
};

/* How what a package was built against lies to what is asked for. */
enum fit { FIT_YES, FIT_OLDER, FIT_NEWER, FIT_OTHER, FIT_UNKNOWN };

/* The one version of an interface that somebody was built against, or has. NULL: not known. */
struct built {
	const char *release, *revision, *abi, *version;
	/* to be shown: the kernel's version as its package has it, else its release */
	const char *kernel;
	const char *witness;
	const char *looked; /* why what is not known is not */
};

/* Builds: what is named here must fit, all of it. */
struct builds {
	struct range release, revision, version;
	struct strings abis; /* empty: not asked for */
	const char *text; /* "release 6.6.80..6.6.86, revision 1.." */
};

struct supports {
	struct builds *list;
	size_t count, room;
};

/* WHY, when it is no range: a clause that goes on behind the text. */
bool range_read(struct arena *arena, const char *text, struct range *ret, const char **why);
/* LOCAL: what stands behind the numbers of VALUE ("-custom") may be left out; else it cannot be
 * ordered. */
enum fit range_fit(const struct range *range, const char *value, bool local);
/* LACKS, when the fit is unknown: "release", "revision", "abi" or "version". */
enum fit builds_fit(const struct builds *builds, const struct built *built, const char **lacks);
enum fit supports_fit(const struct supports *supports, const struct built *built,
		      const char **lacks);

/* NAME fits GLOB, in which one * may stand for any text. */
bool glob_fits(const char *glob, const char *name);

#endif

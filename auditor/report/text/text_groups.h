/* SPDX-License-Identifier: ISC */
/* text_groups - groups results with a common reason, so that each reason is printed
 * once. Private to report/. */
#ifndef KMODAUDIT_TEXT_GROUPS_H
#define KMODAUDIT_TEXT_GROUPS_H

#include "verdict/verdict.h"

/* In the order in which groups are printed. */
enum group_state { GROUP_STANDS, GROUP_KNOWN, GROUP_WAIVED, GROUP_STATES };

extern const char *const group_label[GROUP_STATES]; /* "", "known: ", "waived: " */

struct group {
	enum group_state state;
	const struct waiver *waiver; /* with GROUP_WAIVED */
	const struct finding *finding; /* of the first package; NULL: no reason is known */
	/* names of the packages whose own finding it is, sorted, once each; "kmod-tun (2
	 * files)" if several files have one name */
	struct strings names;
	struct strings files; /* "NAME\nFILE" of the packages */
	struct strings needing; /* likewise of packages that only need one of NAMES */
	struct strings needing_files;
	const char *text; /* applies to all of NAMES; escaped */
	/* NULL, or the only package to which TEXT applies exactly: the others violate
	 * the same rule */
	const char *example;
};

struct groups {
	struct group *list;
	size_t count, room;
};

/* True if FINDING is about a package that exists neither in the image nor in the feeds;
 * its subject is the dependency. */
bool finding_misses_package(const struct finding *finding);

/* The first result of a package NAME with that verdict, or NULL. Results are sorted, so
 * this is a binary search. */
const struct result *result_named(const struct verdicts *verdicts, const char *name,
				  enum verdict verdict);

/* Whether the finding that decided about RESULT is waived or in the baseline. */
enum group_state group_state(const struct result *result);

/* Groups the results with VERDICT by reason, sorted: reasons that are neither waived
 * nor in the baseline first, then by size, then in the report's order. With
 * VERDICT_SAFE and VERDICT_INSTALLED only results with a warning. FOLD: many reasons
 * with the same rule become one group. */
struct groups groups_of(struct arena *arena, const struct verdicts *verdicts, enum verdict verdict,
			bool fold);

#endif

/* SPDX-License-Identifier: ISC */
/* text_groups - results that have one reason in common, so that the reason is said once.
 * Private to report/. */
#ifndef KMODAUDIT_TEXT_GROUPS_H
#define KMODAUDIT_TEXT_GROUPS_H

#include "verdict/verdict.h"

/* Ordered as they are shown. */
enum group_state { GROUP_STANDS, GROUP_KNOWN, GROUP_WAIVED, GROUP_STATES };

extern const char *const group_label[GROUP_STATES]; /* "", "known: ", "waived: " */

struct group {
	enum group_state state;
	const struct waiver *waiver; /* of GROUP_WAIVED */
	const struct finding *finding; /* of the first one; NULL: no reason was given */
	struct strings
		/* of the packages, sorted, one each; "kmod-tun (2 files)" where several files
		 * have one name */
		names;
	struct strings files; /* "NAME\nFILE" of the packages */
	const char *text; /* for all of them, through quote() */
	/* NULL, or the only one that TEXT is true of: the others break the same rule */
	const char *example;
};

struct groups {
	struct group *list;
	size_t count, room;
};

/* FINDING: a package that is neither in the image nor in the feeds; its subject is the
 * dependency. */
bool finding_misses_package(const struct finding *finding);

/* The first result of a package called NAME with that verdict, NULL when the report has none; a
 * search, as results are sorted. */
const struct result *result_named(const struct verdicts *verdicts, const char *name,
				  enum verdict verdict);

/* Whether what decided about RESULT is let through. */
enum group_state group_state(const struct result *result);

/* The results of that verdict, those whose deciding finding says the same together: those that
 * stand first, then biggest first, then in the report's order. With VERDICT_SAFE and
 * VERDICT_INSTALLED only those with a warning. FOLD: many reasons of one rule become one
 * group. */
struct groups groups_of(struct arena *arena, const struct verdicts *verdicts, enum verdict verdict,
			bool fold);

#endif

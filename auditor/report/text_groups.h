/* text_groups - results that have one reason in common, so that the reason is said once. Private to report/. */
#ifndef KMODAUDIT_TEXT_GROUPS_H
#define KMODAUDIT_TEXT_GROUPS_H

#include "verdict/verdict.h"

struct group {
	const struct finding *finding; /* of the first one; NULL: no reason was given */
	struct strings names; /* of the packages, sorted, one each */
	const char *text; /* for all of them, through quote() */
	const char *example; /* NULL, or the only one that TEXT is true of: the others break the same rule */
};

struct groups {
	struct group *list;
	size_t count, room;
};

/* The results of that verdict, those whose deciding finding says the same together: biggest first, then in the report's
 * order. With VERDICT_SAFE and VERDICT_INSTALLED only those with a warning. FOLD: many reasons of one rule become one group. */
struct groups groups_of(struct arena *arena, const struct verdicts *verdicts, enum verdict verdict, bool fold);

#endif

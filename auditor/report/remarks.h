/* SPDX-License-Identifier: ISC */
/* remarks - the findings of all packages and images of a ledger, grouped: one remark
 * for all findings with the same reason. Private to report/. */
#ifndef KMODAUDIT_REMARKS_H
#define KMODAUDIT_REMARKS_H

#include "report/ledger/ledger.h"

struct remark {
	/* FAIL: the gate fails because of it; WARN; PASS: it is waived, in the
	 * baseline, or allowed by the policy */
	enum gate weight;
	enum level level;
	const char *id; /* the rule's id; for a verdict without a reason, the verdict */
	const char *text; /* of the first finding */
	/* of the first finding: the input that would settle it, in the words of
	 * settle_told(), or NULL */
	const char *settle;
	const char *file; /* of the first package; for a waiver, its file; NULL: none */
	size_t line; /* the line in FILE; 0: unknown */
	const struct waiver *waiver; /* the waiver that covers it, or NULL */
	bool known; /* the baseline contains it */
	/* sorted, each once; empty if the remark is not about packages,
	 * images or feeds */
	struct strings packages, images, feeds;
	size_t count; /* the number of its findings */
	size_t texts; /* the number of different sentences among them */
	/* its rule decided about no package: it follows from another finding,
	 * or weighs less */
	bool beside;
	size_t place; /* index in the list of rules; unknown rules are last */
};

struct remarks {
	struct remark *list;
	size_t count, room;
};

/* Groups the findings of LEDGER. Sorted: worst first, causes before what follows from
 * them, by rule, and within a rule by number of findings. */
struct remarks remarks_of(struct arena *arena, const struct ledger *ledger);
/* In the same order, but if there are more than MOST remarks with one rule and weight,
 * they become one remark with the text of the first. */
struct remarks remarks_by_rule(struct arena *arena, const struct remarks *remarks, size_t most);

/* What the remark is about, such as "3 packages on 2 images"; "" if it
 * is about none. */
const char *remark_scope(struct arena *arena, const struct remark *remark);
/* "waived by NAME until DATE: REASON", "known from the baseline", or
 * NULL. Not escaped. */
const char *remark_passes(struct arena *arena, const struct remark *remark);

#endif

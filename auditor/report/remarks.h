/* SPDX-License-Identifier: ISC */
/* remarks - what a ledger has to say, each thing once: findings of all packages and images that
 * have one reason in common. Private to report/. */
#ifndef KMODAUDIT_REMARKS_H
#define KMODAUDIT_REMARKS_H

#include "report/ledger/ledger.h"

struct remark {
	/* FAIL: the gate fails for it; WARN; PASS: waived, known, or let pass by the policy */
	enum gate weight;
	enum level level;
	const char *id; /* of the rule; of a verdict without a reason, its word */
	const char *text; /* of the first finding */
	/* of the first: the input that would settle it, through settle_told(), or NULL */
	const char *settle;
	const char *file; /* of the first package; of a waiver, its file; NULL: there is none */
	size_t line; /* in FILE; 0: not known */
	const struct waiver *waiver; /* that covers it, or NULL */
	bool known; /* the baseline has it */
	/* sorted, each once; those it is not about are empty */
	struct strings packages, images, feeds;
	size_t count; /* findings that it stands for */
	size_t texts; /* different sentences among them */
	/* its rule decided about no package: what it says follows from another, or weighs
	 * less */
	bool beside;
	size_t place; /* of the rule in the rules' list, those that are not there last */
};

struct remarks {
	struct remark *list;
	size_t count, room;
};

/* Worst first, causes before what follows from them, rule by rule, those of many findings first. */
struct remarks remarks_of(struct arena *arena, const struct ledger *ledger);
/* In the same order; where there are more than MOST of one rule and one weight, they are one,
 * with the text of the first. */
struct remarks remarks_by_rule(struct arena *arena, const struct remarks *remarks, size_t most);

/* "3 packages on 2 images": whom it is about; "" where it is about nobody. */
const char *remark_reach(struct arena *arena, const struct remark *remark);
/* "waived by NAME until DATE: REASON", "known from the baseline", or NULL. Not quoted. */
const char *remark_passes(struct arena *arena, const struct remark *remark);

#endif

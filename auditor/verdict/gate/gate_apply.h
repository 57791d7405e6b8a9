/* SPDX-License-Identifier: ISC */
/* gate_apply - the second step: waivers and the baseline mark findings, and what
 * they do not mark decides whether a package passes. No verdict changes here.
 * Private to verdict/ and report/saved/, which does the last part again for a
 * report that is read back.
 *
 * A finding *counts* unless a waiver covers it or the baseline has it. */
#ifndef KMODAUDIT_GATE_APPLY_H
#define KMODAUDIT_GATE_APPLY_H

#include "verdict/fold.h"

/* Which reasons there are against a package. */
struct standing {
	bool error, unknown; /* a finding of that level counts */
	bool waived, known; /* one does not count: a waiver covers it; the baseline has it */
};

/* Marks the findings of VERDICTS and FOLD, puts those of each result together, and
 * decides for each result and for the whole. ONLY: as for verdict_reach(). */
void gate_apply(struct arena *arena, struct fold *fold, const struct gate_terms *terms,
		const struct strings *only, struct verdicts *verdicts);

/* gate_marks.c: marks the findings of the image, of each feed and of each
 * package by itself. */
void gate_mark(struct arena *arena, struct fold *fold, const struct gate_terms *terms,
	       struct verdicts *verdicts);

/* Of a package with that VERDICT and these FINDINGS. Findings "needs" are left out: the
 * needed package has its own. */
struct standing standing_of(const struct rules *rules, enum verdict verdict,
			    const struct findings *findings);
/* Fills in gate, marks and deciding finding of RESULT, whose findings are marked, and
 * counts it in VERDICTS. OWN: of its package without what it needs. */
void gate_result(struct verdicts *verdicts, const struct standing *own, struct result *result);
/* The gate of all, when every result has its own. */
void gate_whole(struct verdicts *verdicts);

#endif

/* SPDX-License-Identifier: ISC */
/* fold - the first of two steps: each package is judged by itself, then together with
 * all that it needs. Waivers and baselines are not known here; the second step is
 * gate/gate_apply.h. Private to verdict/. */
#ifndef KMODAUDIT_FOLD_H
#define KMODAUDIT_FOLD_H

#include "verdict/judged.h"

/* What follows from all that the members of a circle (judged.h)
 * need, themselves included. */
struct folded {
	size_t worst; /* the package with the worst verdict; of equals the first by name */
	int proof; /* the weakest of the proofs that are relied on; -1: none is */
};

/* What a result has in addition to its judged package. */
struct result_part {
	size_t index; /* of its package in the world */
	/* added to its own findings: that it needs a package that is worse, and what
	 * the package manager would do */
	struct findings added;
};

struct fold {
	const struct world *world;
	const struct rules *rules;
	const struct states *states;
	struct judged *judged; /* by package of the world, by itself */
	struct circles circles;
	struct folded *folded; /* by circle */
	struct result_part *parts; /* by result */
};

/* Judges all packages of WORLD. KEYED: keys were given to verify feeds with. */
struct fold fold_packages(struct arena *arena, const struct world *world, const struct rules *rules,
			  bool keyed, unsigned threads);
/* Adds to VERDICTS the result of each package that a report lists and that one of the
 * globs ONLY matches, with verdict and proof but without findings: gate_apply() puts
 * those in. Adds the sums of verdicts and the order of installation, too. */
void fold_results(struct arena *arena, struct fold *fold, const struct strings *only,
		  struct verdicts *verdicts);

/* The package that decides the verdict of package INDEX: itself, if it is installed or
 * nothing that it needs is worse. */
size_t fold_worst(const struct fold *fold, size_t index);
/* A finding about a package that needs NEED: the verdict on NEED is VERDICT, because of
 * the finding BECAUSE (NULL: no reason is known). */
struct finding needs_finding(struct arena *arena, const struct fold *fold, size_t need,
			     enum verdict verdict, const struct finding *because);

#endif

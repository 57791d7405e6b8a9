/* SPDX-License-Identifier: ISC */
/* finding - one thing a check has to say about a package, the image or a feed. */
#ifndef KMODAUDIT_FINDING_H
#define KMODAUDIT_FINDING_H

#include "facts/world/world_evidence.h"

enum outcome {
	/* a proof, or what was asked for was found equal: worth a line in the report */
	OUTCOME_HOLDS,
	OUTCOME_REMARK, /* worth knowing, changes nothing */
	OUTCOME_UNKNOWN, /* cannot be known from what was given */
	OUTCOME_FAILS, /* the rule is broken; how much that weighs stands in rules/ */
};

struct waiver;

struct finding {
	const char *id; /* of the rule in rules/ */
	enum outcome outcome;
	const char *module; /* name, or NULL: the package as a whole */
	const char *subject; /* what it is about: a symbol, a file, a dependency, "vermagic" */
	/* NULL: nothing to show. Hostile text: printed through report/quote only */
	const char *expected, *found;
	const char *witness[2]; /* who says so, the image's side first; NULL where there is none */
	/* one sentence, worded as the kernel words it where the kernel has words */
	const char *text;
	const char *settle; /* with UNKNOWN: the input that would settle it, or NULL */
	/* of the symbol that it is about; NULL: it is about none, or about one without */
	const char *name_space;
	size_t more; /* further cases of the same kind that were folded into this one */

	/* set in verdict/ only */
	const struct waiver *waiver; /* that covers it, or NULL */
	bool known; /* the baseline has it, too */
};

struct findings {
	struct finding *list;
	size_t count, room;
};

/* A new finding at the end of FINDINGS. */
struct finding *finding_add(struct arena *arena, struct findings *findings, const char *id,
			    enum outcome outcome, const char *module, const char *subject);

/* By module, id, subject, text: the order of the report, whatever order the checks ran in. */
int finding_compare(const void *a, const void *b);

#endif

/* SPDX-License-Identifier: ISC */
/* finding - a statement of a check about a package, the image or a feed. */
#ifndef KMODAUDIT_FINDING_H
#define KMODAUDIT_FINDING_H

#include "facts/world/world_evidence.h"

enum outcome {
	/* a proof, or a comparison without a difference that is worth reporting */
	OUTCOME_HOLDS,
	OUTCOME_REMARK, /* for information; changes nothing */
	OUTCOME_UNKNOWN, /* cannot be decided with the given inputs */
	OUTCOME_FAILS, /* the rule is violated; rules/ decides how much that weighs */
};

struct waiver;

struct finding {
	const char *id; /* the id of its rule in rules/ */
	enum outcome outcome;
	const char *module; /* name, or NULL: the finding is about the whole package */
	const char *subject; /* a symbol, a file, a dependency, "vermagic" */
	/* values of the image and of the package; NULL: nothing to show. Not escaped:
	 * print them only through base/quote.h */
	const char *expected, *found;
	/* the bytes that show it, the image's first; NULL if there are none */
	const char *witness[2];
	/* one sentence; in the kernel's words if the kernel logs a message */
	const char *text;
	const char *settle; /* with UNKNOWN: the input that would settle it, or NULL */
	/* the namespace of the symbol that it is about; NULL if it has none */
	const char *name_space;
	size_t more; /* further cases of the same kind, which have no finding of their own */

	/* set in verdict/ only */
	const struct waiver *waiver; /* the waiver that covers it, or NULL */
	bool known; /* the baseline contains it */
};

struct findings {
	struct finding *list;
	size_t count, room;
};

/* Appends a finding to FINDINGS. */
struct finding *finding_add(struct arena *arena, struct findings *findings, const char *id,
			    enum outcome outcome, const char *module, const char *subject);

/* Compares by module, id, subject, text: the order in the report, whatever the
 * order of checks. */
int finding_compare(const void *a, const void *b);

#endif

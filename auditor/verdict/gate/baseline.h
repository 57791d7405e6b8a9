/* SPDX-License-Identifier: ISC */
/* baseline - an earlier report of `kmodaudit audit`. Findings that are in it are known;
 * the gate looks only at those that are new. */
#ifndef KMODAUDIT_BASELINE_H
#define KMODAUDIT_BASELINE_H

#include "verdict/rules.h"

struct baseline;

/* PATH: a report in YAML (schema kmodaudit/report/1). Findings in it that a waiver
 * covered are left out, so that they count again when the waiver ends. */
bool baseline_read(struct arena *arena, const char *path, struct baseline **ret,
		   struct error *error);

/* Marks as known those of FINDINGS, which are about PACKAGE (NULL: about OWNER,
 * "image" or "feed"), that the baseline has at the same level. Each finding of the
 * baseline is used once: first for the same version of the package, then, in
 * baseline_settle(), for another version. */
void baseline_mark(struct baseline *baseline, const char *owner, const struct package *package,
		   const struct rules *rules, struct findings *findings);

/* The result of the comparison, after all findings were marked. */
struct baseline_sums {
	const char *source;
	size_t new, unchanged, fixed; /* findings of level warning and above */
	struct strings fixed_list; /* "kmod-x: symbol-missing foo", sorted */
	const char *remark; /* NULL, or what is odd: "it is of another image: ..." */
};
struct baseline_sums baseline_done(struct arena *arena, struct baseline *baseline);

#endif

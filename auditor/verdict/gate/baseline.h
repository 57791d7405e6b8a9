/* SPDX-License-Identifier: ISC */
/* baseline - an earlier report of `kmodaudit audit`: what it says already is known, only what
 * is new counts. */
#ifndef KMODAUDIT_BASELINE_H
#define KMODAUDIT_BASELINE_H

#include "verdict/rules.h"

struct baseline;

/* PATH: a report in YAML (schema kmodaudit/report/1). What a waiver covered in it is not known,
 * so that it counts again when the waiver ends. */
bool baseline_read(struct arena *arena, const char *path, struct baseline **ret,
		   struct error *error);

/* Marks as KNOWN those of FINDINGS, about PACKAGE (NULL: about OWNER, "image" or "feed"), that
 * the baseline has at the same level, each of its as often as it stands there: first those of
 * the same version, see baseline_done. */
void baseline_mark(struct baseline *baseline, const char *owner, const struct package *package,
		   const struct rules *rules, struct findings *findings);

/* After everything was marked: what of the baseline is gone. */
struct baseline_sums {
	const char *source;
	size_t new, unchanged, fixed; /* findings of level warning and above */
	struct strings fixed_list; /* "kmod-x: symbol-missing foo", sorted */
	const char *remark; /* NULL, or what is odd: "it is of another image: ..." */
};
struct baseline_sums baseline_done(struct arena *arena, struct baseline *baseline);

#endif

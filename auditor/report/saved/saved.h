/* SPDX-License-Identifier: ISC */
/* saved - reads a report of `kmodaudit audit` or `kmodaudit gate`, YAML or JSON, so
 * that it can be printed or compared. */
#ifndef KMODAUDIT_SAVED_H
#define KMODAUDIT_SAVED_H

#include "report/ledger/ledger.h"

struct saved {
	const char *path;
	bool gate; /* a report of `gate`; else of `audit` */
	/* of an audit: its results; the world contains only what the report states */
	struct verdicts verdicts;
	struct ledger ledger; /* finished */
	/* of an audit's image; NULL: a directory, or a report of `gate` */
	const char *image_sha256;
};

/* Reads the report PATH. RULES have the texts of rules. POLICY is a preset's name or a
 * file; NULL means the preset that the report names. Fails with one line if the file is
 * not a report, is truncated, or contradicts itself: its numbers must match its lists,
 * and its verdicts must follow from its findings. */
bool saved_read(struct arena *arena, const char *path, const struct rules *rules,
		const char *policy, struct saved *ret, struct error *error);

/* report_read.c: converts ROOT, a document kmodaudit/report/1 from PATH, to verdicts.
 * RULES must have the policy of the report. */
struct yaml;
bool report_read(struct arena *arena, const char *path, const struct yaml *root,
		 const struct rules *rules, struct verdicts *ret, struct error *error);

#endif

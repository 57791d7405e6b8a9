/* SPDX-License-Identifier: ISC */
/* saved - a report of `kmodaudit audit` or `kmodaudit gate`, YAML or JSON, read back so that it
 * can be printed or compared. */
#ifndef KMODAUDIT_SAVED_H
#define KMODAUDIT_SAVED_H

#include "report/ledger/ledger.h"

struct saved {
	const char *path;
	bool gate; /* of a plan; else of one audit */
	struct verdicts
		/* of an audit: what was judged, in names; its world knows what the report says
		 * and no more */
		verdicts;
	struct ledger ledger; /* finished */
	const char *image_sha256; /* of an audit's image; NULL: a directory, or a gate */
};

/* RULES give the words, and what a saved audit went by where POLICY (a preset's name or a file;
 * NULL: the preset that the report names). Fails, with one line, on what is no report, was cut
 * short, or contradicts itself: what it counts must be what it lists, and its verdicts must
 * follow from its findings. */
bool saved_read(struct arena *arena, const char *path, const struct rules *rules,
		const char *policy, struct saved *ret, struct error *error);

/* report_read.c: ROOT, a document kmodaudit/report/1 in the file PATH, as verdicts by RULES,
 * whose policy is that of the report. */
struct yaml;
bool report_read(struct arena *arena, const char *path, const struct yaml *root,
		 const struct rules *rules, struct verdicts *ret, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* diff - what changed from one report to a later one, pair by pair, package by package. */
#ifndef KMODAUDIT_DIFF_H
#define KMODAUDIT_DIFF_H

#include "report/write/emit.h"
#include "report/saved/saved.h"

enum diff_change { DIFF_WORSE, DIFF_NEW, DIFF_BETTER, DIFF_CHANGED, DIFF_GONE, DIFF_CHANGES };

extern const char
	*const diff_change_name[DIFF_CHANGES]; /* "worse", "new", "better", "changed", "gone" */

struct diff_findings {
	const struct ledger_finding **list;
	size_t count, room;
};

/* One package that is not as it was, or (CELLS NULL) the image and the feed of a pair. */
struct diff_item {
	const struct ledger_pair *pair; /* the new one; the old one of what is gone */
	const struct ledger_cell *old, *new; /* NULL: not there */
	enum diff_change change; /* of an item with a new error that was no worse before: WORSE */
	bool worse; /* of NEW: it is unsafe or unproven */
	struct diff_findings appeared, fixed; /* of level unknown and error */
};

struct diff {
	const struct saved *old, *new;
	struct diff_items {
		struct diff_item *list;
		size_t count, room;
		/* in the order of the new report's pairs, by name; what is gone at its pair's
		 * end */
	} items;
	size_t changes[DIFF_CHANGES]; /* packages */
	size_t new_bad; /* new packages that are unproven or unsafe */
	size_t unchanged, appeared, fixed; /* packages; findings */
	bool worse, better, image_changed;
};

/* Worse is: a package that was installed or safe and is unproven or unsafe, or was unproven and
 * is unsafe; a new one that is unproven or unsafe; a finding of level error that was not there;
 * an image or feed that can no longer be read. A package that is gone is not. Waivers and
 * baselines change none of this. Fails where one is of audit and the other of gate. */
bool diff_make(struct arena *arena, const struct saved *old, const struct saved *new,
	       struct diff *ret, struct error *error);

/* "worse: 1 package worse, 2 new; 40 unchanged" */
const char *diff_headline(struct arena *arena, const struct diff *diff);
const char *diff_result(const struct diff *diff); /* "worse", "better", "same" */

bool diff_print_document(FILE *out, enum emit_form form, const struct diff *diff,
			 struct error *error);
bool diff_print_text(FILE *out, const struct diff *diff, bool markdown, struct error *error);

#endif

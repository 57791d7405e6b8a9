/* SPDX-License-Identifier: ISC */
/* diff - compares a report with an earlier one, pair by pair and package by package. */
#ifndef KMODAUDIT_DIFF_H
#define KMODAUDIT_DIFF_H

#include "report/write/emit.h"
#include "report/saved/saved.h"

enum diff_change { DIFF_WORSE, DIFF_NEW, DIFF_BETTER, DIFF_CHANGED, DIFF_GONE, DIFF_CHANGES };

/* "worse", "new", "better", "changed", "gone" */
extern const char *const diff_change_name[DIFF_CHANGES];
/* "Worse", ..., for headings */
extern const char *const diff_change_title[DIFF_CHANGES];

struct diff_findings {
	const struct ledger_finding **list;
	size_t count, room;
};

/* A package that changed, or, if both cells are NULL, the image and the feed
 * of a pair. */
struct diff_item {
	const struct ledger_pair *pair; /* of the new report; of the old one if it is gone */
	const struct ledger_cell *old, *new; /* NULL: does not exist */
	enum diff_change change; /* WORSE also if only a new error appeared */
	bool worse; /* of a NEW one: it is unsafe or unproven */
	struct diff_findings appeared, fixed; /* findings with level unknown or error */
};

struct diff {
	const struct saved *old, *new;
	struct diff_items {
		struct diff_item *list;
		size_t count, room;
		/* in the order of the new report's pairs, by name; those that are gone
		 * at the end of their pair */
	} items;
	size_t changes[DIFF_CHANGES]; /* number of packages */
	size_t new_bad; /* number of new packages that are unproven or unsafe */
	size_t unchanged, appeared, fixed; /* numbers of packages, of findings and of findings */
	bool worse, better, image_changed;
};

/* Compares two reports. Worse are: a package that was installed or safe and is now
 * unproven or unsafe, or was unproven and is now unsafe; a new package that is unproven
 * or unsafe; a new finding with level error; an image or feed that can no longer be
 * read. A package that is gone is not worse. Waivers and baselines do not matter. Fails
 * if one report is of audit and the other of gate. */
bool diff_make(struct arena *arena, const struct saved *old, const struct saved *new,
	       struct diff *ret, struct error *error);

/* "worse: 1 package worse, 2 new; 40 unchanged" */
const char *diff_headline(struct arena *arena, const struct diff *diff);
const char *diff_result(const struct diff *diff); /* "worse", "better" or "same" */

bool diff_print_document(FILE *out, enum emit_form form, const struct diff *diff,
			 struct error *error);
bool diff_print_html(FILE *out, const struct diff *diff, struct error *error);
bool diff_print_text(FILE *out, const struct diff *diff, bool markdown, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* ledger_rows - a ledger regrouped by package: the results of each package on all
 * images. Private to report/. */
#ifndef KMODAUDIT_LEDGER_ROWS_H
#define KMODAUDIT_LEDGER_ROWS_H

#include "report/ledger/ledger.h"

struct ledger_row_cell {
	const struct ledger_pair *pair;
	const struct ledger_cell *cell;
};

struct ledger_row {
	const char *feed;
	/* name, version and file of the row are those of this cell */
	const struct ledger_cell *first;
	struct ledger_row_cell *list; /* in the plan's order of images */
	size_t count;
};

struct ledger_rows {
	struct ledger_row *list; /* sorted by feed in the plan's order, then name, version, file */
	size_t count, room;
};

/* Compares by name, version, file. */
int ledger_cell_compare(const void *a, const void *b);
/* True if A and B have the same name and version. */
bool ledger_cell_twin(const struct ledger_cell *a, const struct ledger_cell *b);

struct ledger_rows ledger_rows(struct arena *arena, const struct ledger *ledger);

/* What is true of COUNT packages that are the same on all images of their row: "on every
 * image", or, if some were not judged on all images of the plan, words that say so. */
const char *ledger_everywhere(const struct ledger *ledger, size_t count);

/* The finding of CELL that decided; of several that weigh the same the one that the
 * verdict names. NULL: there is none. */
const struct ledger_finding *ledger_deciding(const struct ledger_cell *cell);
/* What keeps a verdict that the gate lets pass from failing: "waived", or "known" from the
 * baseline; NULL: nothing, or the policy allows it. */
const char *ledger_excuse(const struct ledger_cell *cell);

#endif

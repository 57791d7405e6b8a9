/* SPDX-License-Identifier: ISC */
/* ledger_rows - a ledger the other way round: what each package is on each image. Private to
 * report/. */
#ifndef KMODAUDIT_LEDGER_ROWS_H
#define KMODAUDIT_LEDGER_ROWS_H

#include "report/ledger/ledger.h"

struct ledger_row_cell {
	const struct ledger_pair *pair;
	const struct ledger_cell *cell;
};

struct ledger_row {
	const char *feed;
	const struct ledger_cell *first; /* its name, version and file are those of the row */
	struct ledger_row_cell *list; /* in the plan's order of images */
	size_t count;
};

struct ledger_rows {
	struct ledger_row *list; /* by feed in the plan's order, then name, version, file */
	size_t count, room;
};

/* By name, version, file. */
int ledger_cell_compare(const void *a, const void *b);

struct ledger_rows ledger_rows(struct arena *arena, const struct ledger *ledger);

#endif

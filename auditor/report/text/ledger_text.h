/* SPDX-License-Identifier: ISC */
/* ledger_text - functions that the ledger_text*.c files share. Private to report/. */
#ifndef KMODAUDIT_LEDGER_TEXT_H
#define KMODAUDIT_LEDGER_TEXT_H

#include "report/report.h"
#include "report/write/paint.h"

enum { MARGIN = 2 };

struct matrix {
	FILE *out;
	struct arena *arena;
	const struct ledger *ledger;
	const struct report_style *style;
	size_t columns; /* width of a line */
};

void matrix_painted(const struct matrix *matrix, enum paint paint, const char *words);
enum paint gate_paint(enum gate gate);

/* ledger_text_why.c: print why packages are not safe; returns the number of reasons. */
size_t matrix_reasons(const struct matrix *matrix);
/* Prints what was found about images, feeds and waivers. */
void matrix_beside(const struct matrix *matrix);

#endif

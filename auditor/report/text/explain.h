/* SPDX-License-Identifier: ISC */
/* explain - prints everything about one package, as text. */
#ifndef KMODAUDIT_EXPLAIN_H
#define KMODAUDIT_EXPLAIN_H

#include "report/report.h"

/* The results for the requested package; a feed may contain it in several versions. */
struct explained {
	const struct result **list;
	size_t count, room;
};

/* Finds the results of the package NAME, or of the file NAME; NULL means the only
 * package. False if there is none; the error suggests similar names. */
bool explain_find(struct arena *arena, const struct verdicts *verdicts, const char *name,
		  struct explained *ret, struct error *error);
/* The exit status for them: 1 if one is unsafe, 2 if one is unproven and the gate does
 * not pass it, else 0. */
int explain_status(const struct explained *explained);

/* Prints RESULT, one of VERDICTS: verdict, reasons, what each proof lacks, what would
 * settle it, and what the package manager does. */
bool explain_print(FILE *out, const struct verdicts *verdicts, const struct result *result,
		   const struct report_style *style, struct error *error);

#endif

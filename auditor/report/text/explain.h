/* SPDX-License-Identifier: ISC */
/* explain - all that is known about one package, told as a person would. */
#ifndef KMODAUDIT_EXPLAIN_H
#define KMODAUDIT_EXPLAIN_H

#include "report/report.h"

/* The results that were asked for: a feed may have a package in several versions. */
struct explained {
	const struct result **list;
	size_t count, room;
};

/* The results of the package called NAME, or read from the file NAME; NULL: of the only one
 * there is. False, with what was perhaps meant, when there is none. */
bool explain_find(struct arena *arena, const struct verdicts *verdicts, const char *name,
		  struct explained *ret, struct error *error);
/* The exit status for them: 1 something unsafe, 2 something unproven that the gate does not let
 * pass, else 0. */
int explain_status(const struct explained *explained);

/* Verdict, reasons, what each proof lacked, what would settle it, what the package manager
 * does: about RESULT, which is one of those of VERDICTS. */
bool explain_print(FILE *out, const struct verdicts *verdicts, const struct result *result,
		   const struct report_style *style, struct error *error);

#endif

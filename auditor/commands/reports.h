/* SPDX-License-Identifier: ISC */
/* reports - which outputs a run was asked for, and their writing. */
#ifndef KMODAUDIT_REPORTS_H
#define KMODAUDIT_REPORTS_H

#include "commands/command.h"
#include "report/report.h"

#include <limits.h>

#define FORMAT_NONE UINT_MAX /* --format was not given */

struct reports {
	struct report_wanted {
		const struct report_format *format;
		const char *path; /* NULL: standard output */
	} * list;
	size_t count, room;
};

/* OUTPUT and FORMAT as -o and --format say; GIVEN: "FORMAT=FILE" of each --report, FILE "-" for
 * standard output. Without any: on standard output, text where that is a terminal and YAML
 * where it is not; in a file JSON where its name ends in .json, else YAML. Fails on unknown
 * formats, and where two would go to one place. */
bool reports_plan(struct arena *arena, const struct strings *given, unsigned format,
		  const char *output, struct reports *ret, struct error *error);

/* The name ends in .json, which asks for JSON where --format says nothing. */
bool path_is_json(const char *path);

/* COLOR as --color says; PATH NULL: standard output. Only what goes to a terminal is painted by
 * itself. */
bool color_wanted(unsigned color, const char *path);

/* Writes each, whole or not at all, and goes on where one cannot be written; false when one
 * could not. VERDICTS NULL: all are of the ledger. */
bool reports_write(const struct reports *reports, const struct verdicts *verdicts,
		   const struct ledger *ledger, unsigned color, bool verbose);

#endif

/* SPDX-License-Identifier: ISC */
/* reports - the outputs that a run writes. */
#ifndef KMODAUDIT_REPORTS_H
#define KMODAUDIT_REPORTS_H

#include "commands/choice.h"
#include "report/report.h"

#include <limits.h>

/* The rows of the options that reports_plan() takes, for the members format, output and
 * report_names. WHAT is written; MORE: what --report adds. */
#define REPORT_CHOICES(what, more)                                                               \
	{"--format",                                                                             \
	 0,                                                                                      \
	 CHOICE_WORD,                                                                            \
	 AT(format),                                                                             \
	 REPORT_FORMATS,                                                                         \
	 "format of the " what " (default: text on a terminal, yaml in a pipe or file, json in " \
	 "FILE.json)"},                                                                          \
		{"--output", 'o',    CHOICE_TEXT,                                                \
		 AT(output), "FILE", "write the " what " to FILE, completely or not at all"},    \
	{                                                                                        \
		"--report", 0, CHOICE_LIST, AT(report_names), "FORMAT=FILE",                     \
			"one more " more "; - is stdout; repeatable"                             \
	}
#define FORMAT_NONE UINT_MAX /* --format was not given */

struct reports {
	struct report_wanted {
		const struct report_format *format;
		const char *path; /* NULL: standard output */
	} * list;
	size_t count, room;
};

/* Lists the outputs: one for FORMAT (--format) and OUTPUT (-o), and one for each
 * GIVEN (--report FORMAT=FILE; FILE "-" is standard output). Without options it is
 * standard output, as text on a terminal and YAML otherwise; in a file JSON if its
 * name ends in .json, else YAML. Fails for an unknown format, and if two outputs have
 * the same destination. */
bool reports_plan(struct arena *arena, const struct strings *given, unsigned format,
		  const char *output, struct reports *ret, struct error *error);

/* True if the name ends in .json, which selects JSON if --format is not given. */
bool path_is_json(const char *path);

/* Whether to use color. COLOR is the value of --color; PATH NULL: standard output. With
 * "auto" only a terminal gets color. */
bool color_wanted(unsigned color, const char *path);

/* Writes each output, completely or not at all. If one cannot be written, the others
 * still are, and the function returns false. VERDICTS may be NULL if all outputs are
 * printed from the ledger. */
bool reports_write(const struct reports *reports, const struct verdicts *verdicts,
		   const struct ledger *ledger, unsigned color, bool verbose);

#endif

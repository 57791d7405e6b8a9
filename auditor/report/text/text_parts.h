/* SPDX-License-Identifier: ISC */
/* text_parts - functions that the text printers share (`audit --format text` and
 * `explain`). Private to report/. */
#ifndef KMODAUDIT_TEXT_PARTS_H
#define KMODAUDIT_TEXT_PARTS_H

#include "report/write/paint.h"
#include "report/report.h"
#include "report/text/text_groups.h"

struct text {
	FILE *out;
	struct arena *arena;
	const struct verdicts *verdicts;
	const struct report_style *style;
	size_t columns; /* width of a line */
	bool single; /* the report is about one package, which the first line names */
	const struct package *about; /* the package of `explain`; else NULL */
};

/* WORDS in these functions must be escaped with quote(). */
void text_painted(const struct text *text, enum paint paint, const char *words);
/* Prints WORDS painted, on one or several lines of their own. */
void text_head(const struct text *text, enum paint paint, const char *words);
/* Prints a text wrapped, with FIRST before the first line and REST before the others.
 * Its parts are escaped. */
void text_line(const struct text *text, const char *first, const char *rest, const char *format,
	       ...) __attribute__((format(printf, 4, 5)));
/* The same, and escapes the text as a whole. */
void text_say(const struct text *text, const char *first, const char *rest, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The same for a text of cause, command and risk (checks/package/check_manager.c): each
 * starts a new line after REST. Long shell commands are continued with a backslash. */
void text_clauses(const struct text *text, const char *first, const char *rest, const char *words);
/* Prints COMMAND, for a shell, wrapped; each line but the last ends
 * with a backslash. */
void text_command(const struct text *text, const char *indent, const char *command);
/* Prints names in columns. If they need more than ROWS lines (0: no limit), the number
 * of omitted names is printed. */
void text_names(const struct text *text, const char *indent, const struct strings *names,
		size_t rows);

/* "and so a, b, which need c": COUNT packages, PACKAGES, need WHOM. */
const char *text_needing(struct arena *arena, const char *packages, size_t count, const char *whom);
/* "error", or "error, waived" */
const char *text_level(const struct text *text, const struct finding *finding);
const char *text_waiver(const struct text *text, const struct waiver *waiver);
/* The meaning of a proof in plain words. */
const char *text_proof(const char *proof);
/* Prints facts about the image, such as "Linux 6.6.86, mips, ...", and
 * which are missing. */
void text_image(const struct text *text);
/* Prints, after INDENT, the input that would settle FINDING, else the remedy of its
 * rule, if there is one. */
void text_advice(const struct text *text, const struct finding *finding, const char *indent);

/* text_proofs.c: true if FINDING states that no accepted proof holds. */
bool text_is_no_proof(const struct finding *finding);
/* Prints what each accepted proof lacks, one per line. WORDS is the escaped text of
 * a finding no-proof. */
void text_lacks(const struct text *text, const char *words, const char *indent);

/* text_missing.c: prints where to get MISSING, dependencies that neither the image nor
 * the feeds satisfy, and the command to repeat. */
void text_missing(const struct text *text, const struct strings *missing, const char *indent);

/* report_text.c: prints "TITLE: 3 packagesTAIL" after an empty line. */
void text_title(const struct text *text, enum paint paint, const char *title, size_t count,
		const char *tail);
/* Prints the packages with a common reason. LABEL comes first; ADVISE: also print
 * what to do. */
void text_group(const struct text *text, const struct group *group, const char *label, bool advise);

/* text_safe.c: prints which packages can be installed, and how. */
void text_safe(const struct text *text);
/* text_notices.c: print the errors of image and feeds; at most three lines of warnings;
 * all findings, one per line. */
void text_errors(const struct text *text);
void text_warnings(const struct text *text);
void text_findings(const struct text *text);

#endif

/* SPDX-License-Identifier: ISC */
/* text_parts - what the text printers share: `audit --format text` and `explain`. Private to
 * report/. */
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
	size_t columns; /* of a line */
	bool single; /* the answer is about one package, which the first line names */
	const struct package *about; /* of `explain`: that one; else NULL */
};

/* WORDS of these must have been through quote(). */
void text_painted(const struct text *text, enum paint paint, const char *words);
/* A line of its own, painted; where it does not fit, in several. */
void text_head(const struct text *text, enum paint paint, const char *words);
/* In lines that fit, FIRST in front of the first and REST in front of the others. */
void text_line(const struct text *text, const char *first, const char *rest, const char *words);
/* The same for a text of cause, command and risk (checks/package/check_manager.c): each starts
 * a line behind REST. A shell command that does not fit goes on behind a backslash. */
void text_clauses(const struct text *text, const char *first, const char *rest, const char *words);
/* COMMAND, for a shell, in lines that fit; each but the last ends with a backslash. */
void text_command(const struct text *text, const char *indent, const char *command);
/* In columns; of more than ROWS lines (0: any number) it is said how many names are left out. */
void text_names(const struct text *text, const char *indent, const struct strings *names,
		size_t rows);

/* "3 packages" */
const char *text_packages(struct arena *arena, size_t count);
/* "error", "error, waived" */
const char *text_level(const struct text *text, const struct finding *finding);
const char *text_waiver(const struct text *text, const struct waiver *waiver);
/* What a proof means, in plain words. */
const char *text_proof(const char *proof);
/* What is known of the image: "Linux 6.6.86, mips, ...", and what is missing. */
void text_image(const struct text *text);
/* The input that would settle FINDING, else what its rule says to do, behind INDENT; nothing
 * where neither is known. */
void text_advice(const struct text *text, const struct finding *finding, const char *indent);

/* text_proofs.c: FINDING says that no accepted proof holds. */
bool text_is_no_proof(const struct finding *finding);
/* What each accepted proof lacks, a line each; WORDS: the text of a finding no-proof,
 * through quote(). */
void text_lacks(const struct text *text, const char *words, const char *indent);

/* text_missing.c: the package that the text is about needs MISSING, dependencies that neither
 * the image nor the feeds satisfy: where to get them, and what to type then. */
void text_missing(const struct text *text, const struct strings *missing, const char *indent);

/* text.c: "TITLE: 3 packagesTAIL", after an empty line. */
void text_title(const struct text *text, enum paint paint, const char *title, size_t count,
		const char *tail);
/* Packages that have one reason in common. LABEL stands in front; ADVISE: with what to do. */
void text_group(const struct text *text, const struct group *group, const char *label, bool advise);

/* text_safe.c: what can be installed, and how. */
void text_safe(const struct text *text);
/* text_notices.c: errors of the image and the feeds; what is less, three lines at most; every
 * finding, one a line. */
void text_errors(const struct text *text);
void text_warnings(const struct text *text);
void text_findings(const struct text *text);

#endif

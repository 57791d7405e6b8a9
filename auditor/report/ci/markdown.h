/* SPDX-License-Identifier: ISC */
/* markdown - a summary in GitHub's Markdown, which the job pages of GitHub, GitLab and
 * Buildbot show. Private to report/.
 *
 * All text from inputs is in code spans, in which links, mentions, pictures and HTML
 * have no effect. Backticks and bars, which could end a span or a table cell, are
 * escaped as quote() does. */
#ifndef KMODAUDIT_MARKDOWN_H
#define KMODAUDIT_MARKDOWN_H

#include "report/remarks.h"

#include <stdio.h>

/* GitHub discards the summary of a step if it is larger than 1 MiB. What does not fit
 * is omitted and counted. */
enum { MARKDOWN_MOST = 1000 << 10, MARKDOWN_TEXT = 400, MARKDOWN_NAME = 120 };

struct markdown {
	FILE *out;
	struct arena *arena;
	const struct ledger *ledger;
	size_t room; /* the number of bytes that may still be written */
	size_t keep; /* bytes of ROOM that are reserved for later sections */
};

/* markdown_text.c: writes a line. False, with nothing written, if it does not fit. */
bool markdown_line(struct markdown *markdown, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* TEXT in a code span, cut to MOST bytes. */
const char *markdown_code(struct arena *arena, const char *text, size_t most);
/* The first MOST names in code spans: "`a`, `b` and 3 more". */
const char *markdown_names(struct arena *arena, const struct strings *names, size_t most);
/* Escapes the program's own text (titles, remedies), so that Markdown shows it
 * as it is. */
const char *markdown_plain(struct arena *arena, const char *text);

/* markdown_matrix.c: prints the table of packages by images. */
void markdown_matrix(struct markdown *markdown);

#endif

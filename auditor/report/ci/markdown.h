/* SPDX-License-Identifier: ISC */
/* markdown - a summary in GitHub's Markdown, as the job pages of GitHub, GitLab and Buildbot
 * show it. Private to report/.
 *
 * All text of inputs stands in code spans: nothing in one is a link, a mention, a picture or
 * HTML. Backticks and bars, which could end the span or the cell, are spelled as quote() spells
 * odd bytes. */
#ifndef KMODAUDIT_MARKDOWN_H
#define KMODAUDIT_MARKDOWN_H

#include "report/remarks.h"

#include <stdio.h>

/* GitHub drops a step's summary that has more than 1 MiB: what does not fit is left out and
 * counted. */
enum { MARKDOWN_MOST = 1000 << 10, MARKDOWN_TEXT = 400, MARKDOWN_NAME = 120 };

struct markdown {
	FILE *out;
	struct arena *arena;
	const struct ledger *ledger;
	size_t room; /* bytes that may still be written */
	size_t keep; /* of them, for the sections that follow */
};

/* markdown_text.c: printed line by line; false: it does not fit, and nothing was written. */
bool markdown_line(struct markdown *markdown, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* TEXT in a code span, at most MOST bytes of it. */
const char *markdown_code(struct arena *arena, const char *text, size_t most);
/* Names in code spans, "`a`, `b` and 3 more". */
const char *markdown_names(struct arena *arena, const struct strings *names, size_t most);
/* Words of ours (titles, remedies), with what Markdown would read as more than words escaped. */
const char *markdown_plain(struct arena *arena, const char *text);

/* markdown_matrix.c: packages x images. */
void markdown_matrix(struct markdown *markdown);

#endif

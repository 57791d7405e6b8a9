/* SPDX-License-Identifier: ISC */
/* explain_parts - what explain.c and explain_facts.c share. Private to report/. */
#ifndef KMODAUDIT_EXPLAIN_PARTS_H
#define KMODAUDIT_EXPLAIN_PARTS_H

#include "report/text/text_parts.h"

/* The heading of a section. */
void explain_head(const struct text *text, const char *words);
/* WITNESS without the names of the image and of the package, which the reader knows; NULL where
 * nothing is left. Not quoted. */
const char *explain_witness(const struct text *text, const char *witness);
/* " (WITNESS)", shortened likewise, or "". Not quoted. */
const char *explain_source(const struct text *text, const char *witness);
/* Which proofs hold for the package, and what the others lack. */
void explain_proofs(const struct text *text, const struct result *result);
/* What the image and the package say about themselves. */
void explain_facts(const struct text *text);

#endif

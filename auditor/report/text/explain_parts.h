/* SPDX-License-Identifier: ISC */
/* explain_parts - functions that the explain*.c files share. Private to report/. */
#ifndef KMODAUDIT_EXPLAIN_PARTS_H
#define KMODAUDIT_EXPLAIN_PARTS_H

#include "report/text/text_parts.h"

/* explain_verdict.c: the name and version of PACKAGE, escaped. */
const char *explain_titled(struct arena *arena, const struct package *package);
/* Prints the verdict about the package, in words. */
void explain_verdict(const struct text *text, const struct result *result);
/* explain_facts.c: prints the heading of a section. */
void explain_head(const struct text *text, const char *words);
/* WITNESS without the names of the image and the package, which the reader knows; NULL
 * if nothing remains. Not escaped. */
const char *explain_witness(const struct text *text, const char *witness);
/* " (WITNESS)", shortened in the same way, or "". Not escaped. */
const char *explain_source(const struct text *text, const char *witness);
/* True if explain_proofs() prints something. */
bool explain_has_proofs(const struct result *result);
/* Prints which proofs hold for the package, and what the others lack. */
void explain_proofs(const struct text *text, const struct result *result);
/* Prints facts about the image and the package. */
void explain_facts(const struct text *text);

#endif

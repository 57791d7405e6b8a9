/* SPDX-License-Identifier: ISC */
/* terms - the words of a report that are no rules: proofs, verdicts and levels, for `kmodaudit
 * rules WORD`. */
#ifndef KMODAUDIT_TERMS_H
#define KMODAUDIT_TERMS_H

#include "base/array.h"

/* What NAME means, or NULL: it is no such word. A term begins with what it is: "a proof: ...". */
const char *term_text(const char *name);
/* Adds all names. */
void terms_names(struct arena *arena, struct strings *names);

#endif

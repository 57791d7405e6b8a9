/* SPDX-License-Identifier: ISC */
/* terms - explains proofs, verdicts and levels for `kmodaudit rules WORD`. */
#ifndef KMODAUDIT_TERMS_H
#define KMODAUDIT_TERMS_H

#include "base/array.h"

/* The meaning of NAME, beginning with what it is, such as "a proof: ..."; NULL for
 * any other word. */
const char *term_text(const char *name);
/* Adds all names to NAMES. */
void terms_names(struct arena *arena, struct strings *names);

#endif

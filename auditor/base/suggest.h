/* SPDX-License-Identifier: ISC */
/* suggest - what a mistyped word was meant to be. */
#ifndef KMODAUDIT_SUGGEST_H
#define KMODAUDIT_SUGGEST_H

#include "base/array.h"

enum { SUGGEST_SIZE_MOST = 64 }; /* bytes of a word; longer ones are not compared */

/* How many letters must be inserted, removed, replaced or exchanged with their neighbour to
 * turn A into B, letter case apart (optimal string alignment); SIZE_MAX where a word is longer
 * than SUGGEST_SIZE_MOST. */
size_t suggest_distance(const char *a, const char *b);

/* The one of WORDS that TEXT was probably meant to be: the nearest by distance (the first of
 * equals), or one that begins with TEXT; NULL when none is near. */
const char *suggest(const char *text, const struct strings *words);

/* "; did you mean 'X'?", or "" when none is near. */
const char *suggest_clause(struct arena *arena, const char *text, const struct strings *words);

#endif

/* SPDX-License-Identifier: ISC */
/* suggest - guesses which word a mistyped one was meant to be. */
#ifndef KMODAUDIT_SUGGEST_H
#define KMODAUDIT_SUGGEST_H

#include "base/array.h"

enum { SUGGEST_SIZE_MOST = 64 }; /* bytes; longer words are not compared */

/* The optimal string alignment distance: how many letters must be inserted, removed,
 * replaced or swapped with a neighbour to turn A into B, ignoring case. SIZE_MAX if a
 * word is longer than SUGGEST_SIZE_MOST. */
size_t suggest_distance(const char *a, const char *b);

/* The one of WORDS that is nearest to TEXT (the first, if several are equally near), or
 * one that begins with TEXT. NULL if none is near enough. */
const char *suggest(const char *text, const struct strings *words);

/* "; did you mean 'X'?", or "" if no word is near enough. */
const char *suggest_clause(struct arena *arena, const char *text, const struct strings *words);

/* suggest_clause() for WORDS up to a NULL */
const char *suggest_among(struct arena *arena, const char *text, const char *const *words);

#endif

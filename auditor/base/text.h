/* SPDX-License-Identifier: ISC */
/* text - NUL-ended texts, some of which may be missing (NULL). */
#ifndef KMODAUDIT_TEXT_H
#define KMODAUDIT_TEXT_H

#include "base/array.h"

#include <stdbool.h>

/* "" for what is missing. */
const char *text_or_empty(const char *text);
/* What is missing is the same as what is missing. */
bool text_same(const char *a, const char *b);
/* The place of TEXT among COUNT WORDS; COUNT when it is none of them. */
unsigned text_place(const char *text, const char *const *words, unsigned count);
/* What stands in PATH behind its last '/'; all of it where nothing does. */
const char *path_last(const char *path);
/* One of GLOBS (fnmatch) matches NAME. */
bool globs_fit(const struct strings *globs, const char *name);
/* A day that there is, as YYYY-MM-DD. */
bool date_real(const char *text);

#endif

/* SPDX-License-Identifier: ISC */
/* text - helpers for NUL-terminated strings, some of which may be NULL. */
#ifndef KMODAUDIT_TEXT_H
#define KMODAUDIT_TEXT_H

#include "base/array.h"

#include <stdbool.h>

/* TEXT, or "" if TEXT is NULL. */
const char *text_or_empty(const char *text);
/* True if A and B are equal, or both NULL. */
bool text_same(const char *a, const char *b);
/* The index of TEXT in the COUNT WORDS; COUNT if it is not among them. */
unsigned text_index(const char *text, const char *const *words, unsigned count);
/* True if TEXT is among the WORDS, up to a NULL. */
bool text_among(const char *text, const char *const *words);
/* True if WORD is among the words of TEXT, which blanks divide. */
bool text_has_word(const char *text, const char *word);
/* True if TEXT has SIZE hexadecimal digits, in lower case, and nothing else. */
bool text_is_hex(const char *text, size_t size);
/* "1 package", "3 packages" */
const char *text_count(struct arena *arena, size_t count, const char *what);
/* The rest of TEXT behind BEGIN; NULL if TEXT does not begin with it. */
const char *text_after(const char *text, const char *begin);
/* The part of PATH after its last '/'; all of PATH if it has none. */
const char *path_last(const char *path);
/* True if PATH is FOLDER or below it; both without links and "..". */
bool path_is_in(const char *path, const char *folder);
/* True if PATH is there and, with its links resolved, is FOLDER or below it. */
bool path_leads_into(const char *path, const char *folder);
/* The folder of PATH with its last '/'; "." if PATH has none. */
const char *path_folder(struct arena *arena, const char *path);
/* The absolute path of PATH without links; NULL with errno set if that fails. */
const char *path_real(struct arena *arena, const char *path);
/* True if one of GLOBS (fnmatch) matches NAME. */
bool globs_fit(const struct strings *globs, const char *name);
/* True if TEXT is a real date in the form YYYY-MM-DD. */
bool date_real(const char *text);

#endif

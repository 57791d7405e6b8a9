/* SPDX-License-Identifier: ISC */
/* wrap - wraps text to the width of the terminal. */
#ifndef KMODAUDIT_WRAP_H
#define KMODAUDIT_WRAP_H

#include "base/array.h"

#include <stdio.h>

/* The number of columns of a line on OUT: of the terminal if it is one, else COLUMNS,
 * else 80; at least 40. */
size_t wrap_width(FILE *out);

/* TEXT in lines of at most WIDTH columns, each with a newline, FIRST before the
 * first and REST before the others. Longer words are not split. TEXT must be
 * escaped with quote(). */
const char *wrap_at(struct arena *arena, size_t width, const char *first, const char *rest,
		    const char *text);
/* Prints wrap_at(). */
void wrap_print(FILE *out, size_t width, const char *first, const char *rest, const char *text);

/* NAMES in columns, filled row by row, in lines of at most WIDTH columns that start
 * with INDENT. At most ROWS lines (0: no limit); RET_LEFT gets the number of
 * omitted names. A name that is longer than a line has its own line. NAMES must be
 * escaped with quote(). */
const char *wrap_names(struct arena *arena, size_t width, const char *indent,
		       const struct strings *names, size_t rows, size_t *ret_left);

#endif

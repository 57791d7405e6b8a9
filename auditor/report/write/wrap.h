/* SPDX-License-Identifier: ISC */
/* wrap - text for people, in lines that fit the terminal. */
#ifndef KMODAUDIT_WRAP_H
#define KMODAUDIT_WRAP_H

#include "base/array.h"

#include <stdio.h>

/* Columns of a line on OUT: those of the terminal that it is, else what COLUMNS says, else 80;
 * never less than 40. */
size_t wrap_width(FILE *out);

/* TEXT in lines of at most WIDTH columns, with FIRST in front of its first line and REST in
 * front of the others, each line ended. Words longer than a line stay whole. TEXT must have
 * been through quote(). */
const char *wrap_at(struct arena *arena, size_t width, const char *first, const char *rest,
		    const char *text);

/* NAMES in columns, row by row, in lines of at most WIDTH columns that start with INDENT. At
 * most ROWS lines (0: all); what does not fit is counted in RET_LEFT. A name longer than a line
 * has a line of its own. NAMES must have been through quote(). */
const char *wrap_names(struct arena *arena, size_t width, const char *indent,
		       const struct strings *names, size_t rows, size_t *ret_left);

#endif

/* SPDX-License-Identifier: ISC */
/* paint - terminal colors. Private to report/. */
#ifndef KMODAUDIT_PAINT_H
#define KMODAUDIT_PAINT_H

#include <stdbool.h>
#include <stdio.h>

/* The numbers of ANSI escape sequences. */
enum paint { PAINT_NONE, PAINT_RED = 31, PAINT_GREEN = 32, PAINT_YELLOW = 33, PAINT_CYAN = 36 };

/* Prints WORDS, bold and in color if COLOR is set. WORDS must be
 * escaped with quote(). */
void paint_print(FILE *out, bool color, enum paint paint, const char *words);

#endif

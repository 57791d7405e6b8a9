/* SPDX-License-Identifier: ISC */
/* paint - colors of a terminal. Private to report/. */
#ifndef KMODAUDIT_PAINT_H
#define KMODAUDIT_PAINT_H

#include <stdbool.h>
#include <stdio.h>

/* As terminals number them. */
enum paint { PAINT_NONE, PAINT_RED = 31, PAINT_GREEN = 32, PAINT_YELLOW = 33, PAINT_CYAN = 36 };

/* WORDS, in PAINT and bold where COLOR is wanted. WORDS must have been through quote(). */
void paint_print(FILE *out, bool color, enum paint paint, const char *words);

#endif

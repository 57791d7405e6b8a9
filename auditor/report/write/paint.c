/* SPDX-License-Identifier: ISC */
/* Prints words in a terminal color. */
#include "report/write/paint.h"

void paint_print(FILE *out, bool color, enum paint paint, const char *words)
{
	if (color)
		fprintf(out, "\033[1;%dm%s\033[0m", (int)paint, words);
	else
		fputs(words, out);
}

/* SPDX-License-Identifier: ISC */
/* mdoc - plain text of the tables as mdoc(7), the language of manual pages. */
#ifndef KMODAUDIT_MDOC_H
#define KMODAUDIT_MDOC_H

#include "base/span.h"

#include <stdio.h>

/* Whole lines. An empty line is a new paragraph, an indented one is shown as it is; `quoted`
 * words, options, and the arguments that NAMES has ("IMAGE FEED...") are marked as such. */
void mdoc_text(FILE *out, const char *names, const char *text);
/* "[--init] IMAGE FEED..." -> " Oo Fl -init Oc Ar IMAGE FEED ...", the arguments of a macro. */
void mdoc_synopsis(FILE *out, const char *synopsis);

#endif

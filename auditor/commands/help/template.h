/* SPDX-License-Identifier: ISC */
/* template - texts that are compiled in (scripts/embed) and have lines "@WORD", which are
 * filled in from the tables. */
#ifndef KMODAUDIT_TEMPLATE_H
#define KMODAUDIT_TEMPLATE_H

#include "base/span.h"

#include <stdio.h>

struct filler {
	const char *word; /* "options": fills the line "@options" */
	void (*print)(FILE *out, const void *context);
};

/* The embedded file NAME, a path of the tree. */
struct span template_text(const char *name);
/* TEXT with its "@WORD" lines filled in; FILLERS end with a NULL word. */
void template_print(FILE *out, struct span text, const struct filler *fillers, const void *context);

#endif

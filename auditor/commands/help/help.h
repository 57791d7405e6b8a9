/* SPDX-License-Identifier: ISC */
/* help - what the tables of commands and options are printed as, beside --help. */
#ifndef KMODAUDIT_HELP_H
#define KMODAUDIT_HELP_H

#include "commands/command.h"

#define COMPLETION_SHELLS "bash|zsh"

extern const struct choice help_choices[]; /* ends with a NULL name */

/* The manual page, mdoc(7): docs/kmodaudit.1.in filled in. */
bool manual_print(FILE *out, struct error *error);
/* What the shell of that place in COMPLETION_SHELLS needs to complete command lines. */
void completion_print(FILE *out, unsigned shell);

#endif

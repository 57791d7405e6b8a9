/* SPDX-License-Identifier: ISC */
/* shell_value - the settings and values in the words of a text that sh(1) reads. */
#ifndef KMODAUDIT_SHELL_VALUE_H
#define KMODAUDIT_SHELL_VALUE_H

#include "base/arena.h"
#include "base/span.h"

/* NAME=VALUE at the start of a command. */
bool shell_setting(struct span word, struct span *name, struct span *value);

/* The value of WORD without its quotes: ret. ${NAME} and $NAME is OLD, if NAME is not NULL;
 * another expansion, whose value is not known, is "$". NULL if it is longer than is read. */
const char *shell_expand(struct arena *arena, struct span word, const char *name, const char *old);

#endif

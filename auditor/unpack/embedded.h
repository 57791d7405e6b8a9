/* SPDX-License-Identifier: ISC */
/* embedded - the rule files that are compiled into the program. */
#ifndef KMODAUDIT_EMBEDDED_H
#define KMODAUDIT_EMBEDDED_H

#include "base/arena.h"
#include "base/embed.h"
#include "base/error.h"

/* The text of the rule file NAME ("kernel/6.1.yaml"), unpacked into ARENA. Fails if
 * there is none of that name. */
bool embedded_rule(struct arena *arena, const char *name, struct span *ret, struct error *error);

#endif

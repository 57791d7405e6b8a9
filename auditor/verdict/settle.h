/* SPDX-License-Identifier: ISC */
/* settle - the inputs that would settle what cannot be known: how they are given, and
 * where people get them. */
#ifndef KMODAUDIT_SETTLE_H
#define KMODAUDIT_SETTLE_H

#include "base/arena.h"

/* Who is told: somebody who types `kmodaudit audit`, or who writes a plan
 * for `kmodaudit gate`. */
enum settle_side { SETTLE_AUDIT, SETTLE_PLAN };

/* TEXT with each option of `audit` that gives an input ("--image-manifest") told for
 * SIDE: the option, or the plan's key, and where to get the file. TEXT itself where it
 * names none; NULL for NULL. */
const char *settle_told(struct arena *arena, const char *text, enum settle_side side);

#endif

/* SPDX-License-Identifier: ISC */
/* quote - hostile bytes as printable text, and back. */
#ifndef KMODAUDIT_QUOTE_H
#define KMODAUDIT_QUOTE_H

#include "base/arena.h"

/* Control bytes, invalid UTF-8, what cannot be seen and bidirectional controls become \xNN, in
 * ARENA. */
const char *quote(struct arena *arena, const char *text);
/* The same, and of more than MOST bytes the first, then "...". */
const char *quote_short(struct arena *arena, const char *text, size_t most);
/* What quote() was given; \x00 and what quote() does not write stay as they are. */
const char *unquote(struct arena *arena, const char *text);

#endif

/* SPDX-License-Identifier: ISC */
/* quote - escapes untrusted text so that it can be printed safely, and
 * decodes it again. */
#ifndef KMODAUDIT_QUOTE_H
#define KMODAUDIT_QUOTE_H

#include "base/arena.h"

/* A copy of TEXT with control bytes, invalid UTF-8, invisible characters and
 * bidirectional controls written as \xNN, byte by byte. */
const char *quote(struct arena *arena, const char *text);
/* Like quote(), but a result of more than MOST bytes is cut and ends with "...". */
const char *quote_short(struct arena *arena, const char *text, size_t most);
/* Reverses quote(). \x00 and escapes that quote() never writes are left as they are. */
const char *unquote(struct arena *arena, const char *text);

#endif

/* SPDX-License-Identifier: ISC */
/* gzip_write - writes a gzip stream without name and time, and a raw deflate stream:
 * equal bytes give an equal stream. */
#ifndef KMODAUDIT_GZIP_WRITE_H
#define KMODAUDIT_GZIP_WRITE_H

#include "base/arena.h"

struct span gzip_write(struct arena *arena, struct span bytes);
struct span deflate_write(struct arena *arena, struct span bytes);

#endif

/* SPDX-License-Identifier: ISC */
/* gzip_write - one gzip stream without name and time, so that the same bytes give the same
 * stream. */
#ifndef KMODAUDIT_GZIP_WRITE_H
#define KMODAUDIT_GZIP_WRITE_H

#include "base/arena.h"

struct span gzip_write(struct arena *arena, struct span bytes);

#endif

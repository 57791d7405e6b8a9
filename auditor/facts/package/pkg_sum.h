/* SPDX-License-Identifier: ISC */
/* pkg_sum - the sums of FreeBSD's pkg: of files in a manifest, of packages in a
 * catalogue. Private to facts/. */
#ifndef KMODAUDIT_PKG_SUM_H
#define KMODAUDIT_PKG_SUM_H

#include "base/digest.h"

/* The sum of BYTES in the form of STATED, which it equals if they are the same bytes;
 * NULL for a form that is not computed. */
const char *pkg_sum_of(struct arena *arena, const char *stated, struct span bytes);
/* The sha256 that STATED is, in lower-case hex; NULL if it is the sum
 * of another function. */
const char *pkg_sum_sha256(struct arena *arena, const char *stated);

#endif

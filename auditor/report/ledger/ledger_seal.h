/* SPDX-License-Identifier: ISC */
/* ledger_seal - the last line of a gate's report: what it was when it was written, so that a
 * merge takes no file that was cut short or changed on its way.
 *
 *   <report in YAML> "# sha256: " <64 hex digits, of all bytes before this line> "\n"
 */
#ifndef KMODAUDIT_LEDGER_SEAL_H
#define KMODAUDIT_LEDGER_SEAL_H

#include "base/arena.h"
#include "base/error.h"

#include <stdio.h>

void seal_print(FILE *out, struct arena *arena, struct span report);

/* Fails unless REPORT, the file at PATH, ends with the seal of what is before it. */
bool seal_check(struct arena *arena, const char *path, struct span report, struct error *error);

#endif

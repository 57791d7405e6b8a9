/* SPDX-License-Identifier: ISC */
/* ledger_seal - the last line of a gate report, by which `merge` detects a file that was
 * truncated or changed:
 *
 *   <report in YAML> "# sha256: " <64 hex digits, of all bytes before this line> "\n" */
#ifndef KMODAUDIT_LEDGER_SEAL_H
#define KMODAUDIT_LEDGER_SEAL_H

#include "base/arena.h"
#include "base/error.h"

#include <stdio.h>

void seal_print(FILE *out, struct arena *arena, struct span report);

/* Fails unless REPORT, the contents of PATH, ends with the correct line. */
bool seal_check(struct arena *arena, const char *path, struct span report, struct error *error);

#endif

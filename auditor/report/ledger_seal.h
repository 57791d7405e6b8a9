/* ledger_seal - the last line of a shard's report: what it was when it was written, so that a merge takes no file that a transport cut
 * short or changed.
 *
 *   <report in YAML> "# sha256: " <64 hex digits, of all bytes before this line> "\n"
 */
#ifndef KMODAUDIT_LEDGER_SEAL_H
#define KMODAUDIT_LEDGER_SEAL_H

#include "base/arena.h"
#include "base/error.h"

#include <stdio.h>

void seal_print(FILE *out, struct arena *arena, struct span report);

/* False with an error when the seal at the end of REPORT, the file at PATH, is not its own. RET_SEALED: it has one. */
bool seal_check(struct arena *arena, const char *path, struct span report, bool *ret_sealed, struct error *error);

#endif

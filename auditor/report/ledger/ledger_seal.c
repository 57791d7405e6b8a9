/* SPDX-License-Identifier: ISC */
/* Writes and verifies the sha256 line at the end of a gate report. */
#include "report/ledger/ledger_seal.h"

#include "base/digest.h"

#define SEAL "# sha256: "

enum { SEAL_SIZE = sizeof SEAL - 1 + 64 + 1 };

void seal_print(FILE *out, struct arena *arena, struct span report)
{
	fwrite(report.data, 1, report.size, out);
	fprintf(out, SEAL "%s\n", sha256_hex(arena, report));
}

bool seal_check(struct arena *arena, const char *path, struct span report, struct error *error)
{
	size_t size = report.size < SEAL_SIZE ? 0 : report.size - SEAL_SIZE;
	struct span seal = span_skip(report, size);

	if (!span_starts(seal, SEAL))
		return fail(error,
			    "%s: truncated: the last line, a sha256 of the report, is missing",
			    path);
	return span_is(seal, arena_format(arena, SEAL "%s\n",
					  sha256_hex(arena, span_head(report, size)))) ||
	       fail(error, "%s: changed after it was written: its sha256 differs", path);
}

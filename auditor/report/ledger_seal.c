#include "report/ledger_seal.h"

#include "base/digest.h"

#define SEAL "# sha256: "

enum { SEAL_SIZE = sizeof SEAL - 1 + 64 + 1 };

void seal_print(FILE *out, struct arena *arena, struct span report)
{
	fwrite(report.data, 1, report.size, out);
	fprintf(out, SEAL "%s\n", sha256_hex(arena, report));
}

bool seal_check(struct arena *arena, const char *path, struct span report, bool *ret_sealed, struct error *error)
{
	size_t size = report.size < SEAL_SIZE ? 0 : report.size - SEAL_SIZE;
	struct span before = span_head(report, size), seal = span_skip(report, size);

	*ret_sealed = span_starts(seal, SEAL);
	return !*ret_sealed || span_is(seal, arena_format(arena, SEAL "%s\n", sha256_hex(arena, before))) ||
	       fail(error, "%s: was cut short or changed after it was written: its digest does not fit", path);
}

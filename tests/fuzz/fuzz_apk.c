/* SPDX-License-Identifier: ISC */
/* Fuzzes the apk container reader, the index reader, the parser of lib/apk/db/installed, and
 * apk's order of versions. */
#include "facts/package/apk.h"
#include "facts/catalogue/apk_index.h"
#include "unpack/archive/apk_container.h"
#include "fuzz/fuzz_format.h"

/* As an index, as the text of a database, and as two versions. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct apk_signatures signatures = {0};
	struct packages rows = {0};
	struct package package;
	struct error error;
	struct span rest = span_from(data, size);
	size_t line = 1, bad = 0;
	const char *whole = arena_string(&arena, rest),
		   *half = arena_string(&arena, span_head(rest, size / 2));

	format_run(&format_apk, data, size);
	if (apk_here(rest)) {
		apk_index_rows(&arena, "fuzz", rest, &rows, &bad, &error);
		apk_index_signatures(&arena, "fuzz", rest, &signatures, &error);
	}
	while (apk_package_next(&arena, &rest, &line, "fuzz", &package, &bad))
		;
	apk_version_compare(whole, half);
	apk_version_fuzzy(half, whole);
	return 0;
}

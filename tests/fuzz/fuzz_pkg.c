/* SPDX-License-Identifier: ISC */
/* Fuzzes FreeBSD's packages: the container, the manifest, and rows of a catalogue. */
#include "facts/catalogue/pkg_repo.h"
#include "facts/package/pkg.h"
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes = span_from(data, size);
	static const char *const members[] = {"data", "packagesite.yaml"};
	struct package package = {0};
	const struct ucl *value;
	struct error error;
	size_t bad = 0;

	format_run(&format_pkg, data, size);
	if (ucl_read(&arena, bytes, &value, &error))
		pkg_from_manifest(&arena, value, "x", &package, &error);
	for (size_t i = 0; i < 2; i++) {
		struct pkg_catalogue catalogue = {.text = bytes, .member = members[i]};
		struct packages rows = {0};

		pkg_catalogue_rows(&arena, "x", &catalogue, &rows, &bad, &error);
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes FreeBSD's packages: the container, the manifest, rows of a catalogue, what lies beside it,
 * and the files of repositories. */
#include "facts/catalogue/pkg_digests.h"
#include "facts/catalogue/pkg_filesite.h"
#include "facts/catalogue/pkg_repo.h"
#include "facts/freebsd/pkg_conf.h"
#include "facts/package/pkg.h"
#include "fuzz/fuzz_format.h"

/* The input is digests and the catalogue at once, so that its offsets meet its own lines. */
static void beside(struct arena *arena, struct span bytes)
{
	struct pkg_digests digests = {0};
	struct pkg_contradictions all = {0};
	struct pkg_filesite lists = {0};
	struct pkg_configuration configuration = {0};
	struct error error;
	size_t bad = 0;

	if (pkg_digests_read(arena, bytes, &digests, &bad, &error))
		pkg_digests_compare(arena, &digests, bytes, &all);
	pkg_filesite_read(arena, bytes, &lists, &bad, &error);
	pkg_conf_add(arena, bytes, &configuration, &error);
	array_each(one, &configuration)
		if (one->fingerprints)
			pkg_conf_expand(arena, one->fingerprints, 1402000);
}

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
	beside(&arena, bytes);
	return 0;
}

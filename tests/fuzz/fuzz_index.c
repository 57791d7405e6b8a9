/* SPDX-License-Identifier: ISC */
/* Fuzzes the rows of Packages and of apk's index; no row may lead out of the feed. */
#include "facts/catalogue/apk_index.h"
#include "unpack/archive/apk_container.h"
#include "facts/feed/index.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void rows_hold(struct arena *arena, const struct index *index)
{
	array_each(row, &index->rows) {
		const char *path = index_row_path(arena, index, row);

		if (!row->name ||
		    (path && (strncmp(path, "feed/", 5) != 0 || strstr(path, "/../"))))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes = span_from(data, size);
	struct index index = {0};
	struct apk_signatures signatures = {0};
	struct packages rows = {0};
	struct error error = {0};
	size_t bad = 0;

	if (index_parse(&arena, "feed/Packages", bytes, NULL, &index, &error))
		rows_hold(&arena, &index);
	if (!apk_here(bytes))
		return 0;
	apk_index_rows(&arena, "feed/packages.adb", bytes, &rows, &bad, &error);
	apk_index_signatures(&arena, "feed/packages.adb", bytes, &signatures, &error);
	return 0;
}

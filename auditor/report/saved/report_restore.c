/* SPDX-License-Identifier: ISC */
#include "report/saved/report_restore.h"

#include <string.h>

void machine_restore(const char *name, struct machine *ret)
{
	uint64_t number = 0;

	if (!name || machine_of_package(name, ret))
		return;
	if (strncmp(name, "machine ", 8) == 0 && span_number(span_text(name + 8), 10, &number))
		ret->elf = (uint16_t)number;
}

static bool is_true(const struct yaml *map, const char *key)
{
	const char *text = yaml_text(map, key);

	return text && strcmp(text, "true") == 0;
}

const struct kernel *kernel_restore(struct arena *arena, const struct yaml *exports)
{
	struct kernel *kernel = arena_new(arena, struct kernel);

	kernel->exports.source = yaml_unquoted(arena, exports, "source");
	kernel->exports.complete = is_true(exports, "complete");
	kernel->exports.crcs = is_true(exports, "crcs");
	yaml_number(exports, "count", &kernel->exports.table.count);
	return kernel;
}

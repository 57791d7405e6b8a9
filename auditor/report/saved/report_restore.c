/* SPDX-License-Identifier: ISC */
/* Restores the machine and the number of kernel exports from an audit report. */
#include "report/saved/report_restore.h"

#include "report/ledger/fields.h"

#include <string.h>

void machine_restore(const char *name, struct machine *ret)
{
	uint64_t number = 0;

	if (!name || machine_of_package(name, ret))
		return;
	if (strncmp(name, "machine ", 8) == 0 && span_number(span_text(name + 8), 10, &number))
		ret->elf = (uint16_t)number;
}

const struct kernel *kernel_restore(struct arena *arena, const struct yaml *exports)
{
	struct kernel *kernel = arena_new(arena, struct kernel);

	kernel->exports.source = yaml_unquoted(arena, exports, "source");
	kernel->exports.complete = field_true(exports, "complete");
	kernel->exports.crcs = field_true(exports, "crcs");
	yaml_number(exports, "count", &kernel->exports.table.count);
	return kernel;
}

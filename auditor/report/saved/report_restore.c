/* SPDX-License-Identifier: ISC */
/* Restores the machine and the number of kernel exports from an audit report. */
#include "report/saved/report_restore.h"

#include "base/text.h"
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

const struct kld_boot *boot_restore(struct arena *arena, const struct yaml *kernel)
{
	const char *source = yaml_text(yaml_get(kernel, "interfaces"), "source");
	struct kld_boot *boot;
	size_t number = 0;

	if (!text_same(yaml_text(kernel, "system"), "FreeBSD"))
		return NULL;
	boot = arena_new(arena, struct kld_boot);
	if (yaml_number(kernel, "osreldate", &number))
		boot->osreldate = (int32_t)number;
	if (boot->osreldate && source && strstr(source, "linker.hints"))
		boot->source = KLD_SOURCE_HINTS;
	return boot;
}

void manager_restore(struct arena *arena, const struct findings *findings, struct package *package)
{
	const struct finding *manager = array_find(
		finding, findings, strcmp(finding->id, "package-manager") == 0 && finding->subject);

	package->apk = manager && strcmp(manager->subject, "apk") == 0;
	if (manager && strcmp(manager->subject, "pkg") == 0)
		package->pkg = arena_new(arena, struct pkg);
}

/* SPDX-License-Identifier: ISC */
/* Reports packages and modules that could not be read or fetched. */
#include "checks/checks.h"

void check_readable(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	(void)world;
	if (package->problem) {
		/* a row of an index whose file was not fetched, so its contents are unknown */
		bool absent = package->origin == PACKAGE_INDEX_ROW;
		struct finding *finding =
			examine(examination, "package-unreadable",
				absent ? OUTCOME_UNKNOWN : OUTCOME_FAILS, NULL, "package");

		finding->witness[1] = package->witness;
		finding->text = arena_format(examination->arena, "the package cannot be %s: %s",
					     absent ? "fetched" : "read", package->problem);
		if (absent)
			finding->settle = "the package's file";
	}
	array_each(module, &package->modules) {
		if (module->problem) {
			struct finding *finding =
				examine(examination, "module-unreadable",
					module->is_link ? OUTCOME_UNKNOWN : OUTCOME_FAILS,
					module->name, "file");

			finding->witness[1] = module->witness;
			finding->text =
				arena_format(examination->arena, "the module cannot be %s: %s",
					     module->is_link ? "read" : "loaded", module->problem);
		}
	}
}

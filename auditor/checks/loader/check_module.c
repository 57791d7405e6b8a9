/* SPDX-License-Identifier: ISC */
/* Reports packages and modules that could not be read or fetched, and modules
 * of another system. */
#include "checks/checks.h"

void check_readable(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	(void)world;
	if (package->problem) {
		/* a row of an index whose file was not fetched, so its
		 * contents are unknown */
		bool absent = package->origin == PACKAGE_INDEX_ROW;
		/* the format of apk-tools 2: apk can read it, so the package may fit */
		bool unknown = absent || package->old_apk;
		struct finding *finding =
			examine(examination, "package-unreadable",
				unknown ? OUTCOME_UNKNOWN : OUTCOME_FAILS, NULL, "package");

		finding->witness[1] = package->witness;
		finding->text = arena_format(examination->arena, "the package cannot be %s: %s",
					     absent ? "fetched" : "read", package->problem);
		if (unknown)
			finding->settle = absent ? "the package's file"
						 : "the package as apk-tools 3 writes it "
						   "(apk mkpkg)";
	}
	array_each(module, &package->modules) {
		if (module->problem) {
			struct finding *finding =
				examine(examination, "module-unreadable",
					module->unread ? OUTCOME_UNKNOWN : OUTCOME_FAILS,
					module->name, "file");

			finding->witness[1] = module->witness;
			finding->text =
				arena_format(examination->arena, "the module cannot be %s: %s",
					     module->unread ? "read" : "loaded", module->problem);
			if (module->unread)
				finding->settle = "no input can: use a package that has the module "
						  "itself, as a .ko file";
		}
	}
}

void check_foreign_system(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *own = loader_name[image->loader];
	struct fold fold = {0};

	array_each(module, &package->modules) {
		if (module->problem || module->loader == image->loader)
			continue;
		struct finding *finding = examine_folded(examination, &fold, "foreign-system",
							 OUTCOME_FAILS, module->name, "system");
		if (!finding)
			continue;
		finding_show(finding, own, image->kernel_witness, loader_name[module->loader],
			     module->witness);
		finding->text = arena_format(examination->arena,
					     "it is a module of %s, and the image's kernel is %s",
					     loader_name[module->loader], own);
	}
}

#include "checks/checks.h"

#include <inttypes.h>

/* kernel/module/version.c, check_version: a kernel with CRCs forces modules without; one without has another struct
 * module than a module with (the crcs members). */
static void versions_differ(const struct kernel_exports *exports, const struct module *module,
			    struct examination *examination)
{
	struct finding *finding =
		examine(examination, "module-versions", OUTCOME_FAILS, module->name, "symbol versions");

	finding_show(finding, exports->crcs ? "symbol versions" : "no symbol versions", exports->source,
		     module->versioned ? "symbol versions" : "no symbol versions", module->witness);
	finding->text = exports->crcs
				? "Exec format error: the module has no symbol versions and the kernel, built with "
				  "MODVERSIONS, takes it only by force, without a line in its log"
				: "the module was built for a kernel with MODVERSIONS, the image's kernel has none";
}

static void layout_compare(const struct kernel_exports *exports, const struct module *module,
			   struct examination *examination)
{
	const struct export *export = exports_find(&exports->table, "module_layout");

	if (!module->has_layout || !export || !export->has_crc || export->crc == module->layout_crc)
		return;

	struct finding *finding = examine(examination, "module-layout", OUTCOME_FAILS, module->name, "module_layout");
	finding_show(finding, arena_format(examination->arena, "0x%08" PRIx32, export->crc), exports->source,
		     arena_format(examination->arena, "0x%08" PRIx32, module->layout_crc), module->witness);
	finding->text = "disagrees about version of symbol module_layout";
}

static void versions_unknown(const struct kernel_exports *exports, const struct module *module,
			     struct examination *examination)
{
	struct finding *finding =
		examine(examination, "module-versions", OUTCOME_UNKNOWN, module->name, "symbol versions");

	finding_show(finding, NULL, exports->source ? exports->source : exports->why, "symbol versions",
		     module->witness);
	finding->text = "the module has symbol versions; whether the kernel has any is not known";
	finding->settle = "--image-symvers";
}

void check_versions(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct kernel_exports *exports = image_exports(world_image(world));

	array_each(module, &package->modules) {
		if (!module_judged(world, module))
			continue;
		if (!exports->crcs_known) {
			if (module->versioned)
				versions_unknown(exports, module, examination);
		} else if (module->versioned != exports->crcs) {
			versions_differ(exports, module, examination);
		} else if (module->versioned) {
			layout_compare(exports, module, examination);
		}
	}
}

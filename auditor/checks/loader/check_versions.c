/* SPDX-License-Identifier: ISC */
/* Checks that module and kernel agree on having modversions, on their form (basic or
 * extended), and on the CRC of struct module (Linux kernel/module/version.c). */
#include "checks/checks.h"

#include <inttypes.h>

static const char *versions_text(const struct module *module)
{
	if (module->versioned)
		return module->extended ? "symbol versions, basic and extended" : "symbol versions";
	return module->extended ? "extended symbol versions" : "no symbol versions";
}

/* The message for a kernel that requires symbol versions and a module without any
 * that it reads. */
static const char *unversioned_text(const struct module *module, enum outcome outcome)
{
	if (outcome == OUTCOME_REMARK)
		return "the module has no symbol versions that this kernel reads; the kernel has "
		       "MODULE_FORCE_LOAD and loads the module without any comparison";
	if (outcome == OUTCOME_UNKNOWN)
		return "the module has no symbol versions that this kernel reads; it is not known "
		       "whether the kernel has MODULE_FORCE_LOAD and loads it all the same";
	if (module->extended)
		return "Exec format error: no symbol version for module_layout: the module has "
		       "extended symbol versions only (__version_ext_crcs), which kernels read "
		       "since 6.14";
	return "Exec format error: the module has no symbol versions, and a kernel with "
	       "MODVERSIONS loads it only with MODULE_FORCE_LOAD; it logs nothing";
}

/* A kernel with CRCs loads a module without CRCs only if it has MODULE_FORCE_LOAD
 * (kernel/module/version.c, check_version; kernel/module/main.c, try_to_force_load). A module with
 * CRCs does not fit a kernel without them: struct module has other members (crcs). */
static void versions_differ(const struct world *world, const struct module *module,
			    struct examination *examination)
{
	const struct kernel_exports *exports = image_exports(world_image(world));
	enum outcome outcome =
		exports->crcs ? image_lacks(world, "CONFIG_MODULE_FORCE_LOAD") : OUTCOME_FAILS;
	struct finding *finding =
		examine(examination, "module-versions", outcome, module->name, "symbol versions");

	finding_show(finding, exports->crcs ? "symbol versions" : "no symbol versions",
		     exports->source, versions_text(module), module->witness);
	finding->text = exports->crcs ? unversioned_text(module, outcome)
				      : "the module was built for a kernel with MODVERSIONS, but "
					"the image's kernel has no MODVERSIONS";
	if (outcome == OUTCOME_UNKNOWN)
		finding->settle = "--image-config, with the config of this kernel";
}

/* Since 6.14 a kernel checks the extended tables even without
 * MODVERSIONS (kernel/module/main.c, elf_validity_cache_index_versions). */
static void extended_check(const struct image *image, const struct module *module,
			   struct examination *examination)
{
	enum since since = series_since(image_series(image), 6, 14);

	if (!module->extended_problem || since == SINCE_NO)
		return;

	struct finding *finding = examine(examination, "module-versions",
					  since == SINCE_YES ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
					  module->name, "extended symbol versions");

	finding_show(finding, NULL, image->release.witness, NULL, module->witness);
	finding->text =
		arena_format(examination->arena,
			     "%s: kernels since 6.14 refuse such a module with Exec format error",
			     module->extended_problem);
	if (since == SINCE_UNKNOWN)
		finding->settle = "an image whose kernel can be read";
}

static void module_check(const struct world *world, const struct module *module,
			 struct examination *examination)
{
	const struct image *image = world_image(world);
	const struct kernel_exports *exports = image_exports(image);
	enum versions versions = image_versions(image, module);
	bool any = module->versioned || module->extended;
	struct finding *finding;

	extended_check(image, module, examination);
	if (!exports->crcs_known && any) {
		finding = examine(examination, "module-versions", OUTCOME_REMARK, module->name,
				  "symbol versions");
		finding_show(finding, NULL, exports->source ? exports->source : exports->why,
			     versions_text(module), module->witness);
		finding->text = "the module has symbol versions; it is not known whether the "
				"kernel has any";
	}
	if (!exports->crcs_known)
		return;
	if (exports->crcs ? versions == VERSIONS_NONE : any) {
		versions_differ(world, module, examination);
		return;
	}
	/* it has only extended versions, and it is unknown whether the kernel reads them */
	if (versions == VERSIONS_EXTENDED && !module->versioned && !image_series(image).known) {
		finding = examine(examination, "module-versions", OUTCOME_UNKNOWN, module->name,
				  "symbol versions");
		finding_show(finding, NULL, image->release.witness, versions_text(module),
			     module->witness);
		finding->text = "the module has only extended symbol versions, which kernels read "
				"since 6.14; the image's kernel release is not known";
		finding->settle = "an image whose kernel can be read";
	}

	struct crc layout = module_layout_crc(module, versions);
	const char *symbol = module_layout_symbol(module);
	const struct export *export = exports_find(&exports->table, symbol);

	if (!layout.known || !export || !export->has_crc || export->crc == layout.value)
		return;
	finding = examine(examination, "module-layout", OUTCOME_FAILS, module->name, symbol);
	finding_show(finding, arena_format(examination->arena, "0x%08" PRIx32, export->crc),
		     exports->source,
		     arena_format(examination->arena, "0x%08" PRIx32, layout.value),
		     module->witness);
	finding->text =
		arena_format(examination->arena, "disagrees about version of symbol %s", symbol);
}

void check_versions(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	array_each(module, &package->modules)
		if (module_judged(world, module))
			module_check(world, module, examination);
}

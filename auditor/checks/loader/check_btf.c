/* SPDX-License-Identifier: ISC */
/* Checks whether the kernel accepts the BTF of a module (Linux kernel/bpf/btf.c,
 * btf_module_notify). */
#include "checks/checks.h"

#include <string.h>

/* Since 5.11 a kernel built with DEBUG_INFO_BTF_MODULES reads the BTF of modules
 * (kernel/bpf/btf.c, btf_module_notify and btf_parse_module). With
 * MODULE_ALLOW_BTF_MISMATCH (5.18) it ignores errors. */

/* Whether the kernel reads the BTF of modules: according to its config, else yes if its
 * own modules have BTF. */
static enum since modules_read(const struct world *world)
{
	const struct image *image = world_image(world);
	const char *value = image_option(world, "CONFIG_DEBUG_INFO_BTF_MODULES");

	if (value)
		return strcmp(value, "y") == 0 ? SINCE_YES : SINCE_NO;
	array_each(module, &image->modules)
		if (module->btf.size > 0 && module_is_running(image, module))
			return SINCE_YES;
	return SINCE_UNKNOWN;
}

static void btf_report(const struct world *world, const struct module *module, bool sure,
		       const char *text, const char *settle, struct examination *examination)
{
	const struct image *image = world_image(world);
	struct finding *finding =
		examine(examination, "module-btf", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			module->name, ".BTF");

	finding->witness[0] = image->kernel ? image->kernel->btf_witness : image->kernel_witness;
	finding->witness[1] = module->witness;
	finding->text = text;
	if (!sure)
		finding->settle = settle;
}

static void module_check(const struct world *world, const struct module *module, enum since read,
			 struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *why = NULL;
	enum btf_fit fit;

	if (!image->kernel || !image->kernel->btf) {
		if (read == SINCE_YES)
			btf_report(world, module, false,
				   "the image's kernel compares the module's BTF with its own, "
				   "which was not found",
				   "an image whose kernel can be read", examination);
		return;
	}
	fit = btf_module_fit(examination->arena, image->kernel->btf, module->btf, module->btf_base,
			     module->machine.endian, image_series(image), &why);
	if (fit == BTF_FITS)
		return;
	btf_report(
		world, module, fit == BTF_REFUSED,
		arena_format(
			examination->arena,
			fit == BTF_REFUSED
				? "failed to validate module BTF (Invalid argument): %s"
				: "it is not known whether the kernel accepts the module's BTF: %s",
			why),
		"--image-config, with MODULE_ALLOW_BTF_MISMATCH", examination);
}

void check_btf(const struct world *world, const struct package *package,
	       struct examination *examination)
{
	const struct image *image = world_image(world);
	enum since read = modules_read(world);

	/* a kernel without BTF ignores the BTF of modules, unless something shows that
	 * it reads it */
	if (read == SINCE_NO || series_since(image_series(image), 5, 11) == SINCE_NO ||
	    image_option_on(world, "CONFIG_MODULE_ALLOW_BTF_MISMATCH"))
		return;
	array_each(module, &package->modules)
		if (module->btf.size > 0 && module_judged(world, module) &&
		    !image_module_same(image, module))
			module_check(world, module, read, examination);
}

/* SPDX-License-Identifier: ISC */
/* Compares the vermagic of a module with the kernel's, as same_magic does (Linux
 * kernel/module/version.c). */
#include "checks/checks.h"

#include <string.h>

/* True if a word of TEXT begins with START. */
static bool any_begins(const char *text, const char *start)
{
	struct span rest = span_text(text), word;

	while (span_token(&rest, &word))
		if (span_starts(word, start))
			return true;
	return false;
}

/* True if BANNER and VERMAGIC say other things about SMP and preemption:
 *     ... (gcc ...) #1 SMP PREEMPT_DYNAMIC Mon ...      init/Makefile, scripts/mkcompile_h
 *     6.6.86 SMP preempt mod_unload                     include/linux/vermagic.h */
static bool banner_differs(const char *banner, const char *vermagic)
{
	const char *version = banner ? strstr(banner, ") #") : NULL;

	return version && (any_begins(version, "SMP") != any_begins(vermagic, "SMP") ||
			   any_begins(version, "PREEMPT") != any_begins(vermagic, "preempt"));
}

/* Reports that only one of the two has a vermagic. */
static void vermagic_alone(const struct world *world, const struct module *module,
			   struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *have = module->modinfo.vermagic;
	const struct fact *banner = image->kernel ? &image->kernel->banner : NULL;
	bool kernels = image->kernel && image->kernel->vermagic.value;

	/* kernel/module/main.c, check_modinfo, try_to_force_load */
	enum outcome outcome =
		kernels && !have ? image_lacks(world, "CONFIG_MODULE_FORCE_LOAD") : OUTCOME_REMARK;
	struct finding *finding =
		examine(examination, "vermagic", outcome, module->name, "vermagic");

	finding_show(finding, image->vermagic.value, image->vermagic.witness, have,
		     module->witness);
	if (have)
		finding->text = "the vermagic cannot be compared: neither the kernel nor a module "
				"of the image has one";
	else if (kernels)
		finding->text = "the module has no vermagic, and a kernel that has one loads it "
				"only with MODULE_FORCE_LOAD";
	else
		finding->text = "the module has no vermagic, but the image's modules have one";
	/* nobody compares such a vermagic; code for a kernel without preemption does not hold it
	 * off */
	if (have && banner && banner_differs(banner->value, have)) {
		finding->outcome = OUTCOME_UNKNOWN;
		finding->expected = banner->value;
		finding->witness[0] = banner->witness;
		finding->text = "the vermagic of the module and the banner of the kernel differ in "
				"SMP or preemption; the kernel has no vermagic and does not "
				"compare them";
		finding->settle = "an image with at least one module of its own";
	}
	if (outcome == OUTCOME_UNKNOWN)
		finding->settle = "--image-config, with the config of this kernel";
}

/* Compares as same_magic in kernel/module/version.c does, blanks at the end included: if both
 * sides have CRCs, the release is ignored. For the module only __versions counts (check_modinfo,
 * info->index.vers), even if the kernel reads the extended tables. */
void check_vermagic(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *want = image->vermagic.value;

	array_each(module, &package->modules) {
		const char *have = module->modinfo.vermagic;
		bool crcs = module->versioned && image_exports(image)->crcs;

		if (!module_judged(world, module) || (!have && !want))
			continue;
		if (!have || !want) {
			vermagic_alone(world, module, examination);
			continue;
		}
		if (strcmp(crcs ? want + strcspn(want, " ") : want,
			   crcs ? have + strcspn(have, " ") : have) == 0)
			continue;

		struct finding *finding =
			examine(examination, "vermagic", release_outcome(image, have), module->name,
				"vermagic");
		finding_show(finding, want, image->vermagic.witness, have, module->witness);
		finding->text = arena_format(examination->arena,
					     "version magic '%s' should be '%s'", have, want);
	}
}

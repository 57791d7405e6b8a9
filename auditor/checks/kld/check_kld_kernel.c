/* SPDX-License-Identifier: ISC */
/* Compares the kernel version that a module was built for, and the range that it
 * takes, with the version of the image's kernel (sys/sys/module.h,
 * DECLARE_MODULE; sys/kern/kern_linker.c, modlist_lookup2). */
#include "checks/kld/kld_checks.h"

#include <string.h>

const char *kld_kernel_text(struct arena *arena, const char *base, const struct kld_depend *depend,
			    int32_t version)
{
	bool range = depend->maximum > depend->minimum;
	bool older = version < (range ? depend->minimum : depend->preferred);
	bool preferred = depend->minimum == depend->preferred;
	const char *takes;

	if (depend->maximum < depend->minimum)
		takes = arena_format(arena,
				     "its range %d..%d is empty, so it takes no other version",
				     depend->minimum, depend->maximum);
	else if (!range && preferred)
		takes = "it takes no other version";
	else if (!range)
		takes = arena_format(arena, "it takes only that and %d", depend->minimum);
	else if (older && preferred)
		takes = "its range begins there";
	else if (older)
		takes = arena_format(arena, "its range begins at %d", depend->minimum);
	else
		takes = arena_format(arena, "its range ends at %d", depend->maximum);
	return arena_format(arena,
			    "KLD %s: depends on kernel - not available or version mismatch: built "
			    "for %d, %s, the image has %d: the kernel is %s than %s",
			    base, depend->preferred, takes, version, older ? "older" : "newer",
			    range ? "the range" : "that");
}

static struct finding *kernel_examine(const struct world *world, const struct module *module,
				      const struct kld_depend *depend, enum outcome outcome,
				      struct fold *fold, struct examination *examination)
{
	const struct kld_boot *boot = world_image(world)->boot;
	int32_t version = image_osreldate(world_image(world));
	struct finding *finding =
		examine_folded(examination, fold, "kld-kernel", outcome, module->name, "kernel");

	if (!finding)
		return NULL;
	finding_show(finding, version ? arena_format(examination->arena, "%d", version) : NULL,
		     boot ? boot->source_witness : NULL,
		     depend ? arena_format(examination->arena, "%d (%d..%d)", depend->preferred,
					   depend->minimum, depend->maximum)
			    : NULL,
		     module->witness);
	return finding;
}

static void answer_report(const struct world *world, const struct package *package,
			  const struct module *module, const struct linker_trial *trial,
			  const struct linker_answer *answer, struct fold *fold,
			  struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct kld_depend *depend = answer->depend;
	enum outcome outcome = answer->unsure ? OUTCOME_UNKNOWN : OUTCOME_FAILS;

	if (answer->result == LINKER_FITS) {
		if (depend->maximum >= depend->minimum)
			return;
		outcome = OUTCOME_REMARK;
	}

	struct finding *finding = kernel_examine(world, module, depend, outcome, fold, examination);
	if (!finding)
		return;
	if (outcome == OUTCOME_FAILS) {
		finding->text = arena_format(
			arena, "%s%s", kld_answer_text(arena, world, trial->file->base, answer),
			kld_followers_text(package, trial, examination));
	} else if (outcome == OUTCOME_UNKNOWN) {
		finding->text = arena_format(arena, "built for kernel %d, range %d..%d: %s",
					     depend->preferred, depend->minimum, depend->maximum,
					     answer->unsure);
		finding->settle = "an image with its kernel, boot/kernel/kernel, or the "
				  "linker.hints beside it";
	} else {
		/* virtualbox-ose-kmod of 14.2 has 1402000..1401999 */
		finding->text = arena_format(
			arena,
			"its range %d..%d is empty: it loads on kernel %d, its preferred version, "
			"and on no other, such as an update of the same release with another "
			"number",
			depend->minimum, depend->maximum, depend->preferred);
	}
}

void check_kld_kernel(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	struct arena *arena = examination->arena;
	struct fold own = {0};

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct module *module = &package->modules.list[i];
		const struct linker_trial *trial = trial_of(examination, i);
		const char *kernel = kld_own_kernel(arena, world_image(world), package, module);
		struct finding *finding = NULL;
		struct fold fold = {0};
		bool named = false;

		if (kernel && module_judged(world, module))
			finding = kernel_examine(world, module, NULL, OUTCOME_UNKNOWN, &own,
						 examination);
		if (finding) {
			finding->text = arena_format(arena,
						     "the package brings a kernel, /%s, with which "
						     "its modules run: whether they fit that one "
						     "is not judged",
						     kernel);
			finding->settle = "an image on which this package is installed";
		}
		if (!trial)
			continue;
		array_each(answer, &trial->answers)
			if (strcmp(answer->depend->name, "kernel") == 0) {
				named = true;
				answer_report(world, package, module, trial, answer, &fold,
					      examination);
			}
		if (named)
			continue;
		kernel_examine(world, module, NULL, OUTCOME_REMARK, &fold, examination)->text =
			"it names no kernel version: the kernel does not check for which one it "
			"was built";
	}
}

/* SPDX-License-Identifier: ISC */
/* Reports what decides which file the kernel takes and which module it registers: names that the
 * kernel has (sys/kern/kern_module.c, module_register), files that hide others, records that the
 * linker does not find (sys/kern/link_elf.c, link_elf_lookup_set). */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

#include <string.h>

/* The label of hints stands for the name, which they do not have. */
static const char *registered_name(const struct kld_boot *boot, const struct kld_module *module)
{
	array_each(other, &boot->registered) {
		if (other->name && module->name && strcmp(other->name, module->name) == 0)
			return module->name;
		if (!other->name && other->label && module->label &&
		    strcmp(other->label, module->label) == 0)
			return module->name ? module->name : module->label;
	}
	return NULL;
}

static const char *place_of(struct arena *arena, const struct world *world,
			    const struct linker_file *file)
{
	const char *path = text_or_empty(file->module->path);

	if (file->directory == LINKER_ELSEWHERE)
		return path + strspn(path, "/");
	return arena_format(arena, "%s/%s", world_linker(world)->path.list[file->directory],
			    file->base);
}

/* NAME of FILE, which TRIAL's file is or depends on, is registered already. */
static void register_clash(const struct world *world, const struct linker_trial *trial,
			   const struct linker_file *file, const char *name, struct fold *fold,
			   struct examination *examination)
{
	const struct module *module = file->module;
	struct finding *finding = examine_folded(examination, fold, "kld-register", OUTCOME_FAILS,
						 trial->file->module->name, name);

	if (!finding)
		return;
	finding_show(finding, name, world_image(world)->boot->source_witness, name,
		     module->witness);
	finding->text = arena_format(
		examination->arena,
		"%smodule_register: cannot register %s from %s; already loaded from kernel: "
		"kldload is refused; the boot loader can load it in place of the kernel's, with "
		"the lines %s_load=\"YES\" and %s_name=\"/%s\" in loader.conf",
		file == trial->file
			? ""
			: arena_format(examination->arena, "it depends on %s: ", file->base),
		name, file->base, module->name, module->name,
		place_of(examination->arena, world, file));
}

static void clashes_check(const struct world *world, const struct linker_trial *trial,
			  const struct linker_file *file, struct fold *fold,
			  struct examination *examination)
{
	const struct kld *kld = file->module->kld;

	if (!kld || kld->set != KLD_SET_FOUND)
		return;
	array_each(own, &kld->modules) {
		const char *name = registered_name(world_image(world)->boot, own);

		if (name)
			register_clash(world, trial, file, name, fold, examination);
	}
}

static void register_check(const struct world *world, const struct linker_trial *trial,
			   struct examination *examination)
{
	const struct module *module = trial->file->module;
	const struct kld_boot *boot = world_image(world)->boot;
	struct fold fold = {0};

	if (!module->kld || module->kld->set != KLD_SET_FOUND || !boot || trial->present)
		return;
	clashes_check(world, trial, trial->file, &fold, examination);
	array_each(answer, &trial->answers)
		if (answer->result == LINKER_FITS && answer->file)
			clashes_check(world, trial, answer->file, &fold, examination);
	if (fold.met || boot->registered_whole || module->kld->modules.count == 0)
		return;
	struct finding *finding =
		examine(examination, "kld-register", OUTCOME_UNKNOWN, module->name, "modules");
	finding_show(finding, NULL, boot->source_witness, NULL, module->witness);
	finding->text = "it is not known whether the kernel has a module of the same name, because "
			"linker.hints does not list all of them; kldload would then be refused";
	finding->settle = "an image with its kernel, boot/kernel/kernel";
}

void check_kld_register(const struct world *world, const struct package *package,
			struct examination *examination)
{
	for (size_t i = 0; i < package->modules.count; i++)
		if (trial_of(examination, i))
			register_check(world, trial_of(examination, i), examination);
}

/* A file of the image with the same name in a directory that is searched first, or NULL. */
static const struct linker_file *hiding(const struct linker *linker, const struct linker_file *file)
{
	for (uint32_t i = 0; i < linker->path.count && i < file->directory; i++) {
		size_t count;
		const struct linker_file *other = linker_based(linker, i, file->base, &count);

		for (size_t j = 0; j < count; j++)
			if (!other[j].package)
				return &other[j];
	}
	return NULL;
}

static void outside_report(const struct linker *linker, const struct linker_file *file,
			   struct examination *examination)
{
	struct finding *finding = examine(examination, "kld-hidden", OUTCOME_REMARK,
					  file->module->name, file->module->path);

	finding->witness[1] = file->module->witness;
	finding->text = arena_format(examination->arena,
				     "it is in no directory of kern.module_path (%s): only its "
				     "full path loads it",
				     strings_join(examination->arena, &linker->path, 8));
}

void check_kld_hidden(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	const struct linker *linker = world_linker(world);

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *trial = trial_of(examination, i);
		const struct linker_file *other = trial ? hiding(linker, trial->file) : NULL;

		if (trial && trial->file->directory == LINKER_ELSEWHERE) {
			outside_report(linker, trial->file, examination);
			continue;
		}
		if (!other)
			continue;
		struct finding *finding = examine(examination, "kld-hidden", OUTCOME_FAILS,
						  other->module->name, other->base);
		finding_show(finding, other->module->path, other->module->witness,
			     trial->file->module->path, trial->file->module->witness);
		finding->text = arena_format(
			examination->arena,
			"/%s/%s is searched first: kldload %s loads that file, and only the full "
			"path, or %s_name in loader.conf, loads the one of the package",
			linker->path.list[other->directory], other->base, other->module->name,
			other->module->name);
	}
}

void check_kld_records(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	(void)world;
	for (size_t i = 0; i < package->modules.count; i++) {
		const struct module *module = &package->modules.list[i];

		if (!trial_of(examination, i) || !module->kld || module->kld->set != KLD_SET_HIDDEN)
			continue;
		struct finding *finding = examine(examination, "kld-records", OUTCOME_FAILS,
						  module->name, "set_modmetadata_set");
		finding->witness[1] = module->witness;
		finding->text = "it has the section set_modmetadata_set, but not the symbols "
				"__start_set_modmetadata_set and __stop_set_modmetadata_set: the "
				"kernel does not find its records, loads nothing that it depends "
				"on and checks no version";
	}
}

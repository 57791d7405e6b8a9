/* SPDX-License-Identifier: ISC */
/* Loads each module of a package as the kernel linker of FreeBSD would, once for all checks of
 * it, and reports interfaces that are there already (sys/kern/kern_linker.c,
 * linker_load_dependencies). */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

const struct linker_trial *trial_of(const struct examination *examination, size_t index)
{
	return examination->trials ? examination->trials[index] : NULL;
}

const char *kld_file_name(const struct module *module)
{
	return path_last(text_or_empty(module->path));
}

const char *kld_file_owner(const struct linker_file *file)
{
	return file && file->package ? file->package->name : "the image";
}

int32_t image_osreldate(const struct image *image)
{
	return image->boot ? image->boot->osreldate : 0;
}

static const char *present_text(struct arena *arena, const struct linker_trial *trial)
{
	return arena_format(arena, "interface %s.%d already present in the KLD '%s'!",
			    trial->present->name, trial->present->version,
			    trial->present_in ? trial->present_in->base : "kernel");
}

const char *kld_trial_text(struct arena *arena, const struct world *world,
			   const struct linker_trial *trial)
{
	const struct module *module = trial->file->module;

	if (module->problem)
		return module->problem;
	if (trial->refused)
		return trial->refused;
	if (trial->present)
		return present_text(arena, trial);
	array_each(answer, &trial->answers)
		if (answer->result != LINKER_FITS && !answer->unsure)
			return kld_answer_text(arena, world, trial->file->base, answer);
	return trial->symbol ? kld_symbol_text(arena, world, trial, trial->symbol) : NULL;
}

void check_kld_load(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	examination->trials = arena_get(examination->arena,
					(package->modules.count + 1) * sizeof *examination->trials);
	for (size_t i = 0; i < package->modules.count; i++)
		if (module_judged(world, &package->modules.list[i]))
			examination->trials[i] = world_try(examination->arena, world, package,
							   &package->modules.list[i]);
}

void check_kld_interface(const struct world *world, const struct package *package,
			 struct examination *examination)
{
	const struct kld_boot *boot = world_image(world)->boot;

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *trial = trial_of(examination, i);

		if (!trial || !trial->present)
			continue;
		struct finding *finding =
			examine(examination, "kld-interface", OUTCOME_FAILS,
				package->modules.list[i].name, trial->present->name);
		finding_show(finding, trial->present->name, boot ? boot->source_witness : NULL,
			     trial->present->name, package->modules.list[i].witness);
		finding->text = arena_format(
			examination->arena,
			"%s Neither kldload nor the boot loader loads %s: what it provides is "
			"there already",
			present_text(examination->arena, trial), trial->file->base);
	}
}

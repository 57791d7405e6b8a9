/* SPDX-License-Identifier: ISC */
/* Checks that each symbol which a module imports is in the kernel or in a file that the
 * module depends on directly (sys/kern/kern_linker.c,
 * linker_file_lookup_symbol_internal; sys/kern/link_elf_obj.c, link_elf.c). */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

#include <elf.h>
#include <string.h>

const char *kld_symbol_text(struct arena *arena, const struct world *world,
			    const struct linker_trial *trial, const struct import *import)
{
	const struct kld *kld = trial->file->module->kld;
	const struct module *definer = world_definer(world, trial->file->package, import->name);
	const char *who = definer ? kld_file_name(definer) : NULL;
	/* the linker takes another file of that name */
	bool another = who && array_any(answer, &trial->answers,
					answer->file && strcmp(answer->file->base, who) == 0);

	/* the linker class of the file prints the message */
	return arena_format(arena,
			    "%s: symbol %s undefined: neither the kernel nor the files that %s "
			    "depends on have it%s%s%s%s",
			    kld && kld->type == ET_REL ? "link_elf_obj" : "link_elf", import->name,
			    trial->file->base, who ? "; " : "", another ? "another " : "",
			    text_or_empty(who), who ? " has it, and is not among these" : "");
}

static void symbol_report(const struct world *world, const struct package *package,
			  const struct linker_trial *trial, const struct import *import,
			  enum outcome outcome, struct fold *fold, struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct module *module = trial->file->module;
	bool lacks = array_any(answer, &trial->answers, answer->result != LINKER_FITS);
	struct finding *finding = examine_folded(examination, fold, "kld-symbol", outcome,
						 module->name, import->name);

	if (!finding)
		return;
	finding_show(finding, import->name, image_exports(world_image(world))->source, NULL,
		     module->witness);
	if (outcome == OUTCOME_FAILS) {
		finding->text =
			arena_format(arena, "%s%s", kld_symbol_text(arena, world, trial, import),
				     kld_followers_text(package, trial, examination));
		return;
	}
	finding->settle =
		lacks ? "what it depends on" : "an image with its kernel, boot/kernel/kernel";
	if (lacks)
		finding->text = arena_format(
			arena,
			"symbol %s was not found in the kernel; a file that %s depends on, and "
			"that is not found, may have it",
			import->name, trial->file->base);
	else if (linker_may_make(world_image(world), import))
		finding->text = arena_format(
			arena,
			"symbol %s is made by the linker of FreeBSD 12.0 and later; whether that "
			"of this kernel makes it is not known",
			import->name);
	else
		finding->text = arena_format(
			arena,
			"symbol %s must be in the kernel, whose symbols are not known; no module "
			"of the image that loads takes it from there",
			import->name);
}

void check_kld_symbol(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	const struct linker *linker = world_linker(world);

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *trial = trial_of(examination, i);
		struct fold missing = {0}, unknown = {0};

		if (!trial)
			continue;
		array_each(import, &package->modules.list[i].imports)
			switch (linker_symbol(linker, trial, import)) {
			case SYMBOL_THERE:
				break;
			case SYMBOL_MISSING:
				symbol_report(world, package, trial, import, OUTCOME_FAILS,
					      &missing, examination);
				break;
			case SYMBOL_UNKNOWN:
				/* of a module that is refused already it
				 * does not matter */
				if (!trial->fails && !world_taken(world, import->name))
					symbol_report(world, package, trial, import,
						      OUTCOME_UNKNOWN, &unknown, examination);
			}
	}
}

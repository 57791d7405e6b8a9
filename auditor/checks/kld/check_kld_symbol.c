/* SPDX-License-Identifier: ISC */
/* Checks that each symbol which a module imports is in the kernel or in a file that the
 * module depends on directly (sys/kern/kern_linker.c,
 * linker_file_lookup_symbol_internal; sys/kern/link_elf_obj.c, link_elf.c). */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

#include <elf.h>
#include <string.h>

/* The name of the linker class that prints the message. */
static const char *class_name(const struct module *module)
{
	return module->kld && module->kld->type == ET_REL ? "link_elf_obj" : "link_elf";
}

/* True if a file that the linker takes for TRIAL has the name BASE. */
static bool is_taken(const struct linker_trial *trial, const char *base)
{
	return array_any(answer, &trial->answers,
			 answer->file && strcmp(answer->file->base, base) == 0);
}

const char *kld_symbol_text(struct arena *arena, const struct world *world,
			    const struct linker_trial *trial, const struct import *import)
{
	const struct module *definer = world_definer(world, trial->file->package, import->name);
	const char *who = definer ? kld_file_name(definer) : NULL;

	return arena_format(arena,
			    "%s: symbol %s undefined: neither the kernel nor the files that %s "
			    "depends on have it%s%s%s%s",
			    class_name(trial->file->module), import->name, trial->file->base,
			    who ? "; " : "", who && is_taken(trial, who) ? "another " : "",
			    text_or_empty(who), who ? " has it, and is not among these" : "");
}

static void symbol_report(const struct world *world, const struct package *package,
			  const struct linker_trial *trial, const struct import *import,
			  struct fold *fold, struct examination *examination)
{
	const struct module *module = trial->file->module;
	const struct kernel_exports *exports = image_exports(world_image(world));
	struct finding *finding = examine_folded(examination, fold, "kld-symbol", OUTCOME_FAILS,
						 module->name, import->name);

	if (!finding)
		return;
	finding_show(finding, import->name, exports->source, NULL, module->witness);
	finding->text = arena_format(examination->arena, "%s%s",
				     kld_symbol_text(examination->arena, world, trial, import),
				     kld_followers_text(package, trial, examination));
}

static const char *unknown_text(struct arena *arena, const struct world *world,
				const struct linker_trial *trial, const struct import *import,
				bool fails)
{
	if (fails)
		return arena_format(arena,
				    "symbol %s was not found in the kernel; a file that %s depends "
				    "on, and that is not found, may have it",
				    import->name, trial->file->base);
	if (linker_may_make(world_image(world), import))
		return arena_format(arena,
				    "symbol %s is made by the linker of FreeBSD 12.0 and later; "
				    "whether that of this kernel makes it is not known",
				    import->name);
	return arena_format(arena,
			    "symbol %s must be in the kernel, whose symbols are not known; no "
			    "module of the image that loads takes it from there",
			    import->name);
}

static void unknown_report(const struct world *world, const struct linker_trial *trial,
			   const struct import *import, struct fold *fold,
			   struct examination *examination)
{
	const struct module *module = trial->file->module;
	struct arena *arena = examination->arena;
	bool fails = array_any(answer, &trial->answers, answer->result != LINKER_FITS);
	struct finding *finding = examine_folded(examination, fold, "kld-symbol", OUTCOME_UNKNOWN,
						 module->name, import->name);

	if (!finding)
		return;
	finding_show(finding, import->name, image_exports(world_image(world))->source, NULL,
		     module->witness);
	finding->text = unknown_text(arena, world, trial, import, fails);
	finding->settle =
		fails ? "what it depends on" : "an image with its kernel, boot/kernel/kernel";
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
				symbol_report(world, package, trial, import, &missing, examination);
				break;
			case SYMBOL_UNKNOWN:
				/* of a module that is refused already it
				 * does not matter */
				if (!trial->fails && !world_taken(world, import->name))
					unknown_report(world, trial, import, &unknown, examination);
			}
	}
}

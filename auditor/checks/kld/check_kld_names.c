/* SPDX-License-Identifier: ISC */
/* Reports names that are there before the module that has them, too:
 * interfaces (sys/kern/kern_linker.c, linker_load_dependencies) and
 * modules (sys/kern/kern_module.c, module_register). */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

#include <string.h>

/* Reports a name that keeps a file from being loaded in any way. Others only keep kldload from it
 * (check_kld_register): the boot loader loads a module in place of one of the kernel, and, one
 * after the other, two files of which each has a name of the other. */
void check_kld_clash(const struct world *world, const struct package *package,
		     struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct kld_boot *boot = world_image(world)->boot;

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *trial = trial_of(examination, i);
		const struct linker_clash *clash = trial ? trial->clash : NULL;

		if (!clash)
			continue;

		const struct module *module = clash->file->module;
		const char *text = kld_clash_text(arena, clash);
		const char *kernel = boot ? boot->source_witness : NULL;
		struct finding *finding =
			examine(examination, clash->interface ? "kld-interface" : "kld-module",
				OUTCOME_FAILS, module->name, clash->name);
		finding_show(finding, clash->name,
			     clash->other ? clash->other->module->witness : kernel, clash->name,
			     module->witness);
		if (clash->interface)
			finding->text = arena_format(
				arena,
				"%s Neither kldload nor the boot loader loads %s: what it provides "
				"is there already",
				text, clash->file->base);
		else if (clash->other == clash->file)
			finding->text =
				arena_format(arena, "%s: it has two modules of that name", text);
		else
			finding->text = arena_format(
				arena,
				"%s of %s, which is loaded with it: kldload is refused, and at "
				"boot one of the two modules is missing",
				text, kld_file_owner(clash->other));
	}
}

/* CLASH keeps kldload from loading the file, which is loaded all the same in another way. */
static void avoidable_report(const struct world *world, const struct linker_trial *trial,
			     const struct linker_clash *clash, struct fold *fold,
			     struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct linker_file *file = clash->file;
	const struct module *other = clash->other ? clash->other->module : NULL;
	const char *name = file->module->name, *path = text_or_empty(file->module->path), *way;
	struct finding *finding = examine_folded(examination, fold, "kld-register", OUTCOME_FAILS,
						 trial->file->module->name, clash->name);

	if (!finding)
		return;
	path += strspn(path, "/");
	if (file->directory != LINKER_ELSEWHERE)
		path = arena_format(arena, "%s/%s", world_linker(world)->path.list[file->directory],
				    file->base);
	if (other)
		way = arena_format(arena,
				   " while %s is loaded, which the boot loader does as "
				   "loader.conf of the image says; after kldunload %s it is loaded",
				   clash->other->base, other->name);
	else
		way = arena_format(
			arena,
			"; the boot loader can load it in place of the kernel's, with the lines "
			"%s_load=\"YES\" and %s_name=\"/%s\" in loader.conf",
			name, name, path);
	finding_show(finding, clash->name,
		     other ? other->witness : world_image(world)->boot->source_witness, clash->name,
		     file->module->witness);
	finding->text = arena_format(
		arena, "%s%s: kldload is refused%s",
		file == trial->file ? "" : arena_format(arena, "it depends on %s: ", file->base),
		kld_clash_text(arena, clash), way);
}

void check_kld_register(const struct world *world, const struct package *package,
			struct examination *examination)
{
	const struct kld_boot *boot = world_image(world)->boot;

	for (size_t i = 0; boot && i < package->modules.count; i++) {
		const struct module *module = &package->modules.list[i];
		const struct linker_trial *trial = trial_of(examination, i);
		struct fold fold = {0};

		if (!trial || !module->kld || module->kld->set != KLD_SET_FOUND ||
		    (trial->clash && trial->clash->interface))
			continue;
		array_each(clash, &trial->clashes)
			if (clash->avoidable)
				avoidable_report(world, trial, clash, &fold, examination);
		if (fold.met || boot->registered_whole || module->kld->modules.count == 0)
			continue;

		struct finding *finding = examine(examination, "kld-register", OUTCOME_UNKNOWN,
						  module->name, "modules");
		finding_show(finding, NULL, boot->source_witness, NULL, module->witness);
		finding->text = "it is not known whether the kernel has a module of the same name, "
				"because linker.hints does not list all of them; kldload would "
				"then be refused";
		finding->settle = "an image with its kernel, boot/kernel/kernel";
	}
}

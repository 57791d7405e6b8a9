/* SPDX-License-Identifier: ISC */
/* Checks a FreeBSD image alone: whether its own modules load on its kernel, whether
 * linker.hints tells what is in the files, and what is known of its kernel. */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

#include <string.h>

enum { NAMED_MOST = 4 };

static struct finding *image_report(struct arena *arena, struct findings *findings, const char *id,
				    enum outcome outcome, const char *module, const char *subject,
				    const char *witness, const char *text)
{
	struct finding *finding = finding_add(arena, findings, id, outcome, module, subject);

	finding->witness[0] = witness;
	finding->text = text;
	return finding;
}

/* Modules that one cause keeps from loading. */
struct reason {
	int32_t built_for; /* the kernel version that they want; 0: another cause */
	const struct linker_trial *first;
	const char *text; /* about FIRST */
	struct strings names; /* of the other files */
};

struct reasons {
	struct reason *list;
	size_t count, room;
};

static void reason_add(struct arena *arena, const struct world *world, struct reasons *reasons,
		       const struct linker_trial *trial)
{
	const struct linker_trial *root = linker_root(trial);
	const struct linker_answer *failed =
		root->refused ? NULL
			      : array_find(answer, &root->answers, answer->result != LINKER_FITS);
	/* the kernel version that its file wants and does not get; 0: that is not the cause */
	int32_t wanted = failed && strcmp(failed->depend->name, "kernel") == 0
				 ? failed->depend->preferred
				 : 0;

	array_each(reason, reasons)
		if (wanted ? reason->built_for == wanted
			   : linker_root(reason->first)->file == root->file && !reason->built_for) {
			*array_add(arena, &reason->names) = trial->file->base;
			return;
		}
	*array_add(arena, reasons) = (struct reason){
		.built_for = wanted, .first = trial, .text = kld_trial_text(arena, world, trial)};
}

static void modules_check(struct arena *arena, const struct world *world, struct findings *findings)
{
	const struct image *image = world_image(world);
	struct reasons reasons = {0};

	array_each(module, &image->modules) {
		const struct linker_trial *trial =
			module->problem ? NULL : world_try(arena, world, NULL, module);

		if (!trial || trial->file->directory == LINKER_ELSEWHERE)
			continue;
		/* what the kernel has built in needs no file: such modules are in every release */
		bool built_in = trial->clash && trial->clash->interface && !trial->clash->other;
		if (trial->fails && !built_in)
			reason_add(arena, world, &reasons, trial);
	}
	array_each(reason, &reasons) {
		const struct linker_file *file = reason->first->file;
		size_t count = reason->names.count + 1;

		image_report(
			arena, findings, "image-module", OUTCOME_FAILS, file->module->name,
			file->base, file->module->witness,
			arena_format(
				arena,
				"%zu of the image's %zu modules %s not load on its own kernel: "
				"%s%s%s%s",
				count, image->modules.count, count == 1 ? "does" : "do",
				reason->text, count > 1 ? "; likewise " : "",
				count > 1 ? strings_join(arena, &reason->names, NAMED_MOST) : "",
				reason->built_for ? ": the kernel was updated without its modules, "
						    "or they are of another build"
						  : ""));
	}
}

/* kldxref of some releases skips names with a second dot; the linker finds these by
 * file name */
static void missing_collect(struct arena *arena, const struct linker *linker, uint32_t directory,
			    const struct kld_hints *hints, struct strings *ret)
{
	struct strings named = {0};

	array_each(row, hints)
		if (row->file)
			*array_add(arena, &named) = row->file;
	strings_unique(&named);
	array_each(file, &linker->files) {
		const struct kld *kld = file->module->kld;

		if (file->package || file->directory != directory || !kld ||
		    kld->versions.count == 0 || strchr(file->base, '.') != strrchr(file->base, '.'))
			continue;
		if (!strings_find(&named, file->base))
			*array_add(arena, ret) = file->base;
	}
}

static void hints_report(struct arena *arena, const struct kld_hints *hints, struct strings *names,
			 const char *what, struct findings *findings)
{
	strings_unique(names);
	if (names->count > 0)
		image_report(arena, findings, "kld-hints", OUTCOME_FAILS, NULL, hints->directory,
			     hints->witness,
			     arena_format(arena, "/%s/linker.hints %s (%zu): %s", hints->directory,
					  what, names->count,
					  strings_join(arena, names, NAMED_MOST)));
}

/* Compares linker.hints of one directory with the files there. */
static void hints_check(struct arena *arena, const struct linker *linker, uint32_t directory,
			struct findings *findings)
{
	const struct kld_hints *hints = linker->hints[directory];
	struct strings gone = {0}, versions = {0}, missing = {0};

	array_each(row, hints) {
		if (row->type == HINT_PNP || !row->file || strcmp(row->file, "kernel") == 0)
			continue;

		const struct linker_file *file = kld_image_file(linker, directory, row->file);
		const struct kld *kld = file ? file->module->kld : NULL;
		if (!file)
			*array_add(arena, &gone) = row->file;
		else if (row->type == HINT_VERSION && kld &&
			 !array_any(version, &kld->versions,
				    version->version == row->version &&
					    strcmp(version->name, row->name) == 0))
			*array_add(arena, &versions) = arena_format(arena, "%s (%s %d)", row->file,
								    row->name, row->version);
	}
	missing_collect(arena, linker, directory, hints, &missing);
	hints_report(arena, hints, &gone,
		     "names files that do not exist; the linker believes it and searches that "
		     "directory no further",
		     findings);
	hints_report(arena, hints, &versions, "has other versions of interfaces than the files",
		     findings);
	hints_report(arena, hints, &missing,
		     "lacks files, which the linker finds only by the name of the file: run "
		     "kldxref",
		     findings);
}

static const char *kernel_text(struct arena *arena, const struct image *image)
{
	const struct kld_boot *boot = image->boot;
	bool hints = boot && boot->source == KLD_SOURCE_HINTS;

	if (image->kernel)
		return "the kernel has no .symtab: a symbol that is not among its dynamic ones may "
		       "exist";
	if (boot && boot->kernel_problem)
		return arena_format(arena,
				    "the kernel cannot be read: %s: its symbols are not known, and "
				    "its interfaces %s",
				    boot->kernel_problem,
				    hints ? "only from linker.hints" : "neither");
	return "there is no kernel file that can be read: its symbols are not known, and its "
	       "interfaces only from linker.hints";
}

void check_image_kld(struct arena *arena, const struct world *world, struct findings *findings)
{
	const struct image *image = world_image(world);
	const struct linker *linker = world_linker(world);
	const struct kld_boot *boot = image->boot;

	if (!image_exports(image)->complete)
		image_report(arena, findings, "image-exports", OUTCOME_UNKNOWN, NULL, "kernel",
			     boot ? boot->source_witness : image->kernel_witness,
			     kernel_text(arena, image))
			->settle = "an image with its kernel, boot/kernel/kernel";
	array_each(module, &image->modules)
		if (module->problem)
			image_report(arena, findings, "image-module", OUTCOME_FAILS, module->name,
				     "module", module->witness,
				     arena_format(arena,
						  "a module of the image cannot be loaded: %s",
						  module->problem));
	if (boot)
		array_each(link, &boot->broken)
			/* to the linker a link to nothing is no file */
			image_report(arena, findings, "image-module", OUTCOME_FAILS, NULL,
				     path_last(link->path), link->witness,
				     arena_format(arena,
						  "/%s is a link to %s, which the image does not "
						  "have: the linker finds no file there",
						  link->path, link->target));
	if (!linker)
		return;
	modules_check(arena, world, findings);
	for (uint32_t i = 0; i < linker->path.count; i++)
		if (linker->hints[i])
			hints_check(arena, linker, i, findings);
	if (boot)
		array_each(hints, &boot->hints)
			if (hints->problem)
				image_report(arena, findings, "kld-hints", OUTCOME_UNKNOWN, NULL,
					     hints->directory, hints->witness,
					     arena_format(arena,
							  "/%s/linker.hints cannot be read: %s",
							  hints->directory, hints->problem))
					->settle =
					"a linker.hints that kldxref wrote for the image";
}

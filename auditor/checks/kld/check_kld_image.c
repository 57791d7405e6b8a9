/* SPDX-License-Identifier: ISC */
/* Checks a FreeBSD image alone: whether its own modules load on its kernel, whether
 * linker.hints tells what is in the files, and what is known of its kernel. */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

#include <string.h>

enum { NAMED_MOST = 4 };

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

/* The kernel version that TRIAL's file wants and does not get; 0: that is
 * not the cause. */
static int32_t version_wanted(const struct linker_trial *trial)
{
	if (trial->refused)
		return 0;
	array_each(answer, &trial->answers) {
		if (answer->result == LINKER_FITS)
			continue;
		return strcmp(answer->depend->name, "kernel") == 0 ? answer->depend->preferred : 0;
	}
	return 0;
}

static void reason_add(struct arena *arena, const struct world *world, struct reasons *reasons,
		       const struct linker_trial *trial)
{
	const struct linker_trial *root = linker_root(trial);
	int32_t wanted = version_wanted(root);

	array_each(reason, reasons)
		if (wanted ? reason->built_for == wanted
			   : linker_root(reason->first)->file == root->file && !reason->built_for) {
			*array_add(arena, &reason->names) = trial->file->base;
			return;
		}
	*array_add(arena, reasons) = (struct reason){
		.built_for = wanted, .first = trial, .text = kld_trial_text(arena, world, trial)};
}

static void reason_report(struct arena *arena, const struct image *image,
			  const struct reason *reason, struct findings *findings)
{
	size_t count = reason->names.count + 1;
	struct finding *finding =
		finding_add(arena, findings, "image-module", OUTCOME_FAILS,
			    reason->first->file->module->name, reason->first->file->base);

	finding->witness[0] = reason->first->file->module->witness;
	finding->text = arena_format(
		arena, "%zu of the image's %zu modules %s not load on its own kernel: %s%s%s%s",
		count, image->modules.count, count == 1 ? "does" : "do", reason->text,
		count > 1 ? "; likewise " : "",
		count > 1 ? strings_join(arena, &reason->names, NAMED_MOST) : "",
		reason->built_for ? ": the kernel was updated without its modules, or they are of "
				    "another build"
				  : "");
}

/* What the kernel has built in needs no file: such modules are in every release. */
static bool is_built_in(const struct linker_trial *trial)
{
	return trial->clash && trial->clash->interface && !trial->clash->other;
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
		if (trial->fails && !is_built_in(trial))
			reason_add(arena, world, &reasons, trial);
	}
	array_each(reason, &reasons)
		reason_report(arena, image, reason, findings);
}

static void unreadable_check(struct arena *arena, const struct image *image,
			     struct findings *findings)
{
	array_each(module, &image->modules) {
		if (!module->problem)
			continue;
		struct finding *finding = finding_add(arena, findings, "image-module",
						      OUTCOME_FAILS, module->name, "module");
		finding->witness[0] = module->witness;
		finding->text = arena_format(arena, "a module of the image cannot be loaded: %s",
					     module->problem);
	}
}

/* Differences between linker.hints of one directory and the files there. */
struct differences {
	struct strings gone, versions, missing;
};

static const struct linker_file *image_file(const struct linker *linker, uint32_t directory,
					    const char *base)
{
	size_t count;
	const struct linker_file *file = linker_based(linker, directory, base, &count);

	for (size_t i = 0; i < count; i++)
		if (!file[i].package)
			return &file[i];
	return NULL;
}

static bool has_version(const struct kld *kld, const struct kld_hint *row)
{
	return array_any(version, &kld->versions,
			 version->version == row->version && strcmp(version->name, row->name) == 0);
}

static void row_compare(struct arena *arena, const struct linker *linker, uint32_t directory,
			const struct kld_hint *row, struct differences *ret)
{
	if (row->type == HINT_PNP || !row->file || strcmp(row->file, "kernel") == 0)
		return;

	const struct linker_file *file = image_file(linker, directory, row->file);
	if (!file)
		*array_add(arena, &ret->gone) = row->file;
	else if (row->type == HINT_VERSION && file->module->kld &&
		 !has_version(file->module->kld, row))
		*array_add(arena, &ret->versions) =
			arena_format(arena, "%s (%s %d)", row->file, row->name, row->version);
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
	struct finding *finding;

	strings_unique(names);
	if (names->count == 0)
		return;
	finding = finding_add(arena, findings, "kld-hints", OUTCOME_FAILS, NULL, hints->directory);
	finding->witness[0] = hints->witness;
	finding->text = arena_format(arena, "/%s/linker.hints %s (%zu): %s", hints->directory, what,
				     names->count, strings_join(arena, names, NAMED_MOST));
}

static void hints_check(struct arena *arena, const struct linker *linker, uint32_t directory,
			struct findings *findings)
{
	const struct kld_hints *hints = linker->hints[directory];
	struct differences differ = {0};

	array_each(row, hints)
		row_compare(arena, linker, directory, row, &differ);
	missing_collect(arena, linker, directory, hints, &differ.missing);
	hints_report(arena, hints, &differ.gone,
		     "names files that do not exist; the linker believes it and searches that "
		     "directory no further",
		     findings);
	hints_report(arena, hints, &differ.versions,
		     "has other versions of interfaces than the files", findings);
	hints_report(arena, hints, &differ.missing,
		     "lacks files, which the linker finds only by the name of the file: run "
		     "kldxref",
		     findings);
}

static void hints_problem(struct arena *arena, const struct kld_hints *hints,
			  struct findings *findings)
{
	struct finding *finding =
		finding_add(arena, findings, "kld-hints", OUTCOME_UNKNOWN, NULL, hints->directory);

	finding->witness[0] = hints->witness;
	finding->text = arena_format(arena, "/%s/linker.hints cannot be read: %s", hints->directory,
				     hints->problem);
	finding->settle = "a linker.hints that kldxref wrote for the image";
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

/* To the linker a link to nothing is no file. */
static void broken_check(struct arena *arena, const struct image *image, struct findings *findings)
{
	array_each(link, &image->boot->broken) {
		struct finding *finding = finding_add(arena, findings, "image-module",
						      OUTCOME_FAILS, NULL, path_last(link->path));

		finding->witness[0] = link->witness;
		finding->text = arena_format(arena,
					     "/%s is a link to %s, which the image does not have: "
					     "the linker finds no file there",
					     link->path, link->target);
	}
}

static void kernel_check(struct arena *arena, const struct image *image, struct findings *findings)
{
	const struct kernel_exports *exports = image_exports(image);
	struct finding *finding;

	if (exports->complete)
		return;
	finding = finding_add(arena, findings, "image-exports", OUTCOME_UNKNOWN, NULL, "kernel");
	finding->witness[0] = image->boot ? image->boot->source_witness : image->kernel_witness;
	finding->text = kernel_text(arena, image);
	finding->settle = "an image with its kernel, boot/kernel/kernel";
}

void check_image_kld(struct arena *arena, const struct world *world, struct findings *findings)
{
	const struct image *image = world_image(world);
	const struct linker *linker = world_linker(world);

	kernel_check(arena, image, findings);
	unreadable_check(arena, image, findings);
	if (image->boot)
		broken_check(arena, image, findings);
	if (!linker)
		return;
	modules_check(arena, world, findings);
	for (uint32_t i = 0; i < linker->path.count; i++)
		if (linker->hints[i])
			hints_check(arena, linker, i, findings);
	if (image->boot)
		array_each(hints, &image->boot->hints)
			if (hints->problem)
				hints_problem(arena, hints, findings);
}

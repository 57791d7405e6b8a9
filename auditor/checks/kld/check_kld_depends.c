/* SPDX-License-Identifier: ISC */
/* Reports what a module depends on and the kernel linker does not
 * find: absent interfaces, other versions, files that do not load
 * themselves (sys/kern/kern_linker.c, linker_load_dependencies). */
#include "checks/kld/kld_checks.h"

#include <string.h>

enum { LIKE_MOST = 4 };

/* An interface whose name is most like NAME, of those that the image has: " (the image
 * has ...)". "" if none is. Two names are alike if one has the other in it, as "lindebugfs"
 * has "debugfs". */
static const char *like_text(struct arena *arena, const struct linker *linker, const char *name)
{
	const struct linker_rows *lists[] = {&linker->kernel, &linker->rows};
	const struct linker_row *best = NULL;

	for (size_t i = 0; i < 2; i++)
		array_each(row, lists[i]) {
			bool alike = strlen(row->name) >= LIKE_MOST && strlen(name) >= LIKE_MOST &&
				     (strstr(row->name, name) || strstr(name, row->name));

			if ((i == 0 || !linker->files.list[row->file].package) && alike &&
			    (!best || strlen(row->name) < strlen(best->name)))
				best = row;
		}
	return best ? arena_format(arena,
				   "; the image has %s %d (the interface most like it by name)",
				   best->name, best->version)
		    : "";
}

static const char *range_text(struct arena *arena, const struct kld_depend *depend)
{
	if (depend->minimum == depend->maximum && depend->minimum == depend->preferred)
		return arena_format(arena, "exactly version %d", depend->preferred);
	return arena_format(arena, "version %d..%d, preferably %d", depend->minimum,
			    depend->maximum, depend->preferred);
}

/* True if the file is there in a version that fits, and the linker does not find it. */
static bool is_unlisted(const struct linker_answer *answer)
{
	return answer->result == LINKER_VERSION && answer->provided && answer->file &&
	       kld_depend_fits(answer->depend, answer->version);
}

static const char *version_text(struct arena *arena, const struct linker_answer *answer)
{
	if (is_unlisted(answer))
		return arena_format(arena,
				    "%s of %s provides version %d, and linker.hints does not say "
				    "so: it is found once kldxref has run",
				    answer->file->base, kld_file_owner(answer->file),
				    answer->version);
	if (!answer->provided)
		return arena_format(arena,
				    "%s is found for it and loaded, but does not provide it: "
				    "linker.hints is wrong",
				    answer->file ? answer->file->base : "a file");
	return arena_format(arena, "it needs %s, and %s of %s has version %d",
			    range_text(arena, answer->depend),
			    answer->file ? answer->file->base : "the kernel",
			    kld_file_owner(answer->file), answer->version);
}

/* The failure from which all others of a chain come, and the file that has it. */
static const char *root_text(struct arena *arena, const struct world *world,
			     const struct linker_answer *answer)
{
	const struct linker_trial *trial = linker_root(answer->because);
	const char *text = kld_trial_text(arena, world, trial);
	return arena_format(arena, "%s of %s provides it and %s load itself: %s%s%s",
			    answer->file->base, kld_file_owner(answer->file),
			    answer->unsure ? "may not" : "does not",
			    trial->file != answer->file ? trial->file->base : "",
			    trial->file != answer->file ? ": " : "",
			    text	     ? text
			    : answer->unsure ? answer->unsure
					     : "it is refused");
}

static const char *reason_text(struct arena *arena, const struct world *world,
			       const struct linker_answer *answer)
{
	const char *name = answer->depend->name;

	switch (answer->result) {
	case LINKER_ABSENT:
		return arena_format(arena,
				    "no file of the image or the feeds provides %s in any "
				    "version%s",
				    name, like_text(arena, world_linker(world), name));
	case LINKER_VERSION:
		return version_text(arena, answer);
	case LINKER_GONE:
		return arena_format(arena,
				    "linker.hints says that %s provides it, but there is no such "
				    "file, and the linker does not search that directory further",
				    answer->hinted);
	case LINKER_INHERITED:
		return root_text(arena, world, answer);
	case LINKER_CYCLE:
		return arena_format(arena,
				    "%s of %s provides it and depends, directly or through "
				    "others, on the file that is being loaded",
				    answer->file->base, kld_file_owner(answer->file));
	case LINKER_CLASH:
		return arena_format(arena,
				    "%s of %s provides it, but another file with that name is "
				    "loaded already",
				    answer->file->base, kld_file_owner(answer->file));
	case LINKER_FITS:
		break;
	}
	return "it fits";
}

const char *kld_answer_text(struct arena *arena, const struct world *world, const char *base,
			    const struct linker_answer *answer)
{
	if (strcmp(answer->depend->name, "kernel") == 0 && answer->provided &&
	    answer->result == LINKER_VERSION)
		return kld_kernel_text(arena, base, answer->depend, answer->version);
	return arena_format(arena, "KLD %s: depends on %s - not available or version mismatch: %s",
			    base, answer->depend->name, reason_text(arena, world, answer));
}

static void answer_report(const struct world *world, const struct package *package,
			  const struct module *module, const struct linker_trial *trial,
			  const struct linker_answer *answer, struct fold *fold,
			  struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct kld_boot *boot = world_image(world)->boot;
	struct finding *finding = examine_folded(examination, fold, "kld-depends",
						 answer->unsure ? OUTCOME_UNKNOWN : OUTCOME_FAILS,
						 module->name, answer->depend->name);

	if (!finding)
		return;
	finding_show(finding, range_text(arena, answer->depend),
		     answer->file ? answer->file->module->witness : NULL,
		     answer->provided ? arena_format(arena, "%d", answer->version) : NULL,
		     module->witness);
	if (is_unlisted(answer))
		finding->found = arena_format(arena, "%d, not in linker.hints", answer->version);
	/* the verdict of the package points to the module from which
	 * the failure comes */
	if (answer->result == LINKER_INHERITED)
		finding->found = answer->file->base;
	finding->text = kld_answer_text(arena, world, trial->file->base, answer);
	if (!answer->unsure) {
		finding->text = arena_format(arena, "%s%s", finding->text,
					     kld_followers_text(package, trial, examination));
		return;
	}
	if (answer->result != LINKER_INHERITED)
		finding->text = arena_format(arena, "it is not certain that %s is found: %s",
					     answer->depend->name, answer->unsure);
	if (!boot || boot->source != KLD_SOURCE_KERNEL)
		finding->settle = "an image with its kernel, boot/kernel/kernel";
	else
		finding->settle = answer->file ? "a linker.hints that kldxref wrote for the image"
					       : "a complete image";
}

void check_kld_depends(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	bool limited = false;

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct module *module = &package->modules.list[i];
		const struct linker_trial *trial = trial_of(examination, i);
		struct fold fold = {0};

		if (!trial)
			continue;
		array_each(answer, &trial->answers)
			if (answer->result != LINKER_FITS &&
			    strcmp(answer->depend->name, "kernel") != 0)
				answer_report(world, package, module, trial, answer, &fold,
					      examination);
		/* once for a package: the files of a circle all depend on more than are
		 * followed */
		if (trial->unsure != linker_too_many || limited)
			continue;
		limited = true;

		struct finding *finding = examine(examination, "kld-depends", OUTCOME_UNKNOWN,
						  module->name, "dependencies");
		finding->witness[1] = module->witness;
		finding->text = arena_format(examination->arena, "%s: %s", kld_file_name(module),
					     linker_too_many);
		finding->settle = "modules that depend on fewer files";
	}
}

/* SPDX-License-Identifier: ISC */
/* Checks that modules of the image still load after a package replaced files that they
 * depend on: FreeBSD's package manager compares no interfaces. */
#include "checks/kld/kld_checks.h"

/* The file of the image that FILE of a package overwrites; NULL if there is none, or
 * the same bytes. */
static const struct linker_file *overwritten(const struct linker *linker,
					     const struct linker_file *file)
{
	size_t count;
	const struct linker_file *other = linker_based(linker, file->directory, file->base, &count);

	if (file->directory == LINKER_ELSEWHERE)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (!other[i].package && !other[i].module->problem &&
		    !sha256_equal(&other[i].module->file, &file->module->file))
			return &other[i];
	return NULL;
}

static void user_check(const struct world *world, const struct package *package,
		       const struct module *user, const struct linker_file *file, struct fold *fold,
		       struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct linker_trial *before = world_try(arena, world, NULL, user);
	const struct linker_trial *after = world_try_installed(arena, world, package, user);

	if (!before || !after || before->fails || before->unsure ||
	    (!after->fails && !after->unsure))
		return;
	struct finding *finding = examine_folded(examination, fold, "state-breaks",
						 after->fails ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
						 user->name, file->base);
	if (!finding)
		return;
	finding_show(finding, NULL, user->witness, file->base, file->module->witness);
	finding->text = arena_format(
		arena, "it replaces /%s/%s of the image, and the image's module %s then %s: %s",
		world_linker(world)->path.list[file->directory], file->base, user->name,
		after->fails ? "does not load" : "may not load",
		after->fails ? kld_trial_text(arena, world, after) : after->unsure);
}

void check_kld_breaks(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	struct fold fold = {0};

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *trial = trial_of(examination, i);
		const struct linker_file *old =
			trial ? overwritten(world_linker(world), trial->file) : NULL;

		if (!old)
			continue;
		array_each(user, &world_image(world)->modules) {
			bool depends = user->kld && old->module->kld && !user->problem &&
				       user != old->module &&
				       array_any(version, &old->module->kld->versions,
						 kld_needs(user->kld, version->name));

			if (depends)
				user_check(world, package, user, trial->file, &fold, examination);
		}
	}
}

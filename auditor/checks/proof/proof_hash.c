/* SPDX-License-Identifier: ISC */
/* Decides the proof config-hash: the lines behind the abi hashes of image and package
 * are known, what differs in them changes nothing that the modules use, and both were
 * built from the same sources. Reports the facts about the sources that differ. */
#include "checks/proof/config_proof.h"
#include "checks/proof/identity.h"
#include "facts/world/world_sets.h"

#include <string.h>

/* Why the hashes cannot be compared: one is missing, or does not name the kernel that
 * runs; NULL: they can. */
static const char *hashes_unfit(struct arena *arena, const struct image *image,
				const struct package *package)
{
	const char *lacking = hash_lacking(image, package);

	if (lacking)
		return lacking;
	if (package->other_pin)
		return arena_format(arena, "the package also depends on %s", package->other_pin);
	if (!image->abi.release || !package->abi.release ||
	    strcmp(image->abi.release, package->abi.release) != 0)
		return arena_format(arena, "the kernels are of releases %s and %s",
				    image->abi.release ? image->abi.release : "not known",
				    package->abi.release ? package->abi.release : "not known");
	if (abi_stale(image))
		return "the image's kernel abi is for another release than its kernel";
	return image->abi_doubt;
}

static const char *against_text(struct arena *arena, const struct world *world,
				const struct package *package)
{
	const struct strings *image = world_image_set_against(world);
	const struct strings *feed = world_set_against(world, package);

	if (image->count > 0)
		return arena_format(arena, "the image's hash is not that of its kernel: %s",
				    image->list[0]);
	return feed->count > 0
		       ? arena_format(arena,
				      "the package's hash is not that of the build of these "
				      "modules: %s",
				      feed->list[0])
		       : NULL;
}

static const char *unproven(const struct world *world, const struct package *package,
			    const struct examination *examination, struct sources *sources)
{
	struct arena *arena = examination->arena;
	const struct image *image = world_image(world);
	const char *why = hashes_unfit(arena, image, package);
	const struct comparison *comparison;

	if (why)
		return why;
	comparison = world_set_comparison(world, package, &why);
	if (!comparison)
		return why;
	if (image_exports(image)->doubt)
		return image_exports(image)->doubt;
	why = against_text(arena, world, package);
	if (!why)
		why = world_set_lacks(arena, world, package);
	if (!why)
		why = comparison_reaches(world, package, comparison, examination);
	if (!why)
		why = comparison_unexplained(world, package, comparison, arena);
	if (why)
		return why;
	*sources = world_sources(arena, world, package);
	return sources->by != SOURCES_NOT
		       ? NULL
		       : arena_format(
				 arena,
				 "the lines behind the hashes allow it, but nothing shows that "
				 "both were built from the same sources: %s",
				 sources->how);
}

/* "-CONFIG_X=m" of what only the image asked for, "+..." of what only
 * the package did. */
static const char *lines_text(struct arena *arena, const struct comparison *comparison)
{
	enum { SHOWN = 8 };
	struct config_difference lines = config_compare(arena, comparison->image, comparison->feed);
	const struct option_changes *const all[] = {&lines.core_added, &lines.core_removed,
						    &lines.core_changed, &lines.modules_added,
						    &lines.modules_removed};
	struct strings texts = {0};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		array_each(change, all[i]) {
			if (change->before)
				*array_add(arena, &texts) =
					arena_format(arena, "-%s=%s", change->name, change->before);
			if (change->after)
				*array_add(arena, &texts) =
					arena_format(arena, "+%s=%s", change->name, change->after);
		}
	return strings_join(arena, &texts, SHOWN);
}

static void difference_add(const struct world *world, const struct package *package,
			   struct examination *examination)
{
	struct sources_difference difference;
	struct finding *finding;

	if (package->modules.count == 0 ||
	    !world_sources_differ(examination->arena, world, package, &difference))
		return;
	finding = examine(examination, "source-stamp", OUTCOME_REMARK, NULL, "sources");
	finding_show(finding, difference.image, difference.witness[0], difference.package,
		     difference.witness[1]);
	finding->text = arena_format(examination->arena,
				     "%s of the image is %s, that of the package %s: they may be "
				     "from different sources",
				     difference.what, difference.image, difference.package);
}

void check_proof_hash(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	struct sources sources = {0};

	difference_add(world, package, examination);
	/* an equal hash is a matter of the proof identity */
	if (!package_pinned(package) || abi_equal(&world_image(world)->abi, &package->abi))
		return;

	const char *why = unproven(world, package, examination, &sources);
	examination->sources_missing |= why && sources.how;
	examination->unproven[PROOF_CONFIG_HASH] = why;
	examination->proven[PROOF_CONFIG_HASH] = !why;
	if (why)
		return;

	const struct image *image = world_image(world);
	const struct comparison *comparison = world_set_comparison(world, package, &why);
	struct finding *finding =
		examine(examination, "config-hash", OUTCOME_HOLDS, NULL, "kernel abi");
	finding_show(finding, comparison->image->witness, image->abi.witness,
		     comparison->feed->witness,
		     package->abi.witness ? package->abi.witness : package->witness);
	finding->text = arena_format(
		examination->arena,
		"the lines behind both hashes are known (image: %s; package: %s); they differ in "
		"%s, which changes nothing that its modules use; same sources: %s",
		comparison->image->witness, comparison->feed->witness,
		lines_text(examination->arena, comparison), sources.how);
}

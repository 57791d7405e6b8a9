/* SPDX-License-Identifier: ISC */
/* Decides the proof config-core: both kernel configs have the same =y options, and no
 * =m option that differs changes a struct that the modules of the package use. */
#include "checks/proof/config_proof.h"
#include "checks/proof/identity.h"
#include "facts/kernel/banner.h"
#include "facts/world/world_sets.h"

/* Why both sides may be of different sources, or NULL: a patch between them can move
 * members of a struct, and no config shows it. A compiler that both configs name tells
 * the revision of OpenWrt that it was built in; a date does not outweigh that, unless the
 * image states another revision: the tree has moved on, and its compiler has not. */
static const char *sources_doubtful(const struct world *world, const struct package *package,
				    const struct comparison *comparison, struct arena *arena)
{
	const char *torn = world_revision_torn(arena, world);
	struct sources_difference difference;
	bool differ = world_sources_differ(arena, world, package, &difference) &&
		      (!difference.by_date || !banner_parts(arena, comparison->compiler).revision);

	if ((!torn && !differ) || world_sources(arena, world, package).by != SOURCES_NOT)
		return NULL;
	return arena_format(
		arena,
		"the kernel configs allow it, but nothing shows that both were built from the same "
		"sources: %s",
		torn ? torn
		     : arena_format(arena, "%s of the image is %s, that of the package %s",
				    difference.what, difference.image, difference.package));
}

static const char *unproven(const struct world *world, const struct package *package,
			    struct examination *examination)
{
	const char *why;
	const struct comparison *comparison = world_comparison(world, package, &why);

	if (!comparison)
		return why;
	if (image_exports(world_image(world))->doubt)
		return image_exports(world_image(world))->doubt;
	why = comparison_reaches(world, package, comparison, examination);
	if (!why)
		why = comparison_unexplained(world, package, comparison, examination->arena);
	if (why)
		return why;
	/* equal configs are not enough: the compiler that both name, or equal twins, show that
	 * the builds are equal */
	if (!comparison->compiler && world_twins(world, package)->equal == 0)
		return "the kernel configs do not state the same compiler, and no module exists on "
		       "both sides to compare the builds";
	why = sources_doubtful(world, package, comparison, examination->arena);
	examination->sources_missing |= why != NULL;
	return why;
}

void check_proof_config(const struct world *world, const struct package *package,
			struct examination *examination)
{
	/* a package without modules may stand for a built-in; then equal =y
	 * options are enough */
	if (!package_pinned(package))
		return;

	const char *why = unproven(world, package, examination);
	examination->unproven[PROOF_CONFIG_CORE] = why;
	examination->proven[PROOF_CONFIG_CORE] = !why;
	if (why)
		return;

	const struct comparison *comparison = world_comparison(world, package, &why);
	const struct config_difference *difference = &comparison->difference;
	const struct twins *twins = world_twins(world, package);
	struct finding *finding =
		examine(examination, "config-core", OUTCOME_HOLDS, NULL, "kernel config");
	finding->witness[0] = comparison->image->witness;
	finding->witness[1] = comparison->feed->witness;
	finding->text = arena_format(
		examination->arena,
		"the kernel configs have the same =y options; of %zu =m options that differ, none "
		"changes a struct that its modules use; %s; the feed's config belongs to %s: %s",
		difference->modules_added.count + difference->modules_removed.count,
		comparison->compiler
			? "both state the same compiler"
			: arena_format(examination->arena,
				       "%zu of %zu modules that exist on both sides are equal",
				       twins->equal, twins->count),
		world_build_name(world, package), world_tie(world, package)->how);
}

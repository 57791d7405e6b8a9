/* SPDX-License-Identifier: ISC */
/* Decides the proof config-core: both kernel configs have the same =y options, and no
 * =m option that differs changes a struct that the modules of the package use. */
#include "checks/proof/config_proof.h"
#include "checks/proof/identity.h"
#include "facts/kernel/banner.h"
#include "facts/world/world_sets.h"

#include <string.h>

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

/* Why the builds may differ although their configs are equal, or NULL: sources and
 * compiler must be equal too. That is shown by the compiler that both configs name, or
 * by equal twins. */
static const char *build_doubtful(const struct world *world, const struct package *package,
				  const struct comparison *comparison, struct arena *arena)
{
	const char *unexplained = comparison_unexplained(world, package, comparison, arena);

	if (unexplained)
		return unexplained;
	if (!comparison->compiler && world_twins(world, package)->equal == 0)
		return "the kernel configs do not state the same compiler, and no module exists on "
		       "both sides to compare the builds";
	return NULL;
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
		why = build_doubtful(world, package, comparison, examination->arena);
	if (why)
		return why;
	why = sources_doubtful(world, package, comparison, examination->arena);
	examination->sources_missing |= why != NULL;
	return why;
}

static void proof_report(const struct world *world, const struct package *package,
			 struct examination *examination)
{
	const char *why;
	const struct comparison *comparison = world_comparison(world, package, &why);
	const struct config_difference *difference = &comparison->difference;
	const struct twins *twins = world_twins(world, package);
	const struct tie *tie = world_tie(world, package);
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
		world_build_name(world, package), tie->how);
}

void check_proof_config(const struct world *world, const struct package *package,
			struct examination *examination)
{
	/* a package without modules may stand for a built-in; then equal =y
	 * options are enough */
	if (!package_pinned(package))
		return;
	examination->unproven[PROOF_CONFIG_CORE] = unproven(world, package, examination);
	examination->proven[PROOF_CONFIG_CORE] = !examination->unproven[PROOF_CONFIG_CORE];
	if (examination->proven[PROOF_CONFIG_CORE])
		proof_report(world, package, examination);
}

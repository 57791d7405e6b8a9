/* SPDX-License-Identifier: ISC */
/* Tells what the package manager keeps of the image instead of a package of the feeds,
 * and what that means for the packages that need it. */
#include "verdict/kept.h"

#include "checks/check.h"

#include <string.h>

const char *kept_words(struct arena *arena, const struct world *world,
		       const struct package *package)
{
	const struct package *kept = world_kept(world, package);

	if (!kept)
		return NULL;
	if (strcmp(kept->name, package->name) != 0)
		return arena_format(arena,
				    "the package manager keeps %s, which is in the image and "
				    "provides it",
				    kept->name);
	return arena_format(arena, "the package manager keeps version %s, which is in the image",
			    kept->version);
}

bool kept_is_same(const struct world *world, const struct package *package, const bool *holds)
{
	const struct package *kept = world_kept(world, package);

	return kept && holds[PROOF_IDENTITY] && strcmp(kept->name, package->name) == 0 &&
	       strcmp(kept->version, package->version) == 0;
}

const char *kept_need_text(struct arena *arena, const struct world *world,
			   const struct package *need)
{
	const struct package *kept = world_kept(world, need);

	if (strcmp(kept->name, need->name) == 0 && strcmp(kept->version, need->version) == 0)
		return arena_format(arena,
				    "it needs %s %s of the feeds, but the package manager keeps "
				    "the image's, which is not known to be of the same build",
				    need->name, need->version);
	return arena_format(arena, "it needs %s %s of the feeds, but %s", need->name, need->version,
			    kept_words(arena, world, need));
}

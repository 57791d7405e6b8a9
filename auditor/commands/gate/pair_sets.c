/* SPDX-License-Identifier: ISC */
/* Asks the abi database for the sets behind the hashes of an image and its feeds. */
#include "commands/gate/pair_sets.h"
#include "facts/abi/abi_database.h"

#include <string.h>

/* "OpenWrt 24.10.0 ath79/generic, official; also 24.10.1" */
static const char *builds_text(struct arena *arena, const struct abi_builds *builds)
{
	enum { ALSO_MOST = 3 };
	const struct abi_build *first = &builds->list[0];
	struct strings also = {0};

	for (size_t i = 1; i < builds->count; i++)
		*array_add(arena, &also) = arena_format(arena, "%s %s", builds->list[i].release,
							builds->list[i].target);
	return arena_format(arena, "%s%s %s%s%s%s%s", first->origin ? "" : "OpenWrt ",
			    first->release, first->target, first->origin ? ", from " : ", official",
			    first->origin ? first->origin : "", also.count ? "; also " : "",
			    also.count ? strings_join(arena, &also, ALSO_MOST) : "");
}

static void officials_add(struct arena *arena, const struct abi_builds *builds,
			  struct known_set *ret)
{
	array_each(build, builds) {
		if (!ret->target && !build->origin)
			ret->target = build->target;
		if (!build->origin)
			*array_add(arena, &ret->officials) =
				(struct official){build->release, build->target, build->kernel};
	}
}

static struct known_set set_find(struct arena *arena, const struct abi_database *database,
				 const char *hash)
{
	struct known_set known = {.hash = hash};
	struct config_set *set = arena_new(arena, struct config_set);
	struct abi_builds builds = {0};

	if (!abi_database_find(database, arena, hash, set, &builds)) {
		known.how = "it is not in the database";
		return known;
	}
	known.lines = &set->lines;
	known.who = builds_text(arena, &builds);
	known.how = "in the database";
	officials_add(arena, &builds, &known);
	return known;
}

bool pair_sets_find(struct arena *arena, const struct pair *pair, const struct world *world,
		    struct known_sets *ret, struct error *error)
{
	struct strings hashes = world_hashes(world, arena);
	static const struct strings none;
	const struct abi_database *database;

	if (hashes.count == 0)
		return true;
	if (!abi_database_open(arena, pair->abi_dirs ? pair->abi_dirs : &none, &database, error))
		return false;
	for (size_t i = 0; i < hashes.count; i++)
		*array_add(arena, ret) = set_find(arena, database, hashes.list[i]);
	return true;
}

bool sets_comparable(const struct known_sets *sets)
{
	size_t known = 0;

	array_each(set, sets)
		known += set->lines != NULL;
	return known > 1;
}

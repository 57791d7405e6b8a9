/* SPDX-License-Identifier: ISC */
/* Divides the packages of the feeds into builds, by the kernel abi they name or the
 * directory they came in. */
#include "facts/world/world_parts.h"

#include <string.h>

/* The directory of PACKAGE: its feed, or for single files their folder. */
static const char *world_origin(const struct world *world, const struct package *package)
{
	const char *source = world->feeds->list[package->feed].source, *file = package->file;
	const char *slash = file ? strrchr(file, '/') : NULL;

	if (!file || !source || strncmp(file, source, strlen(source)) == 0)
		return source ? source : "the feed";
	/* single files may be in different folders */
	return slash ? arena_string(world->arena, span_from(file, (size_t)(slash - file))) : ".";
}

/* The name of PACKAGE's build for messages; NULL if nothing in it depends
 * on a kernel. */
static const char *build_name(const struct world *world, const struct package *package,
			      bool *ret_hashed)
{
	struct abi abi = package_own_abi(world->arena, package);

	*ret_hashed = abi.hash != NULL;
	if (abi.hash)
		return arena_format(world->arena, "kernel abi %s", abi_text(world->arena, &abi));
	if (abi.version)
		return arena_format(world->arena, "kernel %s without a hash, in %s", abi.version,
				    world_origin(world, package));
	return package->modules.count > 0
		       ? arena_format(world->arena, "the modules of %s that name no kernel abi",
				      world_origin(world, package))
		       : NULL;
}

void world_builds(struct world *world)
{
	struct map numbers = {0};
	struct {
		struct side *list;
		size_t count, room;
	} sides = {0};

	*array_add(world->arena, &sides) = (struct side){.name = "no kernel"};
	array_each(member, &world->members) {
		bool hashed;
		const char *name = build_name(world, member->package, &hashed);

		if (!name)
			continue;
		member->build = map_put(&numbers, world->arena, name, (uint32_t)sides.count);
		if (member->build == sides.count)
			*array_add(world->arena, &sides) =
				(struct side){.name = name, .hashed = hashed};
	}
	world->sides = sides.list;
	world->side_count = (uint32_t)sides.count;
}

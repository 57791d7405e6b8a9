/* SPDX-License-Identifier: ISC */
/* Assigns each config found to the build it belongs to: by hash, by the directory it
 * lies in, by configs.ko, or by --feed-config. */
#include "facts/world/world_parts.h"

#include <string.h>

enum { NAMED_MOST = 3 };

static bool any_hash(const struct world *world, const struct config *config)
{
	for (uint32_t i = 0; i < world->side_count; i++)
		if (config_hash(config, world->sides[i].abi) == HASH_AGREES)
			return true;
	return false;
}

static const char *by_hash(struct world *world, const struct config *config)
{
	return arena_format(world->arena, "%s hashes to the kernel abi that they name",
			    config->witness);
}

/* Ties the config of --feed-config to the build whose hash it has, or to
 * the only build. */
static void ties_given(struct world *world)
{
	const struct config *config = world->feed_config;
	struct strings builds = {0}; /* to which it may belong */
	bool hashed = any_hash(world, config);

	array_each(member, &world->members)
		if (world->sides[member->build].bearing)
			*array_add(world->arena, &builds) = world->sides[member->build].name;
	strings_unique(&builds);

	for (uint32_t i = 1; i < world->side_count; i++) {
		struct side *side = &world->sides[i];

		if (config_hash(config, side->abi) == HASH_AGREES) {
			tie_offer(world->arena, &side->tie, config, TIED_HASH,
				  by_hash(world, config));
		} else if (!hashed && builds.count == 1) {
			tie_offer(world->arena, &side->tie, config, TIED_GIVEN,
				  arena_format(world->arena,
					       "%s was given for the only build in the feeds",
					       config->witness));
		} else if (!side->tie.config) {
			side->tie.claim = hashed ? NULL : config;
			side->tie.how =
				arena_format(world->arena,
					     hashed ? "%s, given for the feeds, is from another "
						      "build according to its hash"
						    : "%s was given for the feeds, which contain "
						      "packages from %zu builds (%s), and nothing "
						      "shows which build it belongs to",
					     config->witness, builds.count,
					     strings_join(world->arena, &builds, NAMED_MOST));
		}
	}
}

/* What a feed contains, relative to the config in its tree. */
struct tree {
	bool *here; /* by build: the feed contains a package of it */
	bool *outside; /* by build: a package of it is outside the config's directory */
	size_t pinned; /* the number of builds in the feed that name a kernel */
};

static struct tree tree_of(struct world *world, size_t feed, const struct config *config)
{
	struct tree tree = {
		.here = arena_get(world->arena, world->side_count * sizeof *tree.here),
		.outside = arena_get(world->arena, world->side_count * sizeof *tree.outside)};
	const char *source = world->feeds->list[feed].source, *witness = config->witness;
	const char *slash = strrchr(witness, '/');
	size_t size = strlen(source), folder = slash ? (size_t)(slash - witness) : 0;

	while (size > 1 && source[size - 1] == '/')
		size--;

	bool below = folder > size; /* the config's directory is below the feed's own */

	array_each(member, &world->members) {
		const struct side *side = &world->sides[member->build];
		const char *file = member->package->file;

		if (member->package->feed != feed)
			continue;
		tree.pinned += side->abi && side->bearing && !tree.here[member->build];
		tree.here[member->build] = true;
		if (!below || !file || strncmp(file, witness, folder + 1) != 0)
			tree.outside[member->build] = true;
	}
	return tree;
}

/* A tree normally makes one build. If it contains packages of several, or modules
 * without an abi beside packages with one, only the hash or the kernel's own directory
 * ties the config. */
static void ties_tree(struct world *world, size_t feed, const struct config *config)
{
	const char *source = world->feeds->list[feed].source;
	struct tree tree = tree_of(world, feed, config);
	bool hashed = any_hash(world, config);

	for (uint32_t i = 1; i < world->side_count; i++) {
		struct side *side = &world->sides[i];
		bool alone = side->abi ? tree.pinned == 1 && !hashed
				       : tree.pinned == 0 || !tree.outside[i];

		if (config_hash(config, side->abi) == HASH_AGREES)
			tie_offer(world->arena, &side->tie, config, TIED_HASH,
				  by_hash(world, config));
		else if (tree.here[i] && alone)
			tie_offer(world->arena, &side->tie, config, TIED_TREE,
				  arena_format(world->arena, "%s is in the tree that contains them",
					       config->witness));
		else if (tree.here[i] && !side->tie.config && !side->tie.how)
			side->tie.how =
				arena_format(world->arena,
					     "%s is in %s, which contains packages from several "
					     "builds, and nothing shows which build it belongs to",
					     config->witness, source);
	}
}

/* A configs.ko is tied to the build of its package. If that names no kernel, it counts
 * only if no package of the feed names one. */
static void ties_package(struct world *world)
{
	/* by feed: whether a package in it depends on a kernel */
	bool *pinned = arena_get(world->arena, (world->feeds->count + 1) * sizeof *pinned);

	array_each(member, &world->members) {
		const struct side *side = &world->sides[member->build];

		pinned[member->package->feed] |= side->abi && side->bearing;
	}
	array_each(member, &world->members) {
		const struct package *package = member->package;
		struct side *side = &world->sides[member->build];

		if (!package->config || (!side->abi && pinned[package->feed]))
			continue;
		bool hashed = config_hash(package->config, side->abi) == HASH_AGREES;
		tie_offer(world->arena, &side->tie, package->config,
			  hashed ? TIED_HASH : TIED_PACKAGE,
			  hashed ? by_hash(world, package->config)
				 : arena_format(world->arena, "%s contains it", package->file));
	}
}

/* Why packages without a hash are from several builds, so that no config belongs to all
 * of them; NULL if nothing shows it. */
static const char *several_builds(struct arena *arena, const struct side *side)
{
	if (side->hashed)
		return NULL;
	if (side->vermagics.count > 1)
		return arena_format(arena,
				    "they are from several builds: vermagic is \"%s\" and \"%s\"",
				    side->vermagics.list[0], side->vermagics.list[1]);
	if (side->releases.count > 1)
		return arena_format(arena, "they are from several builds: modules of %s",
				    strings_join(arena, &side->releases, NAMED_MOST));
	if (side->triples.count > 1)
		return "they are from several builds: struct module has different layouts";
	return side->doubled ? arena_format(arena,
					    "they are from several builds: module %s occurs twice "
					    "with different code",
					    side->doubled)
			     : NULL;
}

bool world_feeds_configured(const struct world *world)
{
	for (size_t i = 0; i < world->feeds->count; i++)
		if (world->tree_configs[i])
			return true;
	return world->feed_config ||
	       array_any(member, &world->members, member->package->config != NULL);
}

void world_ties(struct world *world)
{
	ties_package(world);
	if (world->feed_config)
		ties_given(world);
	for (size_t i = 0; i < world->feeds->count; i++)
		if (world->tree_configs[i])
			ties_tree(world, i, world->tree_configs[i]);
	for (uint32_t i = 1; i < world->side_count; i++) {
		struct side *side = &world->sides[i];
		const char *several = side->tie.config ? several_builds(world->arena, side) : NULL;

		if (several)
			*array_add(world->arena, &side->tie.against) = several;
	}
}

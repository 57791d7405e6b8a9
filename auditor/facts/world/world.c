/* SPDX-License-Identifier: ISC */
/* Makes the world from image and feeds: orders packages, groups them by kernel abi,
 * indexes names, symbols, modules and files, and decides who sees whom. */
#include "facts/world/world_parts.h"
#include "facts/package/package_file.h"

#include <string.h>

/* Of equal packages in one feed opkg takes the last row (libopkg/pkg_vec.c,
 * pkg_vec_insert_merge); a folder without an index gets its rows in the order of the paths
 * (OpenWrt scripts/ipkg-make-index.sh). apk takes the first row (src/solver.c, select_package:
 * another one must be better). */
static int row_compare(const struct package *left, const struct package *right)
{
	int order = package_compare(left, right);

	if (left->pkg || right->pkg || left->feed != right->feed)
		return order;
	if (left->row != right->row && (left->row == 0 || right->row == 0))
		return left->row ? -1 : 1;
	if (left->row != right->row)
		order = left->row < right->row ? -1 : 1;
	return left->apk || left->origin == PACKAGE_BARE_MODULE ? order : -order;
}

static int member_compare(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = strcmp(left->package->name, right->package->name);

	if (!order)
		order = package_versions(left->package, right->package);
	if (order)
		return order;
	if (left->priority != right->priority)
		return left->priority > right->priority ? -1 : 1;
	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	order = row_compare(left->package, right->package);
	return order ? order : (left->package > right->package) - (left->package < right->package);
}

static const char *group_key(struct arena *arena, const struct abi *abi)
{
	return arena_format(arena, "%s %s", abi->version, abi->hash ? abi->hash : "");
}

static void members_group(struct world *world)
{
	struct map groups = {0};
	uint32_t next = GROUP_FIRST;

	array_each(member, &world->members) {
		struct abi abi = package_own_abi(world->arena, member->package);

		if (!abi.version)
			continue;
		member->group = map_put(&groups, world->arena, group_key(world->arena, &abi), next);
		next += member->group == next;
	}
	world->image_group = GROUP_ALL;
	if (world->image->abi.version) {
		uint32_t group = map_get(&groups, group_key(world->arena, &world->image->abi));

		world->image_group = group == MAP_NONE ? GROUP_NOBODY : group;
	}
}

/* True if the package manager may choose OTHER instead of MEMBER: OTHER is for the same
 * kernel abi or for none, or MEMBER is for none and OTHER for the image's. */
static bool stands_beside(const struct world *world, const struct member *member,
			  const struct member *other)
{
	return other->group == member->group || other->group == GROUP_NONE ||
	       (member->group == GROUP_NONE && other->group == world->image_group);
}

/* Members are sorted by name, then rising version. */
static void members_supersede(struct world *world)
{
	for (size_t i = 0; i < world->members.count; i++) {
		struct member *member = &world->members.list[i];

		for (size_t j = i + 1; j < world->members.count && !member->superseded; j++) {
			const struct member *other = &world->members.list[j];

			if (strcmp(other->package->name, member->package->name) != 0)
				break;
			member->superseded = stands_beside(world, member, other) &&
					     !other->package->problem &&
					     !world_ignored(world, other->package) &&
					     package_versions(other->package, member->package) > 0;
		}
	}
}

static void members_collect(struct world *world)
{
	const struct feeds *feeds = world->feeds;

	/* apk takes the package of the first feed. To opkg each index replaces equal
	 * packages of those before it (libopkg/pkg_vec.c, pkg_vec_insert_merge), and of
	 * equal versions it takes the architecture with the highest priority
	 * (pkg_hash.c); a file is installed as it is */
	array_each(feed, feeds)
		array_each(package, &feed->packages) {
			struct member *member = array_add(world->arena, &world->members);
			bool listed = feeds->list[package->feed].has_index && !package->apk &&
				      !package->pkg;

			member->package = package;
			member->rank = (uint32_t)(listed ? 2 * feeds->count - package->feed
							 : package->feed);
			member->priority = UINT32_MAX;
			if (listed && package->architecture)
				member->priority = map_get(&world->image->arch_priorities,
							   package->architecture);
			if (listed && member->priority == MAP_NONE)
				member->priority = 0;
		}
	array_sort(&world->members, member_compare);
	world->places = arena_get(world->arena, (feeds->count + 1) * sizeof *world->places);
	for (size_t i = 0; i < feeds->count; i++)
		world->places[i] = arena_get(world->arena, (feeds->list[i].packages.count + 1) *
								   sizeof **world->places);
	for (size_t i = 0; i < world->members.count; i++) {
		const struct package *package = world->members.list[i].package;

		world->places[package->feed][package - feeds->list[package->feed].packages.list] =
			(uint32_t)i;
	}
}

static void export_add(struct world *world, const struct export *export,
		       const struct module *module, uint32_t who)
{
	struct provider *provider = arena_new(world->arena, struct provider);

	provider->export = export;
	provider->module = module;
	provider->package = who < world->members.count ? world->members.list[who].package : NULL;
	chains_add(&world->symbols, world->arena, export->name, who, provider);
}

static void module_add(struct world *world, const struct module *module, uint32_t who)
{
	chains_add(&world->modules, world->arena, module->name, who, module);
	world->proprietary |= !module->problem && !license_is_gpl(module->modinfo.license);
	array_each(export, &module->exports)
		export_add(world, export, module, who);
}

static void names_add(struct world *world, struct chains *names, const struct package *package,
		      uint32_t who)
{
	chains_add(names, world->arena, package->name, who, package);
	array_each(formula, &package->provides)
		array_each(provided, formula)
			if (strcmp(provided->name, package->name) != 0)
				chains_add(names, world->arena, provided->name, who, package);
}

static void image_add(struct world *world)
{
	const struct image *image = world->image;

	world->installed = image->database_known ? image->packages : image->manifest;
	if (image->kernel)
		array_each(export, &image->kernel->exports.table)
			export_add(world, export, NULL, WHO_KERNEL);
	/* those that the running kernel can load: for its machine, and in the directory
	 * of its release, if in one for a release */
	array_each(module, &image->modules) {
		struct span release = release_of_path(module->path);
		bool loadable = !image->release.value || release.size == 0 ||
				span_is(release, image->release.value);

		if (loadable && !module->problem && machine_fits(image->machine, module->machine))
			module_add(world, module, WHO_IMAGE);
	}
	array_each(package, &world->installed) {
		names_add(world, &world->installed_names, package, WHO_IMAGE);
		array_each(file, &package->files)
			chains_add(&world->files, world->arena, *file, WHO_IMAGE, package);
	}
}

static void members_add(struct world *world)
{
	for (uint32_t who = 0; who < world->members.count; who++) {
		const struct package *package = world->members.list[who].package;

		names_add(world, &world->names, package, who);
		if (package->loader_rules.count > 0 || package->modules_disabled)
			*array_add(world->arena, &world->ordering) = package;
		array_each(module, &package->modules)
			module_add(world, module, who);
		array_each(file, &package->files)
			chains_add(&world->files, world->arena, *file, who, package);
	}
}

/* FEEDS as a kernel of RELEASE (NULL: unknown) meets them: a module that a package
 * has for this release and for another one is there once. Where that changes
 * nothing, FEEDS themselves. */
static const struct feeds *feeds_running(struct arena *arena, const struct feeds *feeds,
					 const char *release)
{
	struct feeds *copy = NULL;

	for (size_t i = 0; release && i < feeds->count; i++) {
		if (!array_any(package, &feeds->list[i].packages,
			       package_has_idle(package, release)))
			continue;
		if (!copy) {
			copy = arena_new(arena, struct feeds);
			*copy = *feeds;
			copy->list = arena_get(arena, feeds->count * sizeof *copy->list);
			memcpy(copy->list, feeds->list, feeds->count * sizeof *copy->list);
		}

		struct packages *packages = &copy->list[i].packages;
		struct package *list = arena_get(arena, packages->count * sizeof *list);

		memcpy(list, packages->list, packages->count * sizeof *list);
		packages->list = list;
		array_each(package, packages)
			if (package_has_idle(package, release))
				package_idle_drop(arena, package, release);
	}
	return copy ? copy : feeds;
}

struct world *world_new(struct arena *arena, const struct image *image, const struct feeds *feeds,
			const struct kernel_exports *feed_symvers, const struct config *feed_config)
{
	struct world *world = arena_new(arena, struct world);

	world->arena = arena;
	world->image = image;
	world->feeds = feeds_running(arena, feeds, image->release.value);
	world->feed_symvers = feed_symvers;
	world->feed_config = feed_config;
	world->tree_configs = arena_get(arena, (feeds->count + 1) * sizeof *world->tree_configs);
	members_collect(world);
	members_group(world);
	world_declarers(world);
	image_add(world);
	world_words(world);
	members_supersede(world);
	members_add(world);
	world_builds(world);
	world_shown(world);
	world_relate(world);
	world_link(world);
	if (image->loader == LOADER_LINUX)
		world_circles(world);
	return world;
}

const struct image *world_image(const struct world *world)
{
	return world->image;
}

const struct feeds *world_feeds(const struct world *world)
{
	return world->feeds;
}

const struct kernel_exports *world_feed_symvers(const struct world *world)
{
	return world->feed_symvers;
}

size_t world_count(const struct world *world)
{
	return world->members.count;
}

const struct package *world_package(const struct world *world, size_t index)
{
	return world->members.list[index].package;
}

size_t world_index(const struct world *world, const struct package *package)
{
	return world
		->places[package->feed][package - world->feeds->list[package->feed].packages.list];
}

struct span_indexes world_needed(const struct world *world, size_t index)
{
	const struct member *member = &world->members.list[index];

	return (struct span_indexes){array_from(&world->needs, member->needs), member->need_count};
}

bool world_offered(const struct world *world, const struct package *package)
{
	const struct feed *feed = &world->feeds->list[package->feed];

	if (package->origin == PACKAGE_BARE_MODULE || package->problem)
		return false;
	/* packages given as files are available; but the package "kernel", which
	 * indexes omit on purpose, is not found by its name */
	return package->listed || package->origin == PACKAGE_INDEX_ROW || !feed->has_index ||
	       strcmp(package->name, "kernel") != 0;
}

/* Of equal versions the first is chosen: see member_compare. */
bool world_chosen(const struct world *world, size_t index)
{
	const struct member *list = world->members.list, *member = &list[index];

	if (member->superseded)
		return false;
	for (size_t i = index;
	     i > 0 && strcmp(list[i - 1].package->name, member->package->name) == 0; i--)
		if (stands_beside(world, member, &list[i - 1]) && !list[i - 1].package->problem &&
		    !world_ignored(world, list[i - 1].package) &&
		    package_versions(list[i - 1].package, member->package) == 0)
			return false;
	return true;
}

bool world_sees(const struct world *world, const struct package *package, uint32_t who)
{
	uint32_t own = world->members.list[world_index(world, package)].group;
	uint32_t other = world->members.list[who].group;

	if (own == GROUP_NONE)
		own = world->image_group;
	return other == GROUP_NONE || own == GROUP_ALL || own == other;
}

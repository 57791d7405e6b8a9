/* SPDX-License-Identifier: ISC */
/* Finds out whether image and package were built from the same sources: official builds
 * of one release, the same revision, the same date, equal modules. */
#include "facts/world/world_sets.h"
#include "facts/kernel/banner.h"
#include "facts/world/world_parts.h"

#include <string.h>

const char *const sources_name[] = {"not known", "official", "revision", "stamp", "twins"};

/* Of modules on both sides so many in a hundred must be equal, as for
 * the proof twins. */
enum { EQUAL_LEAST = 90 };

static struct banner image_banner(struct arena *arena, const struct world *world)
{
	const struct kernel *kernel = world->image->kernel;

	return banner_parts(arena, kernel ? kernel->banner.value : NULL);
}

/* ---- official builds ---- */

/* The one release and target that the image's hash and facts leave; NULL:
 * none, or several. */
static const struct official *official_one(const struct image *image, const struct known_set *set)
{
	const char *distribution = image->distribution_release.value;
	const char *kernel = image->release.value;
	const struct official *one = NULL;

	if (!set)
		return NULL;
	array_each(build, &set->officials) {
		if ((distribution && strcmp(distribution, build->release) != 0) ||
		    (kernel && *build->kernel && strcmp(kernel, build->kernel) != 0))
			continue;
		if (one)
			return NULL;
		one = build;
	}
	return one;
}

static bool official_same(struct arena *arena, const struct world *world, const struct side *side,
			  struct sources *ret)
{
	const struct image *image = world->image;
	const struct known_set *own = world_set(world, image->abi.hash);
	const struct known_set *other = side->abi ? world_set(world, side->abi->hash) : NULL;
	const struct official *a = official_one(image, own), *b = official_one(image, other);
	struct banner banner = image_banner(arena, world);

	if (!a || !b || strcmp(a->release, b->release) != 0 || strcmp(a->target, b->target) != 0 ||
	    !banner.builder || strcmp(banner.builder, "builder@buildhost") != 0)
		return false;
	ret->by = SOURCES_OFFICIAL;
	ret->how = arena_format(arena, "both are official builds of OpenWrt %s for %s", a->release,
				a->target);
	ret->witness[0] = image->abi.witness;
	ret->witness[1] = side->abi->witness;
	return true;
}

/* ---- revisions ---- */

/* The revision that the image states, else that of the compiler of its kernel. TORN:
 * they differ, and so nothing is known: the kernel may be from another tree than the
 * rest. */
static struct fact image_revision(struct arena *arena, const struct world *world, bool *ret_torn)
{
	const struct image *image = world->image;
	struct banner banner = image_banner(arena, world);

	*ret_torn = banner.revision && image->revision.value && image->revision.value[0] == 'r' &&
		    strncmp(banner.revision, image->revision.value, strlen(banner.revision)) != 0;
	if (image->revision.value && image->revision.value[0] == 'r')
		return image->revision;
	return (struct fact){banner.revision, image->kernel ? image->kernel->banner.witness : NULL};
}

const char *world_revision_torn(struct arena *arena, const struct world *world)
{
	bool torn;
	struct fact own = image_revision(arena, world, &torn);

	return torn ? arena_format(arena,
				   "the image says revision %s, but the compiler of its kernel is "
				   "of %s",
				   own.value, image_banner(arena, world).revision)
		    : NULL;
}

/* version.buildinfo speaks for the only build that its directory holds. */
static struct fact package_revision(const struct world *world, const struct package *package)
{
	const struct feed *feed = &world->feeds->list[package->feed];
	const struct side *own = world_side(world, package);

	if (!feed->revision.value)
		return feed->revision;
	array_each(member, &world->members) {
		const struct side *side = &world->sides[member->build];

		if (member->package->feed == package->feed && side != own && side->abi &&
		    side->bearing)
			return (struct fact){0};
	}
	return feed->revision;
}

/* "r0-12345678" names a commit by seven or more digits of its hash. */
static bool is_commit(const char *revision)
{
	const char *dash = revision ? strrchr(revision, '-') : NULL;

	return dash && strspn(dash + 1, "0123456789abcdef") >= 7 &&
	       dash[1 + strspn(dash + 1, "0123456789abcdef")] == '\0';
}

static bool revision_same(struct arena *arena, const struct world *world,
			  const struct package *package, struct sources *ret)
{
	bool torn;
	struct fact own = image_revision(arena, world, &torn);
	struct fact other = package_revision(world, package);

	if (torn || !is_commit(own.value) || !other.value || strcmp(own.value, other.value) != 0)
		return false;
	*ret = (struct sources){SOURCES_REVISION,
				arena_format(arena,
					     own.value == world->image->revision.value
						     ? "both are of OpenWrt revision %s"
						     : "the compiler of the image's kernel and "
						       "the feed are of OpenWrt revision %s",
					     own.value),
				{own.witness, other.witness}};
	return true;
}

/* ---- targets ---- */

static bool targets_have(const struct known_set *set, const char *target)
{
	array_each(build, &set->officials)
		if (strcmp(build->target, target) == 0)
			return true;
	return set->target && strcmp(set->target, target) == 0;
}

/* Each target has patches and numbers of its own, in one revision: a clause; NULL: both
 * may be of one target. */
static const char *targets_differ(struct arena *arena, const struct world *world,
				  const struct package *package)
{
	const struct known_set *a = world_set(world, world->image->abi.hash);
	const struct known_set *b = world_set(world, package->abi.hash);

	if (!a || !b || !a->target || !b->target || targets_have(b, a->target))
		return NULL;
	array_each(build, &a->officials)
		if (targets_have(b, build->target))
			return NULL;
	return arena_format(arena,
			    "the hash of the image is one of target %s, that of the package of %s",
			    a->target, b->target);
}

/* ---- the date ---- */

static bool stamp_same(struct arena *arena, const struct world *world,
		       const struct package *package, struct sources *ret)
{
	struct banner banner = image_banner(arena, world);

	if (banner.date == 0 || package->stamp.first != banner.date ||
	    package->stamp.last != banner.date)
		return false;
	*ret = (struct sources){SOURCES_STAMP,
				arena_format(arena,
					     "the kernel and all files of the package are of %s",
					     date_text(arena, banner.date)),
				{world->image->kernel->banner.witness, package->witness}};
	return true;
}

/* ---- equal modules ---- */

/* True if every symbol that PACKAGE imports from the kernel is in COVERED: an equal
 * module of both sides imports it, too. */
static bool imports_covered(const struct world *world, const struct package *package,
			    const struct map *covered)
{
	array_each(module, &package->modules)
		array_each(import, &module->imports) {
			struct provider provider;

			if (strcmp(import->name, "module_layout") == 0 ||
			    (world_import(world, package, module, import->name, &provider) &&
			     provider.module))
				continue;
			if (map_get(covered, import->name) == MAP_NONE)
				return false;
		}
	return true;
}

static bool twins_same(struct arena *arena, const struct world *world,
		       const struct package *package, struct sources *ret)
{
	const struct side *side = world_side(world, package);
	bool image = side->twins.count > 0;
	const struct twins *twins = image ? &side->twins : &side->relatives;

	if (twins->equal == 0 || twins->equal * 100 < twins->count * EQUAL_LEAST ||
	    array_any(module, &package->modules, strings_have(&twins->differing, module->name)) ||
	    !imports_covered(world, package, image ? &side->covered : &side->relatives_covered))
		return false;
	*ret = (struct sources){
		SOURCES_TWINS,
		arena_format(arena,
			     "%zu of %zu modules that %s also has are equal and import all of its "
			     "kernel symbols",
			     twins->equal, twins->count,
			     image ? "the image" : "the feed of the image's own kernel abi"),
		{NULL, package->witness}};
	return true;
}

/* ---- all of it ---- */

struct sources world_sources(struct arena *arena, const struct world *world,
			     const struct package *package)
{
	struct sources sources = {0};
	struct sources_difference difference;
	bool torn, differ = world_sources_differ(arena, world, package, &difference);
	struct fact own = image_revision(arena, world, &torn);
	struct fact other = package_revision(world, package);
	const char *targets = targets_differ(arena, world, package);

	if (!torn && (!differ || difference.by_date) && !targets &&
	    (official_same(arena, world, world_side(world, package), &sources) ||
	     revision_same(arena, world, package, &sources) ||
	     stamp_same(arena, world, package, &sources)))
		return sources;
	if (twins_same(arena, world, package, &sources))
		return sources;
	if (targets)
		sources.how = targets;
	else if (torn)
		sources.how = world_revision_torn(arena, world);
	else if (differ)
		sources.how = arena_format(arena, "%s of the image is %s, that of the package %s",
					   difference.what, difference.image, difference.package);
	else
		sources.how = arena_format(
			arena, "%s not known, and no modules are equal on both sides",
			own.value && !other.value ? "the OpenWrt revision of the package is"
			: other.value		  ? "the OpenWrt revision of the image is"
						  : "the OpenWrt revisions of both are");
	return sources;
}

/* True if the date of PACKAGE is that of most packages of its build: a tool set it. Where
 * each package has a date of its own, it is the second in which it was packed. */
static bool stamp_shared(const struct world *world, const struct package *package)
{
	const struct side *own = world_side(world, package);
	size_t dated = 0, same = 0;

	array_each(member, &world->members) {
		const struct stamp *stamp = &member->package->stamp;

		if (&world->sides[member->build] != own || stamp->first == 0)
			continue;
		dated++;
		same += stamp->first == package->stamp.first && stamp->last == stamp->first;
	}
	return same * 2 > dated;
}

bool world_sources_differ(struct arena *arena, const struct world *world,
			  const struct package *package, struct sources_difference *ret)
{
	struct banner banner = image_banner(arena, world);
	bool torn;
	struct fact own = image_revision(arena, world, &torn);
	struct fact other = package_revision(world, package);

	if (!torn && is_commit(own.value) && is_commit(other.value) &&
	    strcmp(own.value, other.value) != 0) {
		*ret = (struct sources_difference){"the OpenWrt revision",
						   own.value,
						   other.value,
						   {own.witness, other.witness},
						   false};
		return true;
	}
	/* a package with different dates inside shows nothing; a build that sets all
	 * dates gives them one value */
	if (banner.date == 0 || package->stamp.first == 0 ||
	    package->stamp.first != package->stamp.last || package->stamp.first == banner.date ||
	    !stamp_shared(world, package))
		return false;
	*ret = (struct sources_difference){"the date",
					   date_text(arena, banner.date),
					   date_text(arena, package->stamp.first),
					   {world->image->kernel->banner.witness, package->witness},
					   true};
	return true;
}

/* ---- modules of the feeds that are the image's own by their abi ---- */

static const struct module *relative_of(const struct world *world, const struct module *module)
{
	for (const struct link *link = chains_first(&world->modules, module->name); link;
	     link = chains_next(&world->modules, link)) {
		const struct module *other = link->what;
		const struct abi *abi =
			link->who < world->members.count
				? world->sides[world->members.list[link->who].build].abi
				: NULL;

		if (abi && abi_equal(abi, &world->image->abi) && !other->problem && other->digested)
			return other;
	}
	return NULL;
}

bool world_module_native(const struct world *world, const struct module *module)
{
	const struct module *twin = world_twin(world, module);

	if (module->problem || !module->digested)
		return false;
	if (twin)
		return !twin->problem && twin->digested && image_module_runs(world->image, twin) &&
		       sha256_equal(&twin->sections, &module->sections);
	twin = relative_of(world, module);
	return twin && sha256_equal(&twin->sections, &module->sections);
}

/* An image of which only the kernel is there has no modules to compare with. */
void world_relatives(struct world *world)
{
	if (world->image->modules.count > 0 || !world->image->abi.hash)
		return;
	array_each(member, &world->members) {
		struct side *side = &world->sides[member->build];

		array_each(module, &member->package->modules) {
			const struct module *other = module->problem || !module->digested
							     ? NULL
							     : relative_of(world, module);

			if (!other || other == module)
				continue;
			side->relatives.count++;
			if (!sha256_equal(&other->sections, &module->sections)) {
				*array_add(world->arena, &side->relatives.differing) = module->name;
				continue;
			}
			side->relatives.equal++;
			array_each(import, &module->imports)
				map_put(&side->relatives_covered, world->arena, import->name, 1);
		}
	}
	for (uint32_t i = 0; i < world->side_count; i++)
		strings_unique(&world->sides[i].relatives.differing);
}

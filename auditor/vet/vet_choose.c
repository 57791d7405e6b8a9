/* SPDX-License-Identifier: ISC */
/* Chooses the packages of a vetted feed: those that the audit would install, and those
 * that the policy names. */
#include "vet/vet.h"

#include "base/map.h"
#include "base/text.h"
#include "facts/package/package_file.h"
#include "verdict/kept.h"

#include <string.h>

static int result_compare(const void *key, const void *element)
{
	const struct result *result = element;

	return package_compare(key, result->package);
}

/* The results are sorted by package_compare(). */
static const struct result *result_of(const struct verdicts *verdicts,
				      const struct package *package)
{
	const struct results *results = &verdicts->results;

	return results->count ? bsearch(package, results->list, results->count,
					sizeof *results->list, result_compare)
			      : NULL;
}

/* Package name -> index of the package that the package manager takes. */
static struct map chosen_map(struct arena *arena, const struct world *world)
{
	struct map map = {0};

	for (size_t i = 0; i < world_count(world); i++)
		if (world_chosen(world, i))
			map_put(&map, arena, world_package(world, i)->name, (uint32_t)i);
	return map;
}

static void leave_out(struct vetting *vetting, const char *name, const char *why)
{
	array_each(left, &vetting->left)
		if (strcmp(left->name, name) == 0)
			return;
	*array_add(vetting->arena, &vetting->left) = (struct left_out){name, why};
}

static void include(struct vetting *vetting, const struct package *package, bool unproven)
{
	const char *why = package->problem ? package->problem : package->crash;

	if (package->origin == PACKAGE_BARE_MODULE)
		why = "it is a module without a package, which no package manager can install";
	else if (package->origin != PACKAGE_FILE)
		why = "only the row of an index was read, not its file";
	if (why) {
		leave_out(vetting, package->name, why);
		return;
	}
	*array_add(vetting->arena, &vetting->packages) =
		(struct vetted_package){.package = package,
					.result = result_of(vetting->verdicts, package),
					.unproven = unproven};
}

static const struct package *package_of(const struct vetting *vetting, const struct map *chosen,
					const char *name)
{
	uint32_t at = map_get(chosen, name);

	return at == MAP_NONE ? NULL : world_package(vetting->verdicts->world, at);
}

/* Why a package must be removed that needs NAME; NULL: it need not. NAME is not in the
 * vetted feed; PACKAGE is its package in the feeds, or NULL. A package that is
 * unrelated to modules may be in the image, where opkg checks it; what the image has is
 * there. */
static const char *need_absent(const struct vetting *vetting, const struct package *package,
			       const char *name)
{
	const struct world *world = vetting->verdicts->world;
	const struct result *result = package ? result_of(vetting->verdicts, package) : NULL;

	if (package && !world_related(world, package))
		return NULL;
	if (result && kept_is_same(world, package, result->holds))
		return NULL;
	if (package && world_kept(world, package))
		return kept_need_text(vetting->arena, world, package);
	return arena_format(vetting->arena, "it needs %s, which is not in the feed", name);
}

/* Why ONE must be removed, or NULL: a package that it needs is not in the feed, or
 * comes from another build. */
static const char *need_lacks(const struct vetting *vetting, const struct map *chosen,
			      const struct map *members, const struct vetted_package *one)
{
	if (!one->result)
		return NULL;
	array_each(need, &one->result->needs) {
		const struct package *package = package_of(vetting, chosen, *need);
		uint32_t at = map_get(members, *need);

		if (at == MAP_NONE) {
			const char *why = need_absent(vetting, package, *need);

			if (why)
				return why;
			continue;
		}
		package = vetting->packages.list[at].package;
		if (one->package->abi.hash && package->abi.hash &&
		    !abi_equal(&one->package->abi, &package->abi))
			return arena_format(vetting->arena,
					    "it needs %s of its own build, and the feed has it of "
					    "kernel abi %s",
					    *need, package->abi.hash);
	}
	return NULL;
}

/* Adds the name of RESULT's package, and of everything that it needs. */
static void wanted_add(struct arena *arena, const struct verdicts *verdicts,
		       const struct result *result, struct map *wanted)
{
	struct strings needs = verdicts_closure(arena, verdicts, result);

	map_put(wanted, arena, result->package->name, 1);
	array_each(need, &needs)
		map_put(wanted, arena, *need, 1);
}

/* Leaves out the packages with unmet needs. True if there was one. */
static bool unmet_leave_out(struct vetting *vetting, const struct map *chosen)
{
	struct arena arena _cleanup_arena_ = {0};
	const struct vetted_packages all = vetting->packages;
	struct vetted_packages kept = {0};
	struct map members = {0};

	for (size_t i = 0; i < all.count; i++)
		map_put(&members, &arena, all.list[i].package->name, (uint32_t)i);
	array_each(one, &all) {
		const char *why = need_lacks(vetting, chosen, &members, one);

		if (why)
			leave_out(vetting, one->package->name, why);
		else
			*array_add(vetting->arena, &kept) = *one;
	}
	vetting->packages = kept;
	return kept.count < all.count;
}

/* Leaves out packages with unmet needs until there are none, and what only they
 * needed. With --only: keeps the packages that it names, and what these need. */
static void packages_prune(struct vetting *vetting, const struct map *chosen)
{
	struct arena arena _cleanup_arena_ = {0};
	struct map wanted = {0};

	while (unmet_leave_out(vetting, chosen))
		;
	if (vetting->only->count == 0)
		return;
	array_each(one, &vetting->packages)
		if (one->result && globs_fit(vetting->only, one->package->name))
			wanted_add(&arena, vetting->verdicts, one->result, &wanted);
	array_drop(one, &vetting->packages, map_get(&wanted, one->package->name) == MAP_NONE);
}

void vet_leave_out(struct vetting *vetting, const char *name, const char *why)
{
	struct arena arena _cleanup_arena_ = {0};
	struct map chosen = chosen_map(&arena, vetting->verdicts->world);
	struct vetted_packages *packages = &vetting->packages;

	for (size_t i = 0; i < packages->count; i++) {
		if (strcmp(packages->list[i].package->name, name) != 0)
			continue;
		leave_out(vetting, name, why);
		packages->count--;
		memmove(packages->list + i, packages->list + i + 1,
			(packages->count - i) * sizeof *packages->list);
		break;
	}
	packages_prune(vetting, &chosen);
}

/* Orders wanted packages of one name: safe first, then the one that the package manager
 * would take, then the newest. */
static bool is_better(const struct vetting *vetting, const struct result *old,
		      const struct result *new)
{
	const struct world *world = vetting->verdicts->world;
	bool old_chosen = world_chosen(world, world_index(world, old->package));
	bool new_chosen = world_chosen(world, world_index(world, new->package));

	if (old->verdict != new->verdict)
		return new->verdict == VERDICT_SAFE;
	if (old_chosen != new_chosen)
		return new_chosen;
	return package_versions(old->package, new->package) < 0;
}

/* True if the package cannot be installed together with another package that is asked
 * for. A conflict with another version of itself does not count: the feed has only one
 * version. */
static bool is_excluded(const struct verdicts *verdicts, const char *name)
{
	return array_any(excluded, &verdicts->excluded,
			 strcmp(excluded->package, name) == 0 && strcmp(excluded->with, name) != 0);
}

static bool is_asked(const struct map *asked, const char *name)
{
	return !asked || map_get(asked, name) != MAP_NONE;
}

/* Packages that could not be read are named, because nobody knows whether
 * they would fit. */
static void leave_out_unread(struct vetting *vetting, const struct map *asked)
{
	array_each(result, &vetting->verdicts->results) {
		const struct package *package = result->package;

		if (package->problem && is_asked(asked, package->name) &&
		    !array_any(one, &vetting->packages,
			       strcmp(one->package->name, package->name) == 0))
			leave_out(vetting, package->name,
				  package->old_apk
					  ? arena_format(vetting->arena,
							 "%s; vet cannot write it: build it with "
							 "apk-tools 3 (apk mkpkg)",
							 package->problem)
					  : package->problem);
	}
}

/* Names what --only names and the feed lacks because it is not safe. */
static void leave_out_unsafe(struct vetting *vetting)
{
	array_each(result, &vetting->verdicts->results) {
		const char *name = result->package->name;
		const struct finding *why = result->deciding;

		if (result->verdict < VERDICT_UNPROVEN || !strings_have(vetting->only, name) ||
		    array_any(one, &vetting->packages, strcmp(one->package->name, name) == 0))
			continue;
		leave_out(vetting, name,
			  arena_format(
				  vetting->arena, "it is %s: %s", verdict_name[result->verdict],
				  why && strcmp(why->id, "no-proof") != 0
					  ? why->text
					  : "no accepted proof holds (kmodaudit audit says why)"));
	}
}

bool vet_lacks_asked(const struct vetting *vetting)
{
	const struct exclusions *excluded = &vetting->asked->excluded;

	return array_any(left, &vetting->left,
			 globs_fit(vetting->only, left->name) &&
				 !array_any(one, excluded,
					    one->kept && strcmp(one->package, left->name) == 0));
}

/* Of the results, which are sorted by name, includes the best of each name that may be
 * in the feed: it is safe, or unproven and named by the policy. An unsafe package
 * never may. */
static void include_results(struct vetting *vetting, const struct map *asked)
{
	const struct verdicts *verdicts = vetting->verdicts;
	const struct result *end = array_from(&verdicts->results, verdicts->results.count);

	for (const struct result *at = verdicts->results.list; at < end;) {
		const struct result *best = NULL, *first = at;

		for (; at < end && strcmp(at->package->name, first->package->name) == 0; at++) {
			bool wanted = at->verdict == VERDICT_SAFE ||
				      (at->verdict == VERDICT_UNPROVEN &&
				       globs_fit(&verdicts->rules->vetted, at->package->name));

			if (wanted && (!best || is_better(vetting, best, at)))
				best = at;
		}
		if (best && is_asked(asked, first->package->name) &&
		    !is_excluded(vetting->asked, first->package->name))
			include(vetting, best->package, best->verdict != VERDICT_SAFE);
	}
}

/* Whose packages the feed has: those of the image's manager; without a database, those
 * of the packages. All of them must be of one manager. */
static bool manager_set(struct vetting *vetting, struct error *error)
{
	const struct image *image = world_image(vetting->verdicts->world);

	vetting->apk = image->database_known	     ? image->packages.list[0].apk
		       : vetting->packages.count > 0 ? vetting->packages.list[0].package->apk
						     : false;
	array_each(one, &vetting->packages)
		if (one->package->pkg || one->package->apk != vetting->apk)
			return fail(error, "%s: a package for %s, and %s %s; nothing was written",
				    one->package->file, package_manager(one->package),
				    image->database_known ? "the image uses"
							  : "other packages are for",
				    vetting->apk ? "apk" : "opkg");
	return true;
}

/* The version of the package kernel that the image's manager compares with: from the
 * database, else from the manifest; NULL if neither has it. */
static const char *kernel_version(const struct image *image)
{
	const struct package *installed = image_package(image, "kernel");

	if (installed)
		return installed->version;
	array_each(row, &image->manifest)
		if (strcmp(row->name, "kernel") == 0)
			return row->version;
	return NULL;
}

bool vet_choose(struct arena *arena, const struct verdicts *all, const struct verdicts *asked,
		const struct strings *only, struct vetting *ret, struct error *error)
{
	const struct image *image = world_image(all->world);
	struct map chosen = chosen_map(arena, all->world);
	struct map names = {0}; /* that match a glob of ONLY, and what these need */
	const struct map *wanted = only->count > 0 ? &names : NULL;

	array_each(result, &all->results)
		if (globs_fit(only, result->package->name))
			wanted_add(arena, all, result, &names);
	*ret = (struct vetting){.arena = arena, .verdicts = all, .asked = asked, .only = only};
	include_results(ret, wanted);
	/* what is unrelated to modules, but needed by packages with modules */
	array_each(name, &asked->install) {
		const struct package *package = package_of(ret, &chosen, *name);

		if (package && !world_related(all->world, package) && is_asked(wanted, *name) &&
		    strcmp(*name, "kernel") != 0)
			include(ret, package, false);
	}
	leave_out_unread(ret, wanted);
	array_each(excluded, &asked->excluded)
		if (is_excluded(asked, excluded->package))
			leave_out(ret, excluded->package, excluded->text);
	leave_out_unsafe(ret);
	if (!manager_set(ret, error))
		return false;
	packages_prune(ret, &chosen);
	ret->kernel = kernel_version(image);
	return ret->kernel || ret->packages.count == 0 ||
	       fail(error,
		    "%s: the version of its package kernel is not known, and vetted packages must "
		    "name it; give --image-manifest",
		    image->source);
}

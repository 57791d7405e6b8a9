/* SPDX-License-Identifier: ISC */
/* Chooses who satisfies a dependency: an installed package, else the best one of the
 * feeds, by exact name before provided name and newest version. Follows what a package
 * needs. */
#include "facts/package/apk.h"
#include "facts/package/package_file.h"
#include "facts/world/world_parts.h"

#include <string.h>

/* The best packages found so far for a dependency. */
struct candidates {
	const struct package *feed, *elsewhere, *wrong;
};

const struct package *world_installed(const struct world *world, const struct dependency *need,
				      bool any_version)
{
	for (const struct link *link = chains_first(&world->installed_names, need->name); link;
	     link = chains_next(&world->installed_names, link))
		if (any_version || package_satisfies(link->what, need))
			return link->what;
	return NULL;
}

/* <0, 0 or >0 if the package manager prefers B to A, neither, or A to B, for NAME: apk the higher
 * version of the name, whoever has it; the others the package with that name. Of several that
 * provide it opkg takes the last one by name (libopkg/pkg_hash.c,
 * pkg_hash_fetch_best_installation_candidate). */
static int preferred(const struct package *a, const struct package *b, const char *name)
{
	int order = strcmp(a->name, b->name);

	if (a->apk && b->apk)
		return apk_providers_compare(a, b, name);
	if (order == 0)
		return package_versions(a, b);
	if (strcmp(a->name, name) == 0)
		return 1;
	if (strcmp(b->name, name) == 0)
		return -1;
	return a->pkg ? -order : order;
}

/* Prefers a package whose architecture the image accepts, because the package manager ignores
 * the others, then one that can be read, then as the package manager does. */
static const struct package *better(const struct world *world, const struct package *old,
				    const struct package *new, const char *name)
{
	int order;

	if (!old)
		return new;
	if (world_ignored(world, old) != world_ignored(world, new))
		return world_ignored(world, old) ? new : old;
	if (!old->problem != !new->problem && strcmp(old->name, new->name) == 0)
		return old->problem ? new : old;
	order = preferred(old, new, name);
	if (order)
		return order > 0 ? old : new;
	/* members with one name are sorted by version, then as the package manager prefers them */
	return world_index(world, old) <= world_index(world, new) ? old : new;
}

static void candidates_collect(const struct world *world, const struct package *package,
			       const struct dependency *need, struct candidates *found)
{
	for (const struct link *link = chains_first(&world->names, need->name); link;
	     link = chains_next(&world->names, link)) {
		const struct package *other = link->what;
		bool seen = world_sees(world, package, link->who);

		if (!package_satisfies(other, need))
			found->wrong = better(world, found->wrong, other, need->name);
		else if (seen)
			found->feed = better(world, found->feed, other, need->name);
		else
			found->elsewhere = better(world, found->elsewhere, other, need->name);
	}
}

/* True if NEED is the kernel in any version: the image has one, even if no database
 * lists it. */
static bool kernel_satisfies(const struct world *world, const struct dependency *need)
{
	return need->relation == RELATION_ANY && world->image->kernel &&
	       strcmp(need->name, "kernel") == 0;
}

bool world_has(const struct world *world, const struct formula *formula)
{
	return array_any(need, formula,
			 kernel_satisfies(world, need) || world_installed(world, need, false));
}

enum satisfied world_satisfies(const struct world *world, const struct package *package,
			       const struct formula *formula, const struct package **ret)
{
	struct candidates found = {0};
	const struct package *installed = NULL;

	*ret = NULL;
	array_each(need, formula) {
		if (kernel_satisfies(world, need))
			return SATISFIED_INSTALLED;
		*ret = world_installed(world, need, false);
		if (*ret)
			return SATISFIED_INSTALLED;
		if (!installed)
			installed = world_installed(world, need, true);
		if (!found.feed || world_ignored(world, found.feed))
			candidates_collect(world, package, need, &found);
	}
	if (found.feed) {
		*ret = found.feed;
		return SATISFIED_FEED;
	}
	if (found.elsewhere) {
		*ret = found.elsewhere;
		return SATISFIED_ELSEWHERE;
	}
	*ret = found.wrong ? found.wrong : installed;
	return *ret ? SATISFIED_WRONG_VERSION : SATISFIED_NOT;
}

const struct package *world_kept(const struct world *world, const struct package *package)
{
	for (const struct link *link = chains_first(&world->installed_names, package->name); link;
	     link = chains_next(&world->installed_names, link)) {
		const struct package *row = link->what;
		bool own = strcmp(row->name, package->name) == 0;

		if ((!own && !(package->apk && row->apk)) || !row->version || !package->version)
			continue;
		/* a row of a manifest does not say which manager it is for */
		if (package->apk || package_versions(row, package) >= 0)
			return row;
	}
	return NULL;
}

bool company_has(const struct company *company, uint32_t who)
{
	return array_any(one, company, *one == who);
}

void world_company(const struct world *world, const struct package *package, struct company *ret)
{
	ret->count = 0;
	ret->list[ret->count++] = (uint32_t)world_index(world, package);
	for (size_t i = 0; i < ret->count; i++) {
		struct span_indexes needs = world_needed(world, ret->list[i]);

		for (size_t j = 0; j < needs.count && ret->count < COMPANY_MOST; j++)
			if (!company_has(ret, needs.list[j]))
				ret->list[ret->count++] = needs.list[j];
	}
}

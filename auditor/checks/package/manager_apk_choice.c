/* SPDX-License-Identifier: ISC */
/* Chooses the package that apk would select for a dependency: by version of the name,
 * version of the package, priority (apk-tools: src/solver.c). */
#include "checks/package/manager.h"

#include <string.h>

/* Which package apk selects for a name (src/solver.c: compare_providers, reconsider_name). All
 * candidates that were not excluded before take part, including those with unsatisfied
 * dependencies: then apk ends with an error, even if another version would work. A candidate is
 * excluded if
 *
 *   - it cannot be installed together with the requested package, which is selected first;
 *   - a line of etc/apk/world excludes it, and another candidate is not excluded;
 *   - it depends on a name for which the requested package requires a version, if that already
 *     excludes some package with the name (the kernel of another build, if the feeds have it):
 *     apk then examines again the dependencies of all packages that wait for the name. */
static bool is_better(const struct package *old, const struct package *new, const char *name)
{
	return apk_providers_compare(new, old, name) > 0;
}

static bool any_provider(const struct playing *playing, const struct dependency *need,
			 const struct dependency *other, bool met)
{
	const struct states *states = playing->states;
	uint32_t at = 0;
	size_t index;

	array_each(row, states->installed)
		if (package_satisfies(row, need) && package_satisfies(row, other) == met)
			return true;
	for (size_t i = 0; i < NAMINGS_MOST && world_named(states->world, need->name, &at, &index);
	     i++) {
		const struct package *one = world_package(states->world, index);

		if (world_offered(states->world, one) && package_satisfies(one, need) &&
		    package_satisfies(one, other) == met)
			return true;
	}
	return false;
}

/* True if PACKAGE, which has the dependency NEED, is excluded because of ASKED, a
 * dependency of the requested package on the same name: ASKED excludes some package
 * with the name, so PACKAGE is examined again, and it LACKS something, or no
 * package satisfies both. */
static bool is_ruled_out_by(const struct playing *playing, const struct dependency *asked,
			    const struct dependency *need, bool lacks)
{
	const struct dependency any = {.name = asked->name, .apk = true};

	return strcmp(asked->name, need->name) == 0 && any_provider(playing, &any, asked, false) &&
	       (lacks || !any_provider(playing, need, asked, true));
}

static bool is_selectable(const struct playing *playing, const struct package *package, bool lacks)
{
	if (package != playing->package && apk_exclusion(playing->package, package))
		return false;
	array_each(formula, &package->depends)
		array_each(need, formula)
			array_each(asked_formula, &playing->package->depends)
				array_each(asked, asked_formula)
					if (is_ruled_out_by(playing, asked, need, lacks))
						return false;
	return true;
}

/* True if PACKAGE is selectable, nothing in world excludes it, and neither the requested package
 * nor one that it needs depends on it in another version: apk applies the dependencies of all
 * before it chooses (solver.c, apply_constraint). */
static bool is_selectable_here(const struct playing *playing, const struct package *package,
			       bool lacks)
{
	const struct world *world = playing->states->world;

	if (!is_selectable(playing, package, lacks) || apk_world_bars(playing, package))
		return false;

	struct asked asked = asked_collect(world, playing->package);
	array_each(index, &asked)
		array_each(formula, &world_package(world, *index)->depends)
			array_each(need, formula)
				if (strcmp(need->name, package->name) == 0 &&
				    !package_satisfies(package, need))
					return false;
	return true;
}

static bool is_whole(const struct playing *playing, const struct package *package, bool lacks)
{
	return !lacks && !apk_world_bars(playing, package);
}

const struct package *apk_candidate(const struct playing *playing, const struct dependency *need)
{
	const struct package *one = play_candidate(playing, need, is_selectable_here, is_better);

	/* if world excludes them all, apk says what it excludes */
	return one ? one : play_candidate(playing, need, is_selectable, is_better);
}

const struct package *apk_successor(const struct playing *playing, const struct package *row)
{
	const struct dependency need = {.name = row->name, .apk = true};
	const struct package *one = play_candidate(playing, &need, is_whole, is_better);

	return one && strcmp(one->name, row->name) == 0 ? one : NULL;
}

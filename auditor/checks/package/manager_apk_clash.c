/* SPDX-License-Identifier: ISC */
/* Finds packages and files that apk cannot have beside each other during the simulation
 * in manager_apk.c (apk-tools src/solver.c, src/database.c). */
#include "checks/package/manager.h"
#include "facts/world/world_providers.h"

#include <string.h>

/* What apk cannot have beside each other (src/solver.c,
 * src/database.c): see manager_apk.c. */
static bool names_against(const struct package *package, const struct package *other)
{
	array_each(formula, &package->conflicts)
		array_each(against, formula)
			if (package_satisfies(other, against))
				return true;
	return false;
}

const char *apk_exclusion(const struct package *a, const struct package *b)
{
	const char *name = NULL;

	if (names_against(a, b) || names_against(b, a))
		return "conflicts with";
	name = provided_name(a, b);
	if (!name)
		name = provided_name(b, a);
	return name ? "provides the same name with a version as" : NULL;
}

/* True if PACKAGE satisfies every one of FORMULAS that ROW satisfies. */
static bool satisfies_same(const struct formulas *formulas, const struct package *package,
			   const struct package *row)
{
	array_each(formula, formulas)
		array_each(need, formula)
			if (package_satisfies(row, need) && !package_satisfies(package, need))
				return false;
	return true;
}

/* True if ROW can be removed: nothing that stays needs it, because PACKAGE satisfies
 * the same dependencies. */
static bool dispensable(const struct playing *playing, const struct package *package,
			const struct package *row, const bool *wanted)
{
	const struct packages *rows = playing->states->installed;

	if (!wanted[row - rows->list])
		return true;
	for (size_t i = 0; i < rows->count; i++)
		if (wanted[i] && !play_exchanges(playing, &rows->list[i]) &&
		    !strings_have(&playing->gone, rows->list[i].name) &&
		    !satisfies_same(&rows->list[i].depends, package, row))
			return false;
	return satisfies_same(&playing->asks, package, row) &&
	       names_package(&package->provides, row->name);
}

static bool member_excludes(struct playing *playing, const struct package *package,
			    const bool *wanted)
{
	const struct packages *rows = playing->states->installed;

	if (names_package(&package->provides, package->name))
		return play_end(playing, ANSWER_REFUSES,
				arena_format(playing->arena,
					     "%s provides its own name, which conflicts with it",
					     package->name));
	array_each(row, rows) {
		const char *how = play_exchanges(playing, row) ? NULL : apk_exclusion(package, row);

		if (!how || strings_have(&playing->gone, row->name))
			continue;
		if (!dispensable(playing, package, row, wanted))
			return play_end(playing, ANSWER_REFUSES,
					arena_format(playing->arena, "%s %s the installed %s",
						     package->name, how, row->name));
		*array_add(playing->arena, &playing->gone) = row->name;
	}
	for (size_t i = 0; i < playing->count; i++) {
		const struct package *other = play_member(playing, i);
		const char *how = other == package ? NULL : apk_exclusion(package, other);

		if (how)
			return play_end(playing, ANSWER_REFUSES,
					arena_format(playing->arena, "%s %s %s, which it pulls in",
						     package->name, how, other->name));
	}
	return true;
}

const struct package *apk_row_in_way(struct arena *arena, const struct states *states,
				     const struct package *package)
{
	struct playing playing = {.arena = arena, .states = states, .package = package};
	const struct packages *rows = states->installed;
	bool *wanted;

	if (!package->apk)
		return NULL;
	if (names_package(&package->provides, package->name))
		return package;
	if (!array_any(row, rows, provided_twice(package, row)) || !apk_world_read(&playing))
		return NULL;
	wanted = arena_get(arena, rows->count + 1);
	apk_wanted_mark(&playing, wanted);
	play_add(&playing, (uint32_t)world_index(states->world, package));
	return array_find(row, rows,
			  !play_exchanges(&playing, row) && provided_twice(package, row) &&
				  !names_package(&row->provides, package->name) &&
				  !dispensable(&playing, package, row, wanted));
}

bool apk_excludes(struct playing *playing, const bool *wanted)
{
	for (size_t i = 0; i < playing->count; i++)
		if (!member_excludes(playing, play_member(playing, i), wanted))
			return false;
	return true;
}

/* True if PACKAGE, which is selected first, excludes OTHER. */
static bool is_barred_by(const struct package *other, const struct package *package)
{
	if (names_against(package, other) || provided_name(package, other))
		return true;
	/* if OTHER provides the name of PACKAGE, it would replace it instead */
	return !names_package(&other->provides, package->name) && provided_name(other, package);
}

static bool is_there(const struct playing *playing, const struct dependency *need)
{
	array_each(row, playing->states->installed)
		if (package_satisfies(row, need) && !play_exchanges(playing, row) &&
		    !strings_have(&playing->gone, row->name))
			return true;
	return play_meets(playing, need);
}

/* True if apk has decided on NAME when it looks at the install_if of OTHER. It looks at one with
 * a "!" only when the names in it are decided, and then all is that is installed or selected
 * (src/solver.c, reconsider_name: iif_needed). */
static bool is_decided(const struct playing *playing, const struct package *other, const char *name)
{
	const struct dependency any = {.name = name, .apk = true};

	return names_package(&other->install_if, name) ||
	       (other->install_if_not.count > 0 && is_there(playing, &any));
}

bool apk_passes_over(const struct playing *playing, const struct package *other)
{
	array_each(row, playing->states->installed)
		if (!play_exchanges(playing, row) && !strings_have(&playing->gone, row->name) &&
		    is_barred_by(other, row))
			return true;
	for (size_t i = 0; i < playing->count; i++)
		if (is_barred_by(other, play_member(playing, i)))
			return true;
	if (apk_world_bars(playing, other))
		return true;
	/* it requires or conflicts with a name that is decided in a way that is not satisfied */
	array_each(formula, &other->depends)
		array_each(need, formula)
			if (is_decided(playing, other, need->name) && !is_there(playing, need))
				return true;
	array_each(formula, &other->conflicts)
		array_each(against, formula)
			if (is_decided(playing, other, against->name) && is_there(playing, against))
				return true;
	return false;
}

static bool file_clash(struct playing *playing, const struct package *package,
		       const struct package *other, const char *path)
{
	return play_end(playing, ANSWER_BREAKS,
			arena_format(playing->arena,
				     "%s belongs to %s: apk installs %s without that file and "
				     "exits with an error",
				     path, other->name, package->name));
}

bool apk_files(struct playing *playing)
{
	struct map owners = {0};

	for (size_t i = playing->count; i > 0; i--) {
		const struct package *package = play_member(playing, i - 1);

		array_each(path, &package->files) {
			const struct package *row =
				world_installed_owner(playing->states->world, *path);
			uint32_t before = map_put(&owners, playing->arena, *path, (uint32_t)i - 1);
			const struct package *other = play_member(playing, before);

			if (row && strcmp(row->name, package->name) != 0 &&
			    !play_exchanges(playing, row) &&
			    !strings_have(&playing->gone, row->name) &&
			    !files_permitted(package, row))
				return file_clash(playing, package, row, *path);
			if (other != package && !files_permitted(package, other))
				return file_clash(playing, package, other, *path);
		}
	}
	return true;
}

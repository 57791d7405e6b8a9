/* SPDX-License-Identifier: ISC */
#include "checks/package/manager.h"
#include "facts/world/world_providers.h"

#include <string.h>

/* What apk cannot have beside each other (src/solver.c, src/database.c): see manager_apk.c. */
/* Both provide one name with a version, or it is the name of one of them. */
static const char *excluding_name(const struct package *a, const struct package *b)
{
	array_each(formula, &a->provides)
		array_each(provided, formula) {
			if (!provided->version)
				continue;
			if (strcmp(provided->name, b->name) == 0)
				return provided->name;
			array_each(other_formula, &b->provides)
				array_each(other, other_formula)
					if (other->version && strcmp(other->name, provided->name) == 0)
						return provided->name;
		}
	return NULL;
}

static bool names_against(const struct package *package, const struct package *other)
{
	array_each(formula, &package->conflicts)
		array_each(against, formula)
			if (package_satisfies(other, against))
				return true;
	return false;
}

static const char *exclusion(const struct package *a, const struct package *b)
{
	const char *name = NULL;

	if (names_against(a, b) || names_against(b, a))
		return "conflicts with";
	name = excluding_name(a, b);
	if (!name)
		name = excluding_name(b, a);
	return name ? "provides the same name with a version as" : NULL;
}

/* World would do without ROW: nothing asks for it but what PACKAGE provides. */
static bool dispensable(const struct formulas *asks, const struct package *package, const struct package *row,
			bool wanted)
{
	if (!wanted)
		return true;
	array_each(formula, asks)
		array_each(need, formula)
			if (package_satisfies(row, need) && !package_satisfies(package, need))
				return false;
	return names_package(&package->provides, row->name);
}

static bool member_excludes(struct playing *playing, const struct formulas *asks, const struct package *package,
			    const bool *wanted)
{
	const struct packages *rows = playing->states->installed;

	array_each(row, rows) {
		const char *how = play_exchanges(playing, row) ? NULL : exclusion(package, row);

		if (!how || strings_have(&playing->gone, row->name))
			continue;
		if (!dispensable(asks, package, row, wanted[row - rows->list]))
			return play_end(
				playing, ANSWER_REFUSES,
				arena_format(playing->arena, "%s %s the installed %s", package->name, how, row->name));
		*array_add(playing->arena, &playing->gone) = row->name;
	}
	for (size_t i = 0; i < playing->count; i++) {
		const struct package *other = play_member(playing, i);
		const char *how = other == package ? NULL : exclusion(package, other);

		if (how)
			return play_end(playing, ANSWER_REFUSES,
					arena_format(playing->arena, "%s %s %s, which it pulls in", package->name, how,
						     other->name));
	}
	return true;
}

bool apk_excludes(struct playing *playing, const struct formulas *asks, const bool *wanted)
{
	for (size_t i = 0; i < playing->count; i++)
		if (!member_excludes(playing, asks, play_member(playing, i), wanted))
			return false;
	return true;
}

static bool file_clash(struct playing *playing, const struct package *package, const struct package *other,
		       const char *path)
{
	return play_end(playing, ANSWER_BREAKS,
			arena_format(playing->arena,
				     "%s belongs to %s: apk installs %s without that file and exits with an error",
				     path, other->name, package->name));
}

bool apk_files(struct playing *playing)
{
	struct map owners = {0};

	for (size_t i = playing->count; i > 0; i--) {
		const struct package *package = play_member(playing, i - 1);

		array_each(path, &package->files) {
			const struct package *row = world_installed_owner(playing->states->world, *path);
			uint32_t before = map_put(&owners, playing->arena, *path, (uint32_t)i - 1);
			const struct package *other = play_member(playing, before);

			if (row && strcmp(row->name, package->name) != 0 && !play_exchanges(playing, row) &&
			    !strings_have(&playing->gone, row->name) && !files_permitted(package, row))
				return file_clash(playing, package, row, *path);
			if (other != package && !files_permitted(package, other))
				return file_clash(playing, package, other, *path);
		}
	}
	return true;
}

/* SPDX-License-Identifier: ISC */
/* Simulates `opkg install` of a package on the image with its feeds (libopkg/opkg_install.c,
 * pkg_depends.c). */
#include "checks/package/manager.h"
#include "facts/world/world_providers.h"

#include <string.h>

/*
 * `opkg install FILE` with the feeds as sources (libopkg/opkg_install.c opkg_install_by_name,
 * opkg_install_pkg; pkg_depends.c pkg_hash_fetch_unsatisfied_dependencies,
 * pkg_hash_fetch_conflicts; check_data_file_clashes):
 *
 *   1. A package with an unmet dependency is not looked at. Where an older or newer one of that
 *      name is installed, that is kept. An installed row of the same version is the same
 *      package to opkg (pkg_vec.c, pkg_vec_insert_merge): one without dependencies, such as a
 *      manifest's, takes those of the file, and is not looked at either. Where none of that
 *      name is installed, one that provides the name is kept.
 *   2. The installed one is kept when it is the same version or newer.
 *   3. Conflicts are names of packages that are installed or marked to be; one that the package
 *      replaces as well is removed.
 *   4. Of what it needs the newest that fits is chosen, of several alternatives the first, even
 *      one that lacks what it needs itself (each name is looked at only once: pkg_depends.c,
 *      dependencies_checked). It is marked, the deepest first, and installed in this order;
 *      none is put back to an older version.
 *   5. A file that exists must have no owner, or the package itself, or one that the package
 *      replaces. The package owns its files before what it needs is installed.
 */
static bool is_better(const struct package *old, const struct package *new, const char *name)
{
	bool old_own = strcmp(old->name, name) == 0, new_own = strcmp(new->name, name) == 0;
	/* of several that provide the name the last one in the order of names */
	int order = strcmp(new->name, old->name);

	if (old_own != new_own)
		return new_own;
	if (order == 0)
		order = package_versions(new, old);
	return order > 0;
}

static const struct package *candidate(const struct playing *playing, const struct formula *formula)
{
	array_each(need, formula) {
		const struct package *best = play_candidate(playing, need, NULL, is_better);

		if (best)
			return best;
	}
	return NULL;
}

static bool met_already(const struct playing *playing, const struct formula *formula)
{
	if (world_has(playing->states->world, formula))
		return true;
	array_each(need, formula) {
		if (package_satisfies(playing->package, need))
			return true;
		for (size_t i = 0; i < playing->count; i++)
			if (package_satisfies(play_member(playing, i), need))
				return true;
	}
	return false;
}

/* A package on the way down: which of its dependencies comes next. */
struct step {
	const struct package *package;
	size_t next;
};

/* Marks what PACKAGE needs, the deepest first. */
static bool company_collect(struct playing *playing)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct step *steps = arena_get(&scratch, (COMPANY_MOST + 1) * sizeof *steps);
	bool *met = arena_get(&scratch, world_count(playing->states->world) + 1);
	size_t depth = 1;

	steps[0] = (struct step){playing->package, 0};
	while (depth > 0) {
		struct step *step = &steps[depth - 1];
		const struct package *need = NULL;

		if (step->next == step->package->depends.count) {
			uint32_t index =
				(uint32_t)world_index(playing->states->world, step->package);

			if (step->package != playing->package && !play_add(playing, index))
				return false;
			depth--;
			continue;
		}
		const struct formula *formula = &step->package->depends.list[step->next++];
		if (!met_already(playing, formula))
			need = candidate(playing, formula);
		if (!need || met[world_index(playing->states->world, need)])
			continue;
		if (playing->states->lacks[world_index(playing->states->world, need)])
			return play_need_lacks(playing, need);
		if (depth == COMPANY_MOST)
			return play_end(playing, ANSWER_UNKNOWN,
					"its dependencies are nested too deeply");
		met[world_index(playing->states->world, need)] = true;
		steps[depth++] = (struct step){need, 0};
	}
	return true;
}

/* PACKAGE names one that is installed and stays, or one that is marked. MARKED: how many of the
 * list are. */
static bool conflicts_play(struct playing *playing, const struct package *package, size_t marked)
{
	array_each(formula, &package->conflicts)
		array_each(against, formula) {
			const struct package *row = installed_row(playing->states, against->name);
			bool replaces = names_package(&package->replaces, against->name);

			if (row && row != package && package_is(row, against)) {
				if (!replaces)
					return play_end(
						playing, ANSWER_REFUSES,
						arena_format(playing->arena,
							     "%s conflicts with the installed %s",
							     package->name, row->name));
				*array_add(playing->arena, &playing->gone) = row->name;
			}
			for (size_t i = 0; i < marked; i++)
				if (play_member(playing, i) != package && !replaces &&
				    package_is(play_member(playing, i), against))
					return play_end(
						playing, ANSWER_REFUSES,
						arena_format(
							playing->arena,
							"%s conflicts with %s, which it pulls in",
							package->name, against->name));
		}
	return true;
}

static bool owner_permits(const struct playing *playing, const struct package *package,
			  const struct package *owner)
{
	return strcmp(owner->name, package->name) == 0 || package_replaces(package, owner) ||
	       strings_have(&playing->gone, owner->name);
}

/* A newer version of ROW is installed before NUMBER (0: what was asked for, which comes last),
 * and it has no file PATH. */
static bool gives_up(const struct playing *playing, const struct package *row, const char *path,
		     uint32_t number)
{
	size_t before = number > 0 ? number - 1 : playing->count;

	for (size_t i = 0; i < before; i++)
		if (strcmp(play_member(playing, i)->name, row->name) == 0)
			return !strings_have(&play_member(playing, i)->files, path);
	return false;
}

/* OWNERS: file -> number in the list, from 1, of what was installed before; the first owner
 * keeps it. */
static bool files_play(struct playing *playing, const struct package *package, struct map *owners,
		       uint32_t number)
{
	array_each(path, &package->files) {
		const struct package *row = world_installed_owner(playing->states->world, *path);
		uint32_t before = map_get(owners, *path);

		if (row && !owner_permits(playing, package, row) &&
		    !gives_up(playing, row, *path, number))
			return play_end(
				playing, ANSWER_REFUSES,
				arena_format(playing->arena,
					     "%s is installed by %s, and %s contains it as well",
					     *path, row->name, package->name));
		/* 0 is what was asked for: it has the file before it is there */
		if (before != MAP_NONE && before > 0 && number > 0 &&
		    !owner_permits(playing, package, play_member(playing, before - 1)))
			return play_end(playing, ANSWER_REFUSES,
					arena_format(playing->arena, "%s is in both %s and %s",
						     *path, play_member(playing, before - 1)->name,
						     package->name));
		map_put(owners, playing->arena, *path, number);
	}
	return true;
}

static bool version_play(struct playing *playing, const struct package *package)
{
	const struct package *row = installed_row(playing->states, package->name);

	if (!row || package_versions(row, package) < 0) {
		if (strcmp(package->name, "kernel") == 0)
			playing->kernel = package->version;
		return true;
	}
	return play_end(
		playing, ANSWER_REFUSES,
		arena_format(playing->arena,
			     "it needs %s %s, but %s is installed, and opkg does not downgrade",
			     package->name, package->version ? package->version : "",
			     row->version));
}

/* MEMBER comes first and takes its files from the package that was asked for, which it replaces. */
static bool taken_play(struct playing *playing, const struct package *member)
{
	const struct package *package = playing->package;

	if (!package_replaces(member, package) || package_replaces(package, member))
		return true;
	array_each(path, &member->files)
		if (strings_have(&package->files, *path))
			return play_end(playing, ANSWER_REFUSES,
					arena_format(playing->arena, "%s is in both %s and %s",
						     *path, member->name, package->name));
	return true;
}

static bool company_play(struct playing *playing)
{
	struct map owners = {0};

	array_each(path, &playing->package->files)
		map_put(&owners, playing->arena, *path, 0);
	for (size_t i = 0; i < playing->count; i++)
		if (!version_play(playing, play_member(playing, i)) ||
		    !conflicts_play(playing, play_member(playing, i), playing->count) ||
		    !files_play(playing, play_member(playing, i), &owners, (uint32_t)i + 1) ||
		    !taken_play(playing, play_member(playing, i)))
			return false;
	return files_play(playing, playing->package, &owners, 0);
}

static void opkg_play(struct playing *playing)
{
	const struct states *states = playing->states;
	const struct package *package = playing->package,
			     *row = installed_row(states, package->name);
	bool lacks = states->lacks[world_index(states->world, package)];
	bool merged = row && row->depends.count == 0 && package_versions(row, package) == 0;

	/* one of its own name */
	if (row && !(lacks && merged) && (lacks || package_versions(row, package) >= 0)) {
		play_end(playing, ANSWER_KEEPS,
			 arena_format(playing->arena, "version %s is installed", row->version));
		return;
	}
	row = installed_provider(states, package);
	if (lacks && row) {
		play_end(playing, ANSWER_KEEPS,
			 arena_format(playing->arena, "the installed %s provides it", row->name));
		return;
	}
	if (lacks) {
		play_lack(playing, package);
		return;
	}
	if (!conflicts_play(playing, package, 0) || !company_collect(playing) ||
	    !company_play(playing))
		return;
	playing->ret.kernel = playing->kernel != NULL;
	if (playing->kernel)
		play_end(playing, ANSWER_REPLACES, playing->kernel);
	else if (playing->gone.count > 0)
		play_end(playing, ANSWER_REPLACES, strings_join(playing->arena, &playing->gone, 8));
}

struct answering opkg_answers(struct arena *arena, const struct states *states,
			      const struct package *package)
{
	struct playing playing = {.arena = arena, .states = states, .package = package};

	opkg_play(&playing);
	playing.ret.absent = play_absent(&playing);
	return playing.ret;
}

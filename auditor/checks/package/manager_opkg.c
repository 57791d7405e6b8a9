/* SPDX-License-Identifier: ISC */
/* Simulates `opkg install` of a package on the image with its
 * feeds (libopkg/opkg_install.c, pkg_depends.c). */
#include "checks/package/manager.h"
#include "facts/world/world_providers.h"

#include <string.h>

/* `opkg install FILE` with the feeds as sources (libopkg/opkg_install.c opkg_install_by_name,
 * opkg_install_pkg; pkg_depends.c pkg_hash_fetch_unsatisfied_dependencies,
 * pkg_hash_fetch_conflicts; check_data_file_clashes):
 *
 *   1. A package with an unsatisfied dependency is ignored. If another version of it is
 *      installed, that one is kept. An installed package of the same version is the same package
 *      to opkg (pkg_vec.c, pkg_vec_insert_merge): if it has no dependencies, it gets those of the
 *      file, and is ignored as well. A manifest states no dependencies, but the device has them.
 *      If no package with the name is installed, but one that provides it, that one is kept.
 *   2. An installed package of the same or a newer version is kept.
 *   3. A conflict names a package that is installed or marked for installation, also by a
 *      row of the database ("install ok half-installed"). If the new package also replaces
 *      it, it is removed if it is installed, and is no conflict.
 *   4. For a dependency the newest version that fits is chosen, of alternatives the first, even
 *      if it has unsatisfied dependencies, and even if another version or a provider was chosen
 *      before. The dependencies of a name are examined only once (pkg_depends.c,
 *      dependencies_checked). Dependencies are marked depth first and installed in this order;
 *      none is replaced by an older version.
 *   5. The owner of an existing file must be none, the package itself, or a package that it
 *      replaces. The package owns its files before its dependencies are installed. */
static bool is_better(const struct package *old, const struct package *new, const char *name)
{
	bool old_own = strcmp(old->name, name) == 0, new_own = strcmp(new->name, name) == 0;
	/* of several packages that provide the name opkg chooses the last
	 * one by name */
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
	if (states_have(playing->states, formula))
		return true;
	return array_any(need, formula, package_satisfies(playing->package, need));
}

/* A package whose dependencies are being collected, and the next of them. */
struct step {
	const struct package *package;
	size_t next;
};

/* Adds what a greedy FORMULA brings along: of each name the first package that is not there and
 * is ready, in any version: all that it needs is installed, or is the requested package. */
static bool greedy_collect(struct playing *playing, const struct formula *formula, bool *met)
{
	const struct states *states = playing->states;

	array_each(need, formula) {
		uint32_t at = 0;
		size_t other;

		for (size_t i = 0;
		     i < NAMINGS_MOST && world_named(states->world, need->name, &at, &other); i++) {
			const struct package *one = world_package(states->world, other);
			const struct package *row = installed_row(states, one->name);

			if (met[other] || one == playing->package || play_exchanges(playing, one) ||
			    (row && package_versions(row, one) == 0) ||
			    !manager_may_choose(states->world, one, need, NULL) ||
			    states->lacks[other] ||
			    array_any(its, &one->depends,
				      !its->optional && !met_already(playing, its)))
				continue;
			met[other] = true;
			if (!play_add(playing, (uint32_t)other))
				return false;
		}
	}
	return true;
}

/* Marks the dependencies of PACKAGE depth first. */
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
		if (formula->greedy && !greedy_collect(playing, formula, met))
			return false;
		if (formula->greedy)
			continue;
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

/* Refuses if PACKAGE conflicts with a row that the database wants installed. */
static bool wanted_play(struct playing *playing, const struct package *package)
{
	array_each(row, &world_image(playing->states->world)->wanted)
		array_each(formula, &package->conflicts)
			if (strcmp(row->name, package->name) != 0 &&
			    array_any(against, formula, conflict_concerns(package, against, row)))
				return play_end(
					playing, ANSWER_REFUSES,
					arena_format(playing->arena,
						     "%s conflicts with %s, whose status is %s",
						     package->name, row->name, row->status));
	return true;
}

/* Refuses if PACKAGE conflicts with an installed package that stays, or with one of the
 * first MARKED packages in the list. */
static bool conflicts_play(struct playing *playing, const struct package *package, size_t marked)
{
	array_each(formula, &package->conflicts)
		array_each(against, formula) {
			const struct package *row = installed_row(playing->states, against->name);
			bool replaces = names_package(&package->replaces, against->name);

			if (!replaces && package_is(package, against))
				return play_end(playing, ANSWER_REFUSES,
						arena_format(playing->arena,
							     "%s conflicts with itself by %s",
							     package->name, formula->text));
			if (!replaces && package_is(playing->package, against))
				return play_end(playing, ANSWER_REFUSES,
						arena_format(playing->arena,
							     "%s, which it pulls in, conflicts "
							     "with it",
							     package->name));
			if (row && row != package && package_is(row, against) &&
			    (replaces || conflict_concerns(package, against, row))) {
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
	return wanted_play(playing, package);
}

static bool owner_permits(const struct playing *playing, const struct package *package,
			  const struct package *owner)
{
	return strcmp(owner->name, package->name) == 0 || package_replaces(package, owner) ||
	       strings_have(&playing->gone, owner->name);
}

/* True if a newer version of ROW, without the file PATH, is installed before package
 * NUMBER. Number 0 is the requested package, which is installed last. */
static bool loses_file(const struct playing *playing, const struct package *row, const char *path,
		       uint32_t number)
{
	size_t before = number > 0 ? number - 1 : playing->count;

	for (size_t i = 0; i < before; i++)
		if (strcmp(play_member(playing, i)->name, row->name) == 0)
			return !strings_have(&play_member(playing, i)->files, path);
	return false;
}

/* OWNERS: file -> number in the list, from 1, of the first package that installs it. */
static bool files_play(struct playing *playing, const struct package *package, struct map *owners,
		       uint32_t number)
{
	array_each(path, &package->files) {
		const struct package *row = world_installed_owner(playing->states->world, *path);
		uint32_t before = map_get(owners, *path);

		if (row && !owner_permits(playing, package, row) &&
		    !loses_file(playing, row, *path, number))
			return play_end(
				playing, ANSWER_REFUSES,
				arena_format(playing->arena,
					     "%s is installed by %s, and %s contains it as well",
					     *path, row->name, package->name));
		/* 0 is the requested package: it owns its files before they exist */
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

/* Refuses if MEMBER number AT is older than the version that is there by then: that of the
 * image, or one that is installed before. */
static bool version_play(struct playing *playing, size_t at)
{
	const struct package *package = play_member(playing, at);
	const struct package *row = installed_row(playing->states, package->name);

	for (size_t i = 0; i < at; i++)
		if (strcmp(play_member(playing, i)->name, package->name) == 0)
			row = play_member(playing, i);
	if (!row || package_versions(row, package) < 0) {
		if (strcmp(package->name, "kernel") == 0)
			playing->kernel = package->version;
		return true;
	}
	return play_end(
		playing, ANSWER_REFUSES,
		arena_format(playing->arena,
			     "it needs %s %s, but %s is installed%s, and opkg does not downgrade",
			     package->name, package->version ? package->version : "", row->version,
			     row->origin == PACKAGE_INSTALLED ? "" : " by then"));
}

/* Refuses if MEMBER, which is installed first and replaces the requested package, has
 * one of its files. */
static bool exchange_play(struct playing *playing, const struct package *member)
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
		if (!version_play(playing, i) ||
		    !conflicts_play(playing, play_member(playing, i), playing->count) ||
		    !files_play(playing, play_member(playing, i), &owners, (uint32_t)i + 1) ||
		    !exchange_play(playing, play_member(playing, i)))
			return false;
	return files_play(playing, playing->package, &owners, 0);
}

static void opkg_play(struct playing *playing)
{
	const struct states *states = playing->states;
	const struct package *package = playing->package,
			     *row = installed_row(states, package->name);
	const struct package *replacer = replacer_of(states, package);
	bool crash = states->lacks[world_index(states->world, package)] == LACKS_SENSE;
	bool lacks = states->lacks[world_index(states->world, package)];
	bool merged = world_image(states->world)->database_known && row &&
		      row->depends.count == 0 && package_versions(row, package) == 0;

	if (crash || states->crash) {
		play_crash(playing, crash ? package : states->crash);
		return;
	}
	if (replacer) {
		bool there = replacer->origin == PACKAGE_INSTALLED;

		play_end(playing, there ? ANSWER_KEEPS : ANSWER_REFUSES,
			 arena_format(playing->arena,
				      there ? "the installed %s replaces it and conflicts with it"
					    : "it takes %s in its place, which replaces it and "
					      "conflicts with it",
				      replacer->name));
		return;
	}
	/* an installed package with the requested name */
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

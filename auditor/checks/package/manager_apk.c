/* SPDX-License-Identifier: ISC */
/* Simulates `apk add` of a package on the image with its feeds (apk-tools src/solver.c,
 * src/commit.c, src/database.c). */
#include "checks/package/manager.h"
#include "facts/world/world_providers.h"

#include <string.h>

/* `apk add` (apk-tools src/solver.c, src/commit.c, src/database.c), as far as it matters here.
 * apk chooses all packages anew so that etc/apk/world and the request are satisfied.
 *
 *   1. If a package is requested by name and a version of it, or a package that provides the
 *      name, is installed, nothing changes.
 *   2. A missing dependency is satisfied (manager_apk_choice.c) by a package with that name, or
 *      by one that provides it with a version or a priority. An installed package whose version
 *      does not fit is replaced, also by an older one.
 *   3. If the package kernel is replaced, every installed package with a pin on the old one is
 *      replaced. One that has no replacement is removed if nothing in world needs it; otherwise
 *      apk refuses. apk also refuses if world pins the kernel.
 *   4. A package that provides a name excludes the package with that name, and if it provides a
 *      version, every other provider of the name. Conflicts apply to provided names, in both
 *      directions.
 *   5. Packages that nothing in world needs are removed. What world asks for is selected as
 *      well, and what it excludes is not (manager_apk_world.c).
 *   6. Packages whose install_if is satisfied are added. One that selected packages exclude is
 *      skipped; if it fails for another reason, apk refuses.
 *   7. A file that another package owns is omitted: apk records the package and ends with an
 *      error. */
/* True if an installed package that stays, or a selected one, satisfies NEED. */
static bool need_met(const struct playing *playing, const struct dependency *need)
{
	const struct package *row = world_installed(playing->states->world, need, false);

	if (row && !play_exchanges(playing, row) && !strings_have(&playing->gone, row->name))
		return true;
	return play_meets(playing, need);
}

static bool choose(struct playing *playing, const struct package *package);

static bool formula_choose(struct playing *playing, const struct formula *formula)
{
	const struct package *one;

	array_each(need, formula) {
		if (need_met(playing, need))
			continue;
		one = apk_candidate(playing, need);
		if (!one)
			return play_end(
				playing, ANSWER_REFUSES,
				arena_format(playing->arena,
					     "cannot satisfy %s together with the installed "
					     "packages and the other dependencies",
					     formula->text));
		if (playing->states->lacks[world_index(playing->states->world, one)])
			return play_need_lacks(playing, one);
		if (!choose(playing, one))
			return false;
	}
	return true;
}

/* Adds PACKAGE; company_fill adds its dependencies later. */
static bool choose(struct playing *playing, const struct package *package)
{
	for (size_t i = 0; i < playing->count; i++)
		if (strcmp(play_member(playing, i)->name, package->name) == 0)
			return play_member(playing, i) == package ||
			       play_end(playing, ANSWER_REFUSES,
					arena_format(playing->arena, "%s is needed in two versions",
						     package->name));
	if (strcmp(package->name, "kernel") == 0)
		playing->kernel = package->version;
	return play_add(playing, (uint32_t)world_index(playing->states->world, package));
}

static bool company_fill(struct playing *playing, size_t *at)
{
	for (; *at < playing->count; ++*at)
		array_each(formula, &play_member(playing, *at)->depends)
			if (!formula_choose(playing, formula))
				return false;
	return true;
}

/* Selects what etc/apk/world asks for and the image lacks. A manifest does not say what its
 * packages provide. */
static bool world_fill(struct playing *playing, size_t *at)
{
	if (!world_image(playing->states->world)->database_known)
		return true;
	/* of what is excluded, apk_world_allows says why */
	for (size_t i = 0; i < playing->count; i++)
		if (apk_world_bars(playing, play_member(playing, i)))
			return true;
	array_each(formula, &playing->asks)
		if (!formula_choose(playing, formula))
			return play_end(playing, ANSWER_REFUSES,
					arena_format(playing->arena, "etc/apk/world has %s: %s",
						     formula->text, playing->ret.text));
	return company_fill(playing, at);
}

void apk_wanted_mark(struct playing *playing, bool *wanted)
{
	const struct states *states = playing->states;
	_cleanup_arena_ struct arena scratch = {0};
	size_t *queue = arena_get(&scratch, (states->installed->count + 1) * sizeof *queue),
	       queued = 0;
	const struct formulas *from = &playing->asks;

	if (world_image(states->world)->apk_world.count == 0) {
		memset(wanted, 1, states->installed->count);
		return;
	}
	for (;;) {
		array_each(formula, from)
			array_each(need, formula) {
				/* one with that name is selected, else one that provides it */
				const struct package *row = installed_row(states, need->name);
				size_t number;

				if (!row || !package_satisfies(row, need))
					row = world_installed(states->world, need, false);
				number = row ? (size_t)(row - states->installed->list) : 0;
				if (!row || wanted[number])
					continue;
				wanted[number] = true;
				queue[queued++] = number;
			}
		if (queued == 0)
			break;
		from = &states->installed->list[queue[--queued]].depends;
	}
}

/* Checks the dependencies of ROW, an installed package that stays. It is replaced,
 * removed or makes apk refuse. */
static bool row_fill(struct playing *playing, const struct package *row, bool wanted)
{
	array_each(formula, &row->depends)
		array_each(need, formula) {
			const struct package *instead;

			if (need_met(playing, need) ||
			    !world_installed(playing->states->world, need, false))
				continue;
			instead = apk_successor(playing, row);
			if (instead) {
				if (!choose(playing, instead))
					return false;
				return true;
			}
			if (wanted)
				return play_end(
					playing, ANSWER_REFUSES,
					arena_format(
						playing->arena,
						"the installed %s needs %s, and the feeds have no "
						"other version of it%s",
						row->name, formula->text,
						playing->kernel
							? "; with a feed that has one, apk would "
							  "replace package kernel and all packages "
							  "that depend on it (openwrt#16808): pin "
							  "the kernel in etc/apk/world"
							: ""));
			*array_add(playing->arena, &playing->gone) = row->name;
			return true;
		}
	return true;
}

static bool rows_fill(struct playing *playing, const bool *wanted)
{
	const struct packages *rows = playing->states->installed;
	size_t before, at = playing->count;

	do {
		before = playing->count;
		for (size_t i = 0; i < rows->count; i++)
			if (!play_exchanges(playing, &rows->list[i]) &&
			    !strings_have(&playing->gone, rows->list[i].name) &&
			    !row_fill(playing, &rows->list[i], wanted[i]))
				return false;
		if (!company_fill(playing, &at))
			return false;
	} while (playing->count > before);
	return true;
}

/* True if installing the selected packages triggers OTHER by its install_if. */
static bool is_triggered(const struct playing *playing, const struct package *other)
{
	bool by_new = false;

	array_each(formula, &other->install_if_not)
		if (array_any(against, formula, need_met(playing, against)))
			return false;

	array_each(formula, &other->install_if) {
		bool met = formula->count > 0;

		array_each(need, formula) {
			met &= need_met(playing, need);
			by_new |= play_meets(playing, need);
		}
		if (!met)
			return false;
	}
	return by_new;
}

static bool install_ifs_fill(struct playing *playing)
{
	const struct states *states = playing->states;
	size_t before;

	/* one that was added may trigger another */
	do {
		before = playing->count;
		for (size_t i = 0; i < states->triggers.count; i++) {
			uint32_t index = states->triggers.list[i];
			const struct package *other = world_package(states->world, index);
			size_t at = playing->count;

			if (play_has(playing, index) || installed_row(states, other->name) ||
			    world_ignored(states->world, other) || !is_triggered(playing, other) ||
			    apk_passes_over(playing, other))
				continue;
			if (states->lacks[index]) {
				play_lack(playing, other);
				return false;
			}
			if (!choose(playing, other) || !company_fill(playing, &at))
				return false;
		}
	} while (playing->count > before);
	return true;
}

static bool orphans_find(struct playing *playing, const bool *wanted)
{
	const struct packages *rows = playing->states->installed;

	for (size_t i = 0; i < rows->count; i++) {
		bool needed = wanted[i] || play_exchanges(playing, &rows->list[i]) ||
			      strings_have(&playing->gone, rows->list[i].name);

		for (size_t j = 0; j < playing->count && !needed; j++)
			array_each(formula, &play_member(playing, j)->depends)
				array_each(need, formula)
					needed |= package_satisfies(&rows->list[i], need);
		if (!needed)
			*array_add(playing->arena, &playing->gone) = rows->list[i].name;
	}
	return true;
}

/* Simulates installing the package as a file. False if apk refuses. */
static bool apk_play(struct playing *playing, bool *wanted)
{
	const struct states *states = playing->states;
	const struct package *package = playing->package;
	struct strings changed = {0};
	size_t at = 0;

	if (!apk_world_read(playing))
		return false;
	if (states->lacks[world_index(states->world, package)]) {
		play_lack(playing, package);
		return false;
	}
	apk_wanted_mark(playing, wanted);
	if (!choose(playing, package) || !company_fill(playing, &at) || !world_fill(playing, &at) ||
	    !rows_fill(playing, wanted) || !install_ifs_fill(playing) ||
	    !apk_world_allows(playing, wanted) || !apk_excludes(playing, wanted) ||
	    !orphans_find(playing, wanted) || !apk_files(playing))
		return false;

	for (size_t i = 1; i < playing->count; i++)
		if (installed_row(states, play_member(playing, i)->name))
			*array_add(playing->arena, &changed) = play_member(playing, i)->name;
	playing->ret.kernel = playing->kernel != NULL;
	if (playing->kernel)
		play_end(playing, ANSWER_REPLACES, playing->kernel);
	else if (changed.count > 0)
		play_end(playing, ANSWER_REPLACES,
			 arena_format(playing->arena, "%zu installed packages: %s", changed.count,
				      strings_join(playing->arena, &changed, 6)));
	else if (playing->gone.count > 0)
		play_end(playing, ANSWER_REPLACES,
			 arena_format(playing->arena, "removing %s",
				      strings_join(playing->arena, &playing->gone, 6)));
	return true;
}

/* The text for a request by name that changes nothing, because ROW has the name or
 * provides it. FILE is the answer for the package as a file. */
static const char *kept_text(const struct playing *playing, const struct package *row,
			     const struct answering *file)
{
	const struct package *package = playing->package;
	bool own = strcmp(row->name, package->name) == 0,
	     kernel = file->answer == ANSWER_REPLACES && file->kernel;
	const char *goes = own ? "would take its place" : "would be installed";
	const char *does[] = {
		[ANSWER_ACCEPTS] = goes,
		[ANSWER_KEEPS] = "changes nothing",
		[ANSWER_REPLACES] = arena_format(playing->arena, "%s, with ", goes),
		[ANSWER_REFUSES] = "is refused: ",
		[ANSWER_BREAKS] = arena_format(playing->arena, "%s, but ", goes),
		[ANSWER_UNKNOWN] = "may be taken or not: ",
	};
	const char *why =
		own ? arena_format(playing->arena, "version %s is installed", row->version)
		    : arena_format(playing->arena, "the installed %s provides it", row->name);

	return arena_format(playing->arena, "%s; given as a file, version %s %s%s%s", why,
			    package->version, does[file->answer],
			    kernel ? "the package kernel " : "", file->text ? file->text : "");
}

static bool is_same_build(const struct package *row, const struct package *package)
{
	return row->stated_identity && package->stated_identity &&
	       strcmp(row->stated_identity, package->stated_identity) == 0;
}

struct answering apk_answers(struct arena *arena, const struct states *states,
			     const struct package *package)
{
	struct playing playing = {.arena = arena, .states = states, .package = package};
	const struct package *own = installed_row(states, package->name);
	const struct package *row = own ? own : installed_provider(states, package);
	bool *wanted = arena_get(arena, states->installed->count + 1);
	struct answering file = {.answer = ANSWER_KEEPS};

	if (!row || !is_same_build(row, package))
		apk_play(&playing, wanted);
	playing.ret.absent = play_absent(&playing);
	if (!row)
		return playing.ret;
	if (!is_same_build(row, package))
		file = playing.ret;
	play_end(&playing, ANSWER_KEEPS, kept_text(&playing, row, &file));
	return playing.ret;
}

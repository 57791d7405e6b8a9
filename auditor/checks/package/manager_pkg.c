/* SPDX-License-Identifier: ISC */
/* Writes the finding about what FreeBSD's pkg does when asked for
 * a package (libpkg/pkg_add.c). */
#include "base/text.h"
#include "checks/checks.h"
#include "checks/kld/kld_checks.h"
#include "checks/package/manager.h"
#include "facts/catalogue/pkg_repo.h"
#include "facts/package/pkg.h"
#include "facts/package/pkg_formula.h"

#include <string.h>

/* pkg reads the system's version from one of its programs (/usr/bin/uname). If only the
 * kernel of an image is known, the kernel's version counts. */
struct pkg_system {
	uint64_t osversion; /* 0: unknown */
	const char *abi; /* "FreeBSD:14:amd64", or NULL */
};

static struct pkg_system system_of(struct arena *arena, const struct image *image)
{
	struct pkg_system system = {
		.osversion = image_osreldate(image) > 0 ? (uint64_t)image_osreldate(image) : 0};
	/* as MACHINE_ARCH names it. The head of an ELF file does not say which ARM it is. */
	const char *arch = image->machine.elf ? machine_name(arena, image->machine) : NULL;

	if (arch && strcmp(arch, "arm") == 0)
		arch = image->kernel && image->kernel->kld ? image->kernel->kld->arm : NULL;
	else if (arch && strcmp(arch, "x86_64") == 0)
		arch = "amd64";
	system.abi = pkg_system_abi(arena, system.osversion, arch);
	return system;
}

/* A clause with the dependencies that no feed has; whether they are installed
 * is not known. */
static const char *needs_words(struct arena *arena, const struct states *states,
			       const struct package *package)
{
	struct strings names = {0};
	uint32_t at = 0;
	size_t other;

	array_each(formula, &package->depends) {
		bool there = false;

		at = 0;
		for (size_t i = 0; i < NAMINGS_MOST && !there &&
				   world_named(states->world, formula->list->name, &at, &other);
		     i++)
			there = package_satisfies(world_package(states->world, other),
						  formula->list);
		if (!there)
			*array_add(arena, &names) = formula->list->name;
	}
	if (names.count == 0)
		return "";
	return arena_format(arena, "; needed and not in the feeds: %s",
			    strings_join(arena, &names, 6));
}

enum met { MET, MET_UNKNOWN, MET_NOT };

/* Whether a package of the feeds is one that FORMULA asks for. *WHICH gets the package
 * whose options are not known. */
static enum met dep_formula_met(const struct states *states, const struct pkg_formula *formula,
				const char **which)
{
	enum met met = MET_NOT;

	array_each(choice, formula) {
		uint32_t at = 0;
		size_t other;

		for (size_t i = 0;
		     i < NAMINGS_MOST && world_named(states->world, choice->name, &at, &other);
		     i++) {
			const struct package *found = world_package(states->world, other);

			if (strcmp(found->name, choice->name) != 0 || !found->version ||
			    !pkg_choice_takes(choice, found->version))
				continue;
			if (!choice->options)
				return MET;
			met = MET_UNKNOWN;
			*which = choice->name;
		}
	}
	return met;
}

/* A clause about the dep_formula. pkg reads it of installed packages
 * only, so that neither pkg add nor pkg install asks for what it
 * names (libpkg/pkgdb_iterator.c, pkgdb_load_deps). */
static const char *formula_words(struct arena *arena, const struct states *states,
				 const struct package *package)
{
	struct strings missing = {0};
	struct pkg_formulas formulas;
	const char *said = package->pkg->dep_formula, *which = NULL, *words = "";

	if (!said)
		return "";
	if (!pkg_formulas_read(arena, said, &formulas))
		return arena_format(arena, "; pkg cannot parse its dep_formula: %s", said);
	array_each(formula, &formulas) {
		enum met met = dep_formula_met(states, formula, &which);

		if (met == MET_NOT)
			*array_add(arena, &missing) = formula->text;
		else if (met == MET_UNKNOWN)
			words = arena_format(arena,
					     "%s; whether %s has the options of its dep_formula, "
					     "%s, is not known",
					     words, which, formula->text);
	}
	if (missing.count == 0)
		return words;
	return arena_format(arena,
			    "%s; its dep_formula asks for what the feeds do not have, and pkg "
			    "installs it without: %s",
			    words, strings_join(arena, &missing, 6));
}

/* A clause with the shared libraries that PACKAGE uses and does not have. pkg install looks for
 * packages that have them and goes on without (libpkg/pkg_solve.c, pkg_solve_add_require_rule);
 * pkg add looks in the system, the database and a folder of links (pkg_add.c,
 * pkg_add_check_pkg_archive), none of which is read here. */
static const char *libraries_words(struct arena *arena, const struct package *package)
{
	struct strings names = {0};

	array_each(name, &package->pkg->shlibs_required)
		if (!strings_have(&package->pkg->shlibs_provided, *name))
			*array_add(arena, &names) = *name;
	if (names.count == 0)
		return "";
	return arena_format(
		arena,
		"; it uses shared libraries, and pkg add of pkg 2.7 and later refuses it "
		"unless the system or an installed package has them: %s",
		strings_join(arena, &names, 6));
}

static const char *accepting(struct arena *arena, const struct states *states,
			     const struct package *package, bool fits)
{
	const char *database = world_image(states->world)->pkg_database;
	const char *needs = arena_format(arena, "%s%s%s", needs_words(arena, states, package),
					 formula_words(arena, states, package),
					 libraries_words(arena, package));

	/* pkg add keeps an installed package of the same or a newer version, and leaves an older
	 * one that is locked (pkg_add.c, pkg_add_check_pkg_archive); pkg install changes none
	 * that is locked (pkg_jobs.c, pkg_jobs_need_upgrade) */
	if (database)
		needs = arena_format(arena,
				     "%s; not if the image has it in this version or a newer one, "
				     "or locked (pkg lock): %s is not read",
				     needs, database);
	return fits ? arena_format(arena, "pkg accepts it: pkg add ./%s%s",
				   path_last(package->file), needs)
		    : arena_format(arena,
				   "pkg accepts it: it compares ABI and FreeBSD_version, not "
				   "modules%s",
				   needs);
}

static const char *answer_text(struct arena *arena, const struct states *states,
			       const struct package *package, bool fits, struct finding *finding)
{
	struct pkg_system system = system_of(arena, world_image(states->world));
	const char *why;
	enum pkg_answer answer = pkg_answers(arena, package, system.abi, system.osversion, &why);

	if (answer != PKG_REFUSES_ABI && answer != PKG_REFUSES_VERSION &&
	    package->pkg->unlisted.count > 0) {
		finding->found = "refuses";
		return arena_format(arena, "pkg refuses it: File /%s not specified in the manifest",
				    package->pkg->unlisted.list[0]);
	}
	switch (answer) {
	case PKG_ACCEPTS:
		finding->found = "accepts";
		return accepting(arena, states, package, fits);
	case PKG_ASKS:
		finding->found = "asks";
		return arena_format(arena,
				    "pkg asks, and without an answer refuses it: %s (with "
				    "IGNORE_OSVERSION=yes it does not compare)",
				    why);
	case PKG_REFUSES_ABI:
	case PKG_REFUSES_VERSION:
		finding->found = "refuses";
		return arena_format(arena, "pkg refuses it: %s", why);
	case PKG_UNKNOWN:
		break;
	}
	finding->outcome = OUTCOME_UNKNOWN;
	return arena_format(arena, "it is not known what pkg does: %s", why);
}

/* The catalogue that lists PACKAGE, or NULL. */
static const struct pkg_listing *listing_of(const struct states *states,
					    const struct package *package)
{
	const struct feed *feed = &world_feeds(states->world)->list[package->feed];

	if (!package->listed || !package->file || !feed->listings)
		return NULL;
	return array_find(
		one, feed->listings,
		strncmp(package->file, one->path, (size_t)(path_last(one->path) - one->path)) == 0);
}

/* What pkg answers to the first row of LISTING that it does not take; it
 * then takes none. */
static enum pkg_answer listing_answer(struct arena *arena, const struct pkg_system *system,
				      const struct pkg_listing *listing, const char **why)
{
	array_each(row, &listing->kinds) {
		enum pkg_answer answer =
			pkg_answers(arena, row, system->abi, system->osversion, why);

		if (answer == PKG_ACCEPTS)
			continue;
		*why = arena_format(arena, "its catalogue lists %s: %s", row->name, *why);
		return answer;
	}
	*why = "its catalogue has a row that pkg cannot read";
	return listing->bad > 0 ? PKG_REFUSES_ABI : PKG_ACCEPTS;
}

/* pkg install needs the whole repository; pkg add needs the file only, and OWN
 * is about that. */
static const char *repository_text(struct arena *arena, const struct states *states,
				   const struct package *package, const char *own,
				   struct finding *finding)
{
	const struct pkg_listing *listing = listing_of(states, package);
	struct pkg_system system = system_of(arena, world_image(states->world));
	const char *why = NULL;
	enum pkg_answer answer =
		listing ? listing_answer(arena, &system, listing, &why) : PKG_ACCEPTS;
	bool refused = finding->found && strcmp(finding->found, "refuses") == 0;

	if (answer == PKG_ACCEPTS || finding->outcome == OUTCOME_UNKNOWN)
		return own;
	if (refused)
		return arena_format(arena, "%s; pkg refuses the whole repository as well: %s", own,
				    why);
	if (answer == PKG_ASKS) {
		finding->found = "asks";
		return arena_format(arena,
				    "pkg asks, and without an answer refuses the whole repository: "
				    "%s; as a file: %s",
				    why, own);
	}
	if (answer == PKG_UNKNOWN) {
		finding->outcome = OUTCOME_UNKNOWN;
		return arena_format(arena,
				    "it is not known whether pkg takes the repository: %s; as a "
				    "file: %s",
				    why, own);
	}
	finding->found = "refuses";
	return arena_format(arena, "pkg refuses the whole repository: %s; as a file: %s", why, own);
}

void check_manager_pkg(struct arena *arena, const struct states *states,
		       const struct package *package, bool fits, struct findings *findings)
{
	const struct image *image = world_image(states->world);
	struct finding *finding;

	if (package->origin != PACKAGE_FILE || package->problem || image->loader != LOADER_FREEBSD)
		return;
	finding = finding_add(arena, findings, "package-manager", OUTCOME_REMARK, NULL, "pkg");
	finding->witness[0] = image->boot ? image->boot->source_witness : image->kernel_witness;
	finding->witness[1] = package->pkg->witness;
	finding->text = answer_text(arena, states, package, fits, finding);
	finding->text = repository_text(arena, states, package, finding->text, finding);
}

/* SPDX-License-Identifier: ISC */
/* Checks the Depends of a package (check_package_depends), contradictory pins on a
 * kernel, and conflicts with installed packages (check_conflicts). */
#include "checks/checks.h"
#include "checks/state/state.h"

#include <string.h>

static bool carries_modules(const struct package *package)
{
	for (size_t i = 0; i < package->files.count; i++)
		if (module_is_path(package->files.list[i]))
			return true;
	/* a row of a manifest has only a name and a version */
	return package->modules.count > 0 || strncmp(package->name, "kmod-", 5) == 0;
}

static const char *titled(struct arena *arena, const struct package *package)
{
	return arena_format(arena, "%s%s%s", package->name, package->version ? " " : "",
			    package->version ? package->version : "");
}

/* True if the modules find all their symbols and modules, so that they work without a
 * missing package. A package without modules does not show this. */
static bool modules_resolved(const struct package *package, const struct examination *examination)
{
	static const char *const ids[] = {"symbol-missing", "symbol-hidden", "module-depends"};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (examination_has(examination, ids[i], OUTCOME_UNKNOWN, NULL) ||
		    examination_has(examination, ids[i], OUTCOME_FAILS, NULL))
			return false;
	return package->modules.count > 0;
}

/* The finding for an unsatisfied dependency. */
struct lack {
	const char *id;
	enum outcome outcome;
};

static struct lack lack_of(const struct image *image, bool resolved, const struct formula *formula,
			   enum satisfied satisfied, const struct package *other)
{
	if (satisfied == SATISFIED_ELSEWHERE)
		return (struct lack){"package-depends", package_foreign(image, other)
								? OUTCOME_FAILS
								: OUTCOME_UNKNOWN};
	/* a dependency on another version of the kernel, or of other modules, states
	 * that the package does not fit */
	if (satisfied == SATISFIED_WRONG_VERSION)
		return (struct lack){carries_modules(other) || strcmp(other->name, "kernel") == 0
					     ? "package-depends"
					     : "package-missing",
				     OUTCOME_FAILS};
	if (strncmp(formula->text, "kmod-", 5) == 0 && !resolved)
		return (struct lack){"package-depends", OUTCOME_UNKNOWN};
	return (struct lack){"package-missing",
			     installed_known(image) ? OUTCOME_FAILS : OUTCOME_UNKNOWN};
}

/* What the modules of a package need from packages that do not exist. */
struct wanting {
	size_t packages; /* needed packages with modules that do not exist */
	/* imports that nothing exports; if one package is missing, they are assumed to
	 * be its exports */
	size_t symbols;
	const char *symbol; /* the first of them */
};

static struct wanting wanting_of(const struct world *world, const struct package *package,
				 const struct examination *examination)
{
	const struct package *other = NULL;
	struct wanting wanting = {0};

	array_each(formula, &package->depends)
		wanting.packages +=
			formula->count > 0 && !formula->optional &&
			strncmp(formula->text, "kmod-", 5) == 0 &&
			world_satisfies(world, package, formula, &other) == SATISFIED_NOT;
	array_each(finding, &examination->findings) {
		if (finding->outcome != OUTCOME_UNKNOWN ||
		    (strcmp(finding->id, "symbol-missing") != 0 &&
		     strcmp(finding->id, "symbol-hidden") != 0))
			continue;
		wanting.symbol = wanting.symbol ? wanting.symbol : finding->subject;
		wanting.symbols += 1 + finding->more;
	}
	return wanting;
}

static const char *lack_text(struct arena *arena, const struct image *image,
			     const struct formula *formula, enum satisfied satisfied,
			     const struct package *other, const struct wanting *wanting)
{
	if (satisfied == SATISFIED_ELSEWHERE)
		return arena_format(
			arena,
			"cannot satisfy %s: the only candidate, %s, is for another kernel abi",
			formula->text, titled(arena, other));
	if (satisfied == SATISFIED_WRONG_VERSION)
		return arena_format(arena, "cannot satisfy %s: the only candidate is %s",
				    formula->text, titled(arena, other));

	const char *which = "",
		   *nowhere = installed_known(image)
				      ? "neither in the image nor in the feeds"
				      : "not in the feeds; the image's packages are not known";
	if (wanting->packages == 1 && wanting->symbols > 0 &&
	    strncmp(formula->text, "kmod-", 5) == 0)
		which = arena_format(arena, ", which should export %s%s,", wanting->symbol,
				     wanting->symbols == 1
					     ? ""
					     : arena_format(arena, " and %zu more symbol%s",
							    wanting->symbols - 1,
							    wanting->symbols == 2 ? "" : "s"));
	return arena_format(arena, "%s%s is %s", formula->text, which, nowhere);
}

/* Each id and outcome has its own fold, so that unknown findings do not
 * hide an error. */
enum { LACKS = 4 };

static void need_check(const struct world *world, const struct package *package,
		       const struct formula *formula, const struct wanting *wanting,
		       struct fold *folds, struct examination *examination)
{
	const struct image *image = world_image(world);
	const struct package *other = NULL;
	enum satisfied satisfied = world_satisfies(world, package, formula, &other);

	if (satisfied == SATISFIED_INSTALLED || satisfied == SATISFIED_FEED)
		return;

	struct lack lack =
		lack_of(image, modules_resolved(package, examination), formula, satisfied, other);
	size_t number = (strcmp(lack.id, "package-missing") == 0 ? 2 : 0) +
			(lack.outcome == OUTCOME_FAILS ? 1 : 0);

	struct finding *finding = examine_folded(examination, &folds[number], lack.id, lack.outcome,
						 NULL, formula->text);
	if (!finding)
		return;
	finding_show(finding, formula->text, other ? other->witness : image->database_witness,
		     other ? titled(examination->arena, other) : NULL, package->witness);
	finding->text = lack_text(examination->arena, image, formula, satisfied, other, wanting);
	if (lack.outcome == OUTCOME_UNKNOWN)
		finding->settle = arena_format(
			examination->arena,
			"the feed that has %s for the image's kernel, or a build of it "
			"from that kernel's sources",
			formula->text);
}

void check_package_depends(const struct world *world, const struct package *package,
			   struct examination *examination)
{
	const struct wanting wanting = wanting_of(world, package, examination);
	struct fold folds[LACKS] = {0};

	/* two pins on different versions of the kernel: no kernel satisfies both */
	if (package->other_pin) {
		struct finding *finding = examine(examination, "package-depends", OUTCOME_FAILS,
						  NULL, package->other_pin);

		finding_show(finding, NULL, NULL, package->other_pin, package->witness);
		finding->text = arena_format(
			examination->arena,
			"cannot satisfy %s: the package also depends on another kernel version",
			package->other_pin);
	}
	array_each(formula, &package->depends) {
		bool pin = formula->count == 1 && dependency_is_kernel(&formula->list[0]);

		if (formula->count > 0 && !formula->optional && !pin)
			need_check(world, package, formula, &wanting, folds, examination);
	}
}

/* Reports a conflict with the row OTHER, which is installed or only WANTED. */
static void row_check(const struct package *package, const struct formula *formula,
		      const struct package *other, bool wanted, struct examination *examination)
{
	struct finding *finding;

	if (strcmp(other->name, package->name) == 0 ||
	    !array_any(against, formula, conflict_concerns(package, against, other)))
		return;
	finding = examine(examination, "package-conflicts", OUTCOME_FAILS, NULL, other->name);
	finding_show(finding, titled(examination->arena, other), other->witness, formula->text,
		     package->witness);
	finding->text = arena_format(
		examination->arena, "conflicts with %s%s%s%s", wanted ? "" : "the installed ",
		finding->expected, wanted ? ", whose status is " : "", wanted ? other->status : "");
}

/* Reports packages that are installed according to the database, or else the manifest,
 * and those that the database wants installed. */
static void conflict_check(const struct image *image, const struct package *package,
			   const struct formula *formula, struct examination *examination)
{
	array_each(row, image->database_known ? &image->packages : &image->manifest)
		row_check(package, formula, row, false, examination);
	if (package->apk)
		return;
	array_each(row, &image->wanted)
		row_check(package, formula, row, true, examination);
}

/* apk also checks the conflicts of installed packages; opkg only those of
 * the new one. */
static void conflicted_check(const struct image *image, const struct package *package,
			     struct examination *examination)
{
	array_each(installed, &image->packages) {
		if (!installed->apk || strcmp(installed->name, package->name) == 0)
			continue;
		array_each(formula, &installed->conflicts) {
			if (formula->count == 0 || !package_satisfies(package, &formula->list[0]))
				continue;
			struct finding *finding = examine(examination, "package-conflicts",
							  OUTCOME_FAILS, NULL, installed->name);
			finding_show(finding, titled(examination->arena, installed),
				     installed->witness, formula->text, package->witness);
			finding->text = arena_format(
				examination->arena, "the installed %s conflicts with it: !%s",
				installed->name, formula->text + (formula->text[0] == '!'));
			break;
		}
	}
}

void check_conflicts(const struct world *world, const struct package *package,
		     struct examination *examination)
{
	const struct image *image = world_image(world);

	array_each(formula, &package->conflicts) {
		if (installed_known(image)) {
			conflict_check(image, package, formula, examination);
			continue;
		}
		struct finding *finding = examine(examination, "package-conflicts", OUTCOME_UNKNOWN,
						  NULL, formula->text);

		finding_show(finding, NULL, image->database_witness, formula->text,
			     package->witness);
		finding->text = arena_format(
			examination->arena, "conflicts with %s; the image's packages are not known",
			formula->text);
		finding->settle = "--image-manifest";
	}
	if (package->apk)
		conflicted_check(image, package, examination);
}

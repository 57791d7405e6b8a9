/* SPDX-License-Identifier: ISC */
/* Decides whether what differs between two kernels can change the modules
 * of a package. */
#include "checks/proof/config_proof.h"
#include "checks/proof/layout_exposure.h"
#include "facts/world/world_sets.h"

#include <string.h>

/* what speaks against MODULE in the difference of the =m options */
static const char *module_near(const struct world *world, const struct package *package,
			       const struct module *module, const struct comparison *comparison,
			       struct arena *arena)
{
	array_each(change, &comparison->structs) {
		struct exposed exposed =
			module_exposed(world, package, module, &comparison->layout, change);

		if (exposed.exposure == EXPOSURE_CLEAN)
			continue;

		const struct dragged *follows = array_find(
			entry, &comparison->follows, strcmp(entry->option, change->option) == 0);
		const char *option = follows ? arena_format(arena, "%s, which follows %s,",
							    change->option, follows->by)
					     : change->option;

		return arena_format(arena, "%s changes struct %s, and %s %s%s", option,
				    change->name, module->name,
				    exposed.exposure == EXPOSURE_DIRECT ? "uses it" : "may use it",
				    exposed.symbol ? arena_format(arena, " (%s)", exposed.symbol)
						   : "");
	}
	array_each(entry, &comparison->privates) {
		const struct private_struct *found = *entry;
		const char *by = module_near_private(&comparison->layout, module, found);

		if (by)
			return arena_format(
				arena, "CONFIG_%s changes struct %s (%s), and %s uses it (%s)",
				found->option, found->structs, found->header, module->name, by);
	}
	return NULL;
}

/* True if what differs between two requests did not change MODULE: its code and data
 * are those of the module that was built for the image's kernel. */
static bool is_native(const struct world *world, const struct module *module,
		      const struct comparison *comparison)
{
	return comparison->by_sets && world_module_native(world, module);
}

/* Options that are built in or have values, and may change the code of a module of PACKAGE: a
 * clause; NULL: there are none. */
static const char *core_reaches(const struct world *world, const struct package *package,
				const struct comparison *comparison, struct arena *arena)
{
	struct strings names = {0};
	bool reaches = false;

	array_each(change, &comparison->reaching)
		array_each(module, &package->modules)
			reaches = reaches ||
				  (!is_native(world, module, comparison) &&
				   (build_option_find(comparison->layout.build, change->name) ||
				    !module_spared(&comparison->layout, module, change->name)));
	if (!reaches)
		return NULL;
	array_each(change, &comparison->reaching)
		*array_add(arena, &names) = change->name;
	return arena_format(arena, "%s differ in options that may change the modules: %s",
			    comparison->by_sets
				    ? "the lines behind the hashes, and what follows them,"
				    : "the kernel configs",
			    strings_join(arena, &names, 4));
}

static bool symbols_doubtful(const struct examination *examination)
{
	static const char *const ids[] = {"symbol-missing",   "symbol-hidden", "symbol-gpl",
					  "symbol-namespace", "this-module",   "foreign-module"};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		if (examination_has(examination, ids[i], OUTCOME_FAILS, NULL))
			return true;
		/* a kernel without modules of its own has no struct module to compare;
		 * equal configs lay it out equally */
		if (strcmp(ids[i], "this-module") != 0 &&
		    examination_has(examination, ids[i], OUTCOME_UNKNOWN, NULL))
			return true;
	}
	return false;
}

static const char *rules_missing(const struct comparison *comparison, struct arena *arena)
{
	const struct layout_choice *layout = &comparison->layout;

	if (!layout->rules || !layout->exact)
		return arena_format(arena, "there are no layout rules for kernel %s%s%s",
				    comparison->image->release,
				    layout->rules ? "; the nearest are for " : "",
				    layout->rules ? layout_rules_series(layout->rules) : "");
	if (!layout_rules_graded(layout->rules))
		return arena_format(arena,
				    "the layout rules of %s are incomplete: they can show that a "
				    "module does not fit, but not that it fits",
				    layout_rules_series(layout->rules));
	return NULL;
}

const char *comparison_reaches(const struct world *world, const struct package *package,
			       const struct comparison *comparison,
			       const struct examination *examination)
{
	struct arena *arena = examination->arena;
	const char *why, *near;

	if (comparison->unusable)
		return comparison->unusable;
	if (comparison->seed)
		return arena_format(arena,
				    "%s shuffles the members of structs with a seed for each "
				    "build; only the same build fits",
				    comparison->seed);
	why = core_reaches(world, package, comparison, arena);
	if (why)
		return why;
	/* a package without modules has nothing that could change */
	if (comparison->foreign.count > 0 &&
	    array_any(module, &package->modules, !is_native(world, module, comparison)))
		return arena_format(arena,
				    "options differ that Linux %s does not have, so what they "
				    "change is not known: %s",
				    layout_rules_series(comparison->layout.rules),
				    strings_join(arena, &comparison->foreign, 4));
	why = rules_missing(comparison, arena);
	if (why)
		return why;
	array_each(module, &package->modules) {
		if (is_native(world, module, comparison))
			continue;
		near = module->problem ? "a module cannot be read"
				       : module_near(world, package, module, comparison, arena);
		if (near)
			return near;
	}
	return symbols_doubtful(examination)
		       ? arena_format(
				 arena,
				 "%s allow it, but its symbols or its struct module do not fit",
				 comparison->by_sets ? "the lines behind the hashes"
						     : "the kernel configs")
		       : NULL;
}

const char *comparison_unexplained(const struct world *world, const struct package *package,
				   const struct comparison *comparison, struct arena *arena)
{
	struct strings names = {0};

	/* a twin that differs because of a struct that the configs change does not show that
	 * sources or compiler differ; those of PACKAGE itself are never excused */
	array_each(twin, &world_twins(world, package)->differ)
		if (twin->package == package ||
		    !module_near(world, twin->package, twin->module, comparison, arena))
			*array_add(arena, &names) = twin->module->name;
	strings_unique(&names);

	return names.count == 0
		       ? NULL
		       : arena_format(arena,
				      "%s allow it, but modules that the image also has differ in "
				      "code or data: %s",
				      comparison->by_sets ? "the lines behind the hashes"
							  : "the kernel configs",
				      strings_join(arena, &names, 4));
}

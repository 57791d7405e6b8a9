/* SPDX-License-Identifier: ISC */
/* Decides the proof config-core: both kernel configs have the same =y options, and no =m
 * option that differs changes a struct that the modules of the package use. */
#include "checks/proof/layout_exposure.h"
#include "checks/proof/identity.h"

#include <string.h>

static const char *core_text(struct arena *arena, const struct comparison *comparison)
{
	struct strings names = {0};

	array_each(change, &comparison->reaching)
		*array_add(arena, &names) = change->name;
	return arena_format(arena,
			    "the kernel configs differ in options that may change the modules: %s",
			    strings_join(arena, &names, 4));
}

/* Why the differing =m options may change MODULE; NULL if they do not. */
static const char *module_near(const struct world *world, const struct package *package,
			       const struct module *module, const struct comparison *comparison,
			       struct arena *arena)
{
	array_each(change, &comparison->structs) {
		struct exposed exposed =
			module_exposed(world, package, module, &comparison->layout, change);

		if (exposed.exposure == EXPOSURE_CLEAN)
			continue;
		return arena_format(arena, "%s changes struct %s, and %s %s%s", change->option,
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

/* True if =y options or values that differ may change the code of a module of PACKAGE. */
static bool core_changes(const struct package *package, const struct comparison *comparison)
{
	array_each(change, &comparison->reaching)
		array_each(module, &package->modules)
			if (build_option_find(comparison->layout.build, change->name) ||
			    !module_spared(&comparison->layout, module, change->name))
				return true;
	return false;
}

/* True if TWIN differs from the image's module because of a struct that the configs change. Then
 * its difference does not show that sources or compiler differ. */
static bool twin_excused(const struct world *world, const struct provider *twin,
			 const struct comparison *comparison, struct arena *arena)
{
	return module_near(world, twin->package, twin->module, comparison, arena) != NULL;
}

/* Names of the differing twins that the configs do not explain. Those of PACKAGE itself always
 * count. */
static struct strings twins_unexplained(const struct world *world, const struct package *package,
					const struct comparison *comparison, struct arena *arena)
{
	struct strings names = {0};

	array_each(twin, &world_twins(world, package)->differ)
		if (twin->package == package || !twin_excused(world, twin, comparison, arena))
			*array_add(arena, &names) = twin->module->name;
	strings_unique(&names);
	return names;
}

/* Why the builds may differ although their configs are equal, or NULL: sources and compiler must
 * be equal too. That is shown by the compiler that both configs name, or by equal twins. */
static const char *build_doubtful(const struct world *world, const struct package *package,
				  const struct comparison *comparison, struct arena *arena)
{
	struct strings unexplained = twins_unexplained(world, package, comparison, arena);

	if (unexplained.count > 0)
		return arena_format(arena,
				    "the kernel configs allow it, but modules that the image also "
				    "has differ in code or data: %s",
				    strings_join(arena, &unexplained, 4));
	if (!comparison->compiler && world_twins(world, package)->equal == 0)
		return "the kernel configs do not state the same compiler, and no module exists on "
		       "both sides to compare the builds";
	return NULL;
}

static bool symbols_doubtful(const struct examination *examination)
{
	static const char *const ids[] = {"symbol-missing",   "symbol-hidden", "symbol-gpl",
					  "symbol-namespace", "this-module",   "foreign-module"};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		if (examination_has(examination, ids[i], OUTCOME_FAILS, NULL))
			return true;
		/* an image without modules shows no struct module, but equal configs give it the
		 * same layout */
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

static const char *unproven(const struct world *world, const struct package *package,
			    const struct examination *examination)
{
	struct arena *arena = examination->arena;
	const char *why, *near = NULL;
	const struct comparison *comparison = world_comparison(world, package, &why);

	if (!comparison)
		return why;
	if (image_exports(world_image(world))->doubt)
		return image_exports(world_image(world))->doubt;
	if (comparison->unusable)
		return comparison->unusable;
	if (comparison->seed)
		return arena_format(arena,
				    "%s shuffles the members of structs with a seed for each "
				    "build; only the same build fits",
				    comparison->seed);
	if (core_changes(package, comparison))
		return core_text(arena, comparison);
	if (comparison->foreign.count > 0)
		return arena_format(arena,
				    "options differ that Linux %s does not have, so what they "
				    "change is not known: %s",
				    layout_rules_series(comparison->layout.rules),
				    strings_join(arena, &comparison->foreign, 4));
	why = rules_missing(comparison, arena);
	if (why)
		return why;
	array_each(module, &package->modules) {
		near = module->problem ? "a module cannot be read"
				       : module_near(world, package, module, comparison, arena);
		if (near)
			return near;
	}
	if (symbols_doubtful(examination))
		return "the kernel configs allow it, but its symbols or its struct module do not "
		       "fit";
	return build_doubtful(world, package, comparison, arena);
}

static void proof_report(const struct world *world, const struct package *package,
			 struct examination *examination)
{
	const char *why;
	const struct comparison *comparison = world_comparison(world, package, &why);
	const struct config_difference *difference = &comparison->difference;
	const struct twins *twins = world_twins(world, package);
	const struct tie *tie = world_tie(world, package);
	struct finding *finding =
		examine(examination, "config-core", OUTCOME_HOLDS, NULL, "kernel config");

	finding->witness[0] = comparison->image->witness;
	finding->witness[1] = comparison->feed->witness;
	finding->text = arena_format(
		examination->arena,
		"the kernel configs have the same =y options; of %zu =m options that differ, none "
		"changes a struct that its modules use; %s; the feed's config belongs to %s: %s",
		difference->modules_added.count + difference->modules_removed.count,
		comparison->compiler
			? "both state the same compiler"
			: arena_format(examination->arena,
				       "%zu of %zu modules that exist on both sides are equal",
				       twins->equal, twins->count),
		world_build_name(world, package), tie->how);
}

void check_proof_config(const struct world *world, const struct package *package,
			struct examination *examination)
{
	/* a package without modules may stand for a built-in; then equal =y options are enough */
	if (!package_pinned(package))
		return;
	examination->unproven[PROOF_CONFIG_CORE] = unproven(world, package, examination);
	examination->proven[PROOF_CONFIG_CORE] = !examination->unproven[PROOF_CONFIG_CORE];
	if (examination->proven[PROOF_CONFIG_CORE])
		proof_report(world, package, examination);
}

/* SPDX-License-Identifier: ISC */
/* Reports the structs that the configs of image and feed lay out differently and
 * that a module of the package handles. Equal CRCs of the symbols that take such a
 * struct contradict it. */
#include "checks/proof/identity.h"
#include "checks/proof/layout_exposure.h"
#include "checks/proof/symbol_crcs.h"
#include "facts/world/world_sets.h"

#include <string.h>

static const char *value_text(const char *value)
{
	return value ? value : "not set";
}

/* The value in the image's kernel, or in the feed's. */
static const char *option_value(const struct comparison *comparison, const char *option, bool image)
{
	const struct config_difference *difference = &comparison->difference;
	const struct option_changes *const all[] = {
		&difference->core_added, &difference->core_removed, &difference->core_changed,
		&difference->modules_added, &difference->modules_removed};

	/* the difference of two requests says what follows from the lines */
	for (size_t i = 0; comparison->by_sets && i < sizeof all / sizeof *all; i++)
		array_each(change, all[i])
			if (strcmp(change->name, option) == 0)
				return value_text(image ? change->before : change->after);
	return value_text(config_get(image ? comparison->image : comparison->feed, option));
}

/* The findings about one module, folded by outcome. */
struct layout_folds {
	struct fold differs, contradicted;
};

/* The first import that takes the struct of CHANGE, if all that do have the CRC that
 * the image exports: genksyms saw the same members in both builds. NULL if one of them
 * has another CRC or none, or if MODULE imports none. */
static const char *crc_against(const struct world *world, const struct package *package,
			       const struct module *module, const struct struct_change *change,
			       struct arena *arena)
{
	const struct kernel_exports *exports = image_exports(world_image(world));
	const struct layout_reach *reach = layout_rules_reach(world_layout(world)->rules);
	const char *first = NULL;

	if (exports->doubt || !exports->crcs)
		return NULL;
	if (strcmp(change->name, "module") == 0)
		return layout_crc_unproven(world_image(world), module, arena)
			       ? NULL
			       : module_layout_symbol(module);
	array_each(import, &module->imports) {
		if (import_ignored(import->name) || import->weak ||
		    !layout_handles(reach, change->name, import->name))
			continue;
		if (import_crc_unproven(world, package, module, import, arena))
			return NULL;
		first = first ? first : import->name;
	}
	return first;
}

static void layout_differs(const struct comparison *comparison, const struct module *module,
			   const struct struct_change *change, struct exposed exposed,
			   const char *equal, struct examination *examination,
			   struct layout_folds *folds)
{
	struct arena *arena = examination->arena;
	const char *image = option_value(comparison, change->option, true);
	const char *feed = option_value(comparison, change->option, false);
	struct finding *finding =
		examine_folded(examination, equal ? &folds->contradicted : &folds->differs,
			       "layout-changed", equal ? OUTCOME_UNKNOWN : OUTCOME_FAILS,
			       module->name, arena_format(arena, "struct %s", change->name));

	if (!finding)
		return;
	finding_show(finding, arena_format(arena, "%s=%s", change->option, image),
		     comparison->image->witness, arena_format(arena, "%s=%s", change->option, feed),
		     comparison->feed->witness);
	finding->text = arena_format(
		arena,
		"%s is %s in the image's kernel config and %s in the feed's%s; it changes the "
		"layout of struct %s (%s), and %s%s",
		change->option, image, feed,
		comparison->by_sets ? ", as their abi hashes show" : "", change->name,
		change->where,
		exposed.symbol ? "the module uses that struct: it imports "
			       : "every module contains one",
		exposed.symbol ? exposed.symbol : "");
	if (!equal)
		return;
	finding->text =
		arena_format(arena,
			     "%s; but the CRC of %s, which covers that struct, is the same "
			     "on both sides, so one "
			     "of the %s is probably not that of these binaries",
			     finding->text, equal, comparison->by_sets ? "hashes" : "configs");
	if (!comparison->by_sets)
		finding->settle =
			"--image-config and --feed-config with the configs of these builds";
}

/* The changes are sorted by struct; one finding for each struct is enough. */
static void module_layouts(const struct world *world, const struct package *package,
			   const struct module *module, const struct comparison *comparison,
			   struct examination *examination)
{
	struct layout_folds folds = {0};
	const char *last = "";

	array_each(change, &comparison->structs) {
		struct exposed exposed;

		if (strcmp(last, change->name) == 0 ||
		    strings_have(&comparison->open, change->option))
			continue;
		exposed = module_exposed(world, package, module, &comparison->layout, change);
		if (exposed.exposure != EXPOSURE_DIRECT)
			continue;
		last = change->name;
		layout_differs(comparison, module, change, exposed,
			       crc_against(world, package, module, change, examination->arena),
			       examination, &folds);
	}
}

void check_layout(const struct world *world, const struct package *package,
		  struct examination *examination)
{
	const struct comparison *comparison = world_claimed_comparison(world, package);
	const struct image *image = world_image(world);
	const char *why;

	/* the lines behind both hashes serve as well if nothing contradicts them and the hashes
	 * are those of these kernels */
	if (!comparison || comparison->unusable) {
		bool good = !image->abi_doubt && !abi_stale(image) &&
			    world_image_set_against(world)->count == 0 &&
			    world_set_against(world, package)->count == 0 && image->abi.release &&
			    package->abi.release &&
			    strcmp(image->abi.release, package->abi.release) == 0;

		comparison = good ? world_set_comparison(world, package, &why) : NULL;
	}
	if (!comparison)
		return;
	/* a module with the same bytes as the image's was built with its kernel,
	 * whatever a config says */
	array_each(module, &package->modules)
		if (module_judged(world, module) && !image_module_same(image, module))
			module_layouts(world, package, module, comparison, examination);
}

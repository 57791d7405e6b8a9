/* SPDX-License-Identifier: ISC */
/* Reports the structs that the configs of image and feed lay out differently and that a module
 * of the package handles. Equal CRCs of the symbols that take such a struct contradict it. */
#include "checks/proof/layout_exposure.h"
#include "checks/proof/symbol_crcs.h"

#include <string.h>

static const char *value_text(const char *value)
{
	return value ? value : "not set";
}

static const char *option_value(const struct config *config, const char *option)
{
	return value_text(config_get(config, option));
}

/* The findings about one module, folded by outcome. */
struct layout_folds {
	struct fold differs, contradicted;
};

/* The first import that takes the struct of CHANGE, if all that do have the CRC that the image
 * exports: genksyms saw the same members in both builds. NULL if one of them has another CRC or
 * none, or if MODULE imports none. */
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
		return layout_crc_unproven(world_image(world), module, arena) ? NULL
									      : "module_layout";
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
	const char *image = option_value(comparison->image, change->option);
	const char *feed = option_value(comparison->feed, change->option);
	struct finding *finding =
		examine_folded(examination, equal ? &folds->contradicted : &folds->differs,
			       "layout-changed", equal ? OUTCOME_UNKNOWN : OUTCOME_FAILS,
			       module->name, arena_format(arena, "struct %s", change->name));

	if (!finding)
		return;
	finding_show(finding, arena_format(arena, "%s=%s", change->option, image),
		     comparison->image->witness, arena_format(arena, "%s=%s", change->option, feed),
		     comparison->feed->witness);
	finding->text = arena_format(arena,
				     "%s is %s in the image's kernel config and %s in the feed's; "
				     "it changes the layout of struct %s (%s), and %s%s",
				     change->option, image, feed, change->name, change->where,
				     exposed.symbol ? "the module uses that struct: it imports "
						    : "every module contains one",
				     exposed.symbol ? exposed.symbol : "");
	if (!equal)
		return;
	finding->text = arena_format(arena,
				     "%s; but the CRC of %s, which covers that struct, is the same "
				     "on both sides, so one "
				     "of the configs is probably not the config of these binaries",
				     finding->text, equal);
	finding->settle = "--image-config and --feed-config with the configs of these builds";
}

/* The changes are sorted by struct; one finding for each struct is enough. */
void check_layout(const struct world *world, const struct package *package,
		  struct examination *examination)
{
	const struct comparison *comparison = world_claimed_comparison(world, package);

	if (!comparison || comparison->unusable)
		return;
	array_each(module, &package->modules) {
		struct layout_folds folds = {0};
		const char *last = "";

		/* a module with the same bytes as the image's was built with its kernel,
		 * whatever a config says */
		if (!module_judged(world, module) || image_module_same(world_image(world), module))
			continue;
		array_each(change, &comparison->structs) {
			if (strcmp(last, change->name) == 0)
				continue;

			struct exposed exposed =
				module_exposed(world, package, module, &comparison->layout, change);
			if (exposed.exposure != EXPOSURE_DIRECT)
				continue;
			last = change->name;
			layout_differs(
				comparison, module, change, exposed,
				crc_against(world, package, module, change, examination->arena),
				examination, &folds);
		}
	}
}

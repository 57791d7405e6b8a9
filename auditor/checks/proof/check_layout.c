/* SPDX-License-Identifier: ISC */
/* Reports the structs that the configs of image and feed lay out differently and that a module
 * of the package handles. */
#include "checks/proof/layout_exposure.h"

#include <string.h>

static const char *value_text(const char *value)
{
	return value ? value : "not set";
}

static const char *option_value(const struct config *config, const char *option)
{
	return value_text(config_get(config, option));
}

static void layout_differs(const struct comparison *comparison, const struct module *module,
			   const struct struct_change *change, struct exposed exposed,
			   struct examination *examination, struct fold *fold)
{
	struct arena *arena = examination->arena;
	const char *image = option_value(comparison->image, change->option);
	const char *feed = option_value(comparison->feed, change->option);
	struct finding *finding =
		examine_folded(examination, fold, "layout-changed", OUTCOME_FAILS, module->name,
			       arena_format(arena, "struct %s", change->name));

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
}

/* The changes are sorted by struct; one finding for each struct is enough. */
void check_layout(const struct world *world, const struct package *package,
		  struct examination *examination)
{
	const struct comparison *comparison = world_claimed_comparison(world, package);

	if (!comparison || comparison->unusable)
		return;
	array_each(module, &package->modules) {
		struct fold fold = {0};
		const char *last = "";

		/* a module with the same bytes as the image's was built with its kernel,
		 * whatever a config says */
		if (!module_judged(world, module) || image_module_same(world_image(world), module))
			continue;
		array_each(change, &comparison->structs) {
			if (strcmp(last, change->name) == 0)
				continue;
			last = change->name;

			struct exposed exposed =
				module_exposed(world, package, module, &comparison->layout, change);
			if (exposed.exposure == EXPOSURE_DIRECT)
				layout_differs(comparison, module, change, exposed, examination,
					       &fold);
		}
	}
}

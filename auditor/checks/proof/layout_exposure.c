/* SPDX-License-Identifier: ISC */
/* Estimates from a module's imports how directly it handles a struct that differs
 * between two configs. */
#include "checks/proof/layout_exposure.h"

#include <string.h>

enum { PROVIDERS_DEEP = 8 };

/* The exposure of the module's imports. An import from another module counts as that
 * module's own exposure, because pointers to the struct may come through it. */
static struct exposed imports_exposed(const struct world *world, const struct package *package,
				      const struct module *module, const struct layout_rules *rules,
				      const char *subsystem, unsigned depth)
{
	struct exposed worst = {EXPOSURE_CLEAN, NULL};

	array_each(import, &module->imports) {
		struct provider provider;
		struct exposed exposed = {layout_exposure(rules, subsystem, import->name),
					  import->name};

		if (import_ignored(import->name))
			continue;
		if (exposed.exposure == EXPOSURE_NEAR &&
		    world_import(world, package, module, import->name, &provider) &&
		    provider.module && provider.module != module && depth < PROVIDERS_DEEP) {
			const struct package *owner = provider.package ? provider.package : package;

			exposed.exposure = imports_exposed(world, owner, provider.module, rules,
							   subsystem, depth + 1)
						   .exposure;
			if (exposed.exposure == EXPOSURE_DIRECT)
				exposed.exposure = EXPOSURE_NEAR;
		}
		if (exposed.exposure > worst.exposure)
			worst = exposed;
		if (worst.exposure == EXPOSURE_DIRECT)
			break;
	}
	return worst;
}

bool module_spared(const struct layout_choice *layout, const struct module *module,
		   const char *option)
{
	return layout->rules && layout->exact && module->modinfo.intree &&
	       layout_option(layout->rules, option) == OPTION_KNOWN &&
	       layout_module_spared(layout_rules_reach(layout->rules), option, module->name);
}

const char *module_near_private(const struct layout_choice *layout, const struct module *module,
				const struct private_struct *entry)
{
	array_each(import, &module->imports)
		if (strings_have(&entry->exports, import->name))
			return import->name;
	return layout->exact && !strings_have(&entry->modules, module->name) ? NULL : module->name;
}

struct exposed module_exposed(const struct world *world, const struct package *package,
			      const struct module *module, const struct layout_choice *layout,
			      const struct struct_change *change)
{
	struct exposed exposed = {EXPOSURE_NEAR, NULL};

	if (module_spared(layout, module, change->option))
		return (struct exposed){EXPOSURE_CLEAN, NULL};
	/* every module contains a struct module, in which the loader finds
	 * init and exit */
	if (strcmp(change->name, "module") == 0)
		return (struct exposed){layout->exact ? EXPOSURE_DIRECT : EXPOSURE_NEAR, NULL};
	if (layout->graded)
		exposed = imports_exposed(world, package, module, layout->graded, change->subsystem,
					  0);
	if (exposed.exposure == EXPOSURE_CLEAN && (change->ambient || !layout->exact))
		return (struct exposed){EXPOSURE_NEAR, NULL};
	if (exposed.exposure != EXPOSURE_DIRECT)
		return exposed;

	/* a module that handles structs of the subsystem certainly breaks only if it handles the
	 * struct itself, and if most code that does so depends on the members that move: an
	 * option that changes few modules adds members at the end */
	const struct layout_reach *reach = layout_rules_reach(layout->rules);
	const struct import *handling = array_find(
		import, &module->imports,
		!import_ignored(import->name) && layout_handles(reach, change->name, import->name));
	bool late = layout_touch_few(reach, change->option) &&
		    !(module->modinfo.intree && layout_module_known(reach, module->name));

	if (!layout->exact || !handling || late)
		return (struct exposed){EXPOSURE_NEAR, exposed.symbol};
	return (struct exposed){EXPOSURE_DIRECT, handling->name};
}

#include "checks/exposure.h"

#include <string.h>

enum { PROVIDERS_DEEP = 8 };

/* What a module imports from another module is as near as that one is: pointers come through it. */
static struct exposed imports_exposed(const struct world *world, const struct package *package,
				      const struct module *module, const struct layout_rules *rules,
				      const char *subsystem, unsigned depth)
{
	struct exposed worst = {EXPOSURE_CLEAN, NULL};

	array_each(import, &module->imports) {
		struct provider provider;
		struct exposed exposed = {layout_exposure(rules, subsystem, import->name), import->name};

		if (import_ignored(import->name))
			continue;
		if (exposed.exposure == EXPOSURE_NEAR && world_import(world, package, module, import->name, &provider) &&
		    provider.module && provider.module != module && depth < PROVIDERS_DEEP) {
			const struct package *owner = provider.package ? provider.package : package;

			exposed.exposure =
				imports_exposed(world, owner, provider.module, rules, subsystem, depth + 1).exposure;
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

struct exposed module_exposed(const struct world *world, const struct package *package, const struct module *module,
			      const struct layout_choice *layout, const struct struct_change *change)
{
	struct exposed exposed = {EXPOSURE_NEAR, NULL};

	/* every module holds one: the loader finds init and exit in it */
	if (strcmp(change->name, "module") == 0)
		return (struct exposed){EXPOSURE_DIRECT, NULL};
	if (layout->graded)
		exposed = imports_exposed(world, package, module, layout->graded, change->subsystem, 0);
	if (exposed.exposure == EXPOSURE_CLEAN && change->ambient)
		return (struct exposed){EXPOSURE_NEAR, NULL};
	return exposed;
}

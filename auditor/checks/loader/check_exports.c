/* SPDX-License-Identifier: ISC */
#include "checks/checks.h"
#include "facts/world/world_providers.h"

#include <string.h>

enum { EXPORTERS_MOST = 16 };

/* MODULE of the image belongs to an installed package of that name, whose place PACKAGE takes. */
static bool goes(const struct world *world, const struct package *package, const struct module *module)
{
	const struct package *owner = module && module->path ? world_installed_owner(world, module->path) : NULL;

	return owner && strcmp(owner->name, package->name) == 0;
}

/* Who of the image already exports NAME, MODULE's own twin left out; false when nobody does. */
static bool exporter_of_image(const struct world *world, const struct package *package, const struct module *module,
			      const char *name, struct provider *ret)
{
	struct provider list[EXPORTERS_MOST];
	size_t count = world_exporters(world, package, name, list, EXPORTERS_MOST);

	for (size_t i = 0; i < count && i < EXPORTERS_MOST; i++) {
		if (list[i].package || (list[i].module && strcmp(list[i].module->name, module->name) == 0) ||
		    goes(world, package, list[i].module))
			continue;
		*ret = list[i];
		return true;
	}
	return false;
}

static bool all_in_kernel(const struct kernel_exports *exports, const struct module *module)
{
	array_each(export, &module->exports)
		if (!exports_find(&exports->table, export->name))
			return false;
	return module->exports.count > 0;
}

static void already_builtin(const struct world *world, const struct module *module, struct examination *examination)
{
	const struct image *image = world_image(world);
	bool named = world_builtin(world, module->name);
	struct finding *finding = examine(examination, "already-builtin", OUTCOME_FAILS, module->name, module->name);

	finding->witness[0] = named ? image->builtin_witness : image_exports(image)->source;
	finding->witness[1] = module->witness;
	if (named)
		finding->text = "already built into the image's kernel: modules.builtin lists it";
	else
		finding->text = arena_format(examination->arena,
					     "exports duplicate symbol %s (owned by kernel): the kernel exports "
					     "everything that this module exports, so the module is built in",
					     module->exports.list[0].name);
}

static void exports_compare(const struct world *world, const struct package *package, const struct module *module,
			    struct examination *examination)
{
	struct fold fold = {0};
	struct provider owner;

	array_each(export, &module->exports) {
		if (!exporter_of_image(world, package, module, export->name, &owner))
			continue;

		struct finding *finding = examine_folded(examination, &fold, "symbol-duplicate", OUTCOME_FAILS,
							 module->name, export->name);
		if (!finding)
			continue;
		finding->witness[0] = owner.module ? owner.module->witness : image_exports(world_image(world))->source;
		finding->witness[1] = module->witness;
		finding->text = arena_format(examination->arena, "exports duplicate symbol %s (owned by %s)",
					     export->name, owner.module ? owner.module->name : "kernel");
	}
}

void check_exports(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct kernel_exports *exports = image_exports(world_image(world));

	array_each(module, &package->modules) {
		if (!module_judged(world, module))
			continue;
		if (world_builtin(world, module->name) || all_in_kernel(exports, module))
			already_builtin(world, module, examination);
		else
			exports_compare(world, package, module, examination);
	}
}

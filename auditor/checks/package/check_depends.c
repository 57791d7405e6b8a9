/* SPDX-License-Identifier: ISC */
/* Checks that the modules named in depends= and softdep= of a module exist, and that
 * the image's loader finds them by that name. */
#include "checks/checks.h"
#include "facts/world/world_shared.h"

#include <string.h>

/* kmodloader loads a module only after all in its depends= are loaded, and
 * loads files only: one that is built in is missing as well (ubox
 * kmodloader.c, deps_available, main_loader). */
static void depends_missing(const struct world *world, const struct module *module,
			    const char *name, struct fold *fold, struct examination *examination)
{
	const struct image *image = world_image(world);
	bool strict = image_kmodloader_alone(image), sure = strict || image->builtin_witness;
	struct finding *finding =
		examine_folded(examination, fold, "module-depends",
			       sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module->name, name);

	if (!finding)
		return;
	finding_show(finding, name, strict ? image->tools[TOOL_KMODLOADER] : image->builtin_witness,
		     NULL, module->witness);
	if (sure) {
		finding->text = arena_format(
			examination->arena,
			"missing dependency %s: there is no such module, and %s", name,
			strict ? "kmodloader loads a module only after all that depends= names, "
				 "even if they are built into the kernel"
			       : "it is not built in");
		return;
	}
	finding->text = arena_format(examination->arena,
				     "missing dependency %s: there is no such module, and it is "
				     "not known whether it is built in",
				     name);
	finding->settle = "a feed that contains the module, or an image with modules.builtin";
}

static bool alias_among(const struct world *world, const struct package *package,
			const struct modules *modules, const char *alias, struct provider *ret)
{
	return array_any(module, modules,
			 strings_have(&module->modinfo.alias, alias) &&
				 world_module(world, package, module->name, ret) &&
				 ret->module == module);
}

bool softdep_find(struct arena *arena, const struct world *world, const struct package *package,
		  const char *name, struct provider *ret)
{
	const char *spelled = module_name_spelled(arena, span_text(name));

	*ret = (struct provider){0};
	if (world_module(world, package, spelled, ret) || world_builtin(world, spelled) ||
	    alias_among(world, package, &world_image(world)->modules, name, ret))
		return true;
	for (size_t i = 0; i < world_count(world); i++)
		if (alias_among(world, package, &world_package(world, i)->modules, name, ret))
			return true;
	return false;
}

static void depends_check(const struct world *world, const struct package *package,
			  const struct module *module, struct examination *examination)
{
	const struct image *image = world_image(world);
	const struct strings *depends = &module->modinfo.depends;
	struct provider provider;
	struct fold fold = {0}, misnamed = {0};

	for (size_t i = 0; i < depends->count; i++) {
		const char *name = depends->list[i];

		if (!world_module(world, package, name, &provider)) {
			if (image_kmodloader_alone(image) || !world_builtin(world, name))
				depends_missing(world, module, name, &fold, examination);
			continue;
		}
		if (module_found_as(image, provider.module, name, examination->arena))
			continue;
		/* it exists, but kmodloader, which searches by file name, does not find it */
		struct finding *finding = examine_folded(examination, &misnamed, "module-depends",
							 OUTCOME_FAILS, module->name, name);
		if (!finding)
			continue;
		finding_show(finding, name, image->tools[TOOL_KMODLOADER], provider.module->path,
			     provider.module->witness);
		finding->text = arena_format(
			examination->arena,
			"missing dependency %s: kmodloader finds modules by file name, and the "
			"file of that module is %s",
			name, provider.module->path);
	}
}

/* Reports modules that need each other. kmodloader loads none of them, the kernel
 * none if each needs a symbol of the next (ubox kmodloader.c, deps_available;
 * Linux kernel/module/main.c, simplify_symbols). */
static void circle_check(const struct world *world, const struct module *module,
			 struct examination *examination)
{
	const struct circle *circle = world_circle(world, module);
	bool sure = circle && (circle->symbols || image_kmodloader_alone(world_image(world)));
	struct finding *finding;

	if (!circle)
		return;
	finding = examine(examination, "module-depends", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			  module->name, "circle");
	finding->witness[1] = module->witness;
	finding->text = arena_format(examination->arena,
				     "modules need each other (%s): none of them can be loaded "
				     "first",
				     circle->text);
	if (!sure)
		finding->settle = "a build of the modules whose depends= has no circle";
}

static void softdep_check(const struct world *world, const struct package *package,
			  const struct module *module, struct examination *examination)
{
	const struct strings *softdep = &module->modinfo.softdep_pre;
	struct provider provider;
	struct fold fold = {0};

	for (size_t i = 0; i < softdep->count && i < SOFTDEP_MOST; i++) {
		const char *name = softdep->list[i];

		if (softdep_find(examination->arena, world, package, name, &provider))
			continue;
		struct finding *finding = examine_folded(examination, &fold, "softdep",
							 OUTCOME_UNKNOWN, module->name, name);
		if (!finding)
			continue;
		finding_show(finding, name, world_image(world)->builtin_witness, NULL,
			     module->witness);
		finding->text =
			arena_format(examination->arena,
				     "softdep %s: no module has that name or alias; unless it is "
				     "built in, the module may fail to start",
				     name);
		finding->settle = "a feed that contains the module";
	}
}

void check_module_depends(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	array_each(module, &package->modules) {
		if (!module_judged(world, module))
			continue;
		depends_check(world, package, module, examination);
		circle_check(world, module, examination);
		softdep_check(world, package, module, examination);
	}
}

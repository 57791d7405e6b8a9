/* SPDX-License-Identifier: ISC */
/* Decides the proof symbol-crcs: every import of every module, and module_layout, has a
 * CRC that equals the one of whoever exports it. A CRC of 0 is none: genksyms made no
 * version (Linux scripts/mod/modpost.c, "version generation failed"). */
#include "checks/proof/symbol_crcs.h"

const char *import_crc_unproven(const struct world *world, const struct package *package,
				const struct module *module, const struct import *import,
				struct arena *arena)
{
	struct crc crc = import_crc(import, image_versions(world_image(world), module));
	struct provider provider;

	if (import_ignored(import->name))
		return NULL;
	if (!world_import(world, package, module, import->name, &provider))
		return import->weak ? NULL
				    : arena_format(arena, "%s is not exported", import->name);
	if (provider.loose && !import->weak)
		return arena_format(arena, "module %s, which exports %s, may not be loaded",
				    provider.module->name, import->name);
	if (!crc.known)
		return arena_format(arena, "the module has no CRC for %s", import->name);
	if (!provider.export->has_crc)
		return arena_format(arena, "%s is exported without a CRC", import->name);
	if (provider.export->crc != crc.value)
		return arena_format(arena, "the CRC of %s differs", import->name);
	return crc.value
		       ? NULL
		       : arena_format(arena, "%s has no CRC: it is 0 on both sides", import->name);
}

const char *layout_crc_unproven(const struct image *image, const struct module *module,
				struct arena *arena)
{
	const char *symbol = module_layout_symbol(module);
	const struct export *layout = exports_find(&image_exports(image)->table, symbol);
	struct crc own = module_layout_crc(module, image_versions(image, module));

	if (!own.known)
		return arena_format(arena, "%s has no symbol versions that the kernel reads",
				    module->name);
	if (!layout || !layout->has_crc)
		return arena_format(arena, "the kernel's CRC of %s is not known", symbol);
	if (layout->crc != own.value)
		return arena_format(arena, "%s: the CRC of %s differs", module->name, symbol);
	return own.value ? NULL
			 : arena_format(arena, "%s has no CRC: it is 0 on both sides", symbol);
}

static const char *unproven(const struct world *world, const struct package *package,
			    struct arena *arena)
{
	const struct kernel_exports *exports = image_exports(world_image(world));

	if (exports->doubt)
		return exports->doubt;
	if (!exports->crcs_known)
		return "it is not known whether the kernel has symbol CRCs";
	if (!exports->crcs)
		return "the kernel has no symbol CRCs";
	array_each(module, &package->modules) {
		if (module->problem)
			return arena_format(arena, "%s cannot be read", module->name);

		const char *why = layout_crc_unproven(world_image(world), module, arena);
		if (why)
			return why;
		array_each(import, &module->imports) {
			why = import_crc_unproven(world, package, module, import, arena);
			if (why)
				return arena_format(arena, "%s: %s", module->name, why);
		}
	}
	return NULL;
}

/* Symbols that nothing exports may belong to missing modules, if the kernel has CRCs
 * and module_layout has the same one everywhere. */
static void missing_settle(const struct world *world, const struct package *package,
			   struct examination *examination)
{
	const struct image *image = world_image(world);
	struct strings missing = {0}; /* modules in depends=, neither in the image nor in feeds */
	struct provider provider;

	array_each(module, &package->modules)
		array_each(name, &module->modinfo.depends)
			if (!world_module(world, package, *name, &provider) &&
			    !world_builtin(world, *name) && !strings_have(&missing, *name))
				*array_add(examination->arena, &missing) = *name;
	if (missing.count == 0 || image_exports(image)->doubt || !image_exports(image)->crcs)
		return;
	array_each(module, &package->modules)
		if (module->problem || layout_crc_unproven(image, module, examination->arena))
			return;
	examination->proof_settle =
		arena_format(examination->arena, "the module%s %s, which %s needs, in a feed",
			     missing.count == 1 ? "" : "s",
			     strings_join(examination->arena, &missing, 4), package->name);
}

void check_proof_symbols(const struct world *world, const struct package *package,
			 struct examination *examination)
{
	if (package->modules.count == 0)
		return;

	const char *why = unproven(world, package, examination->arena);
	examination->unproven[PROOF_SYMBOL_CRCS] = why;
	examination->proven[PROOF_SYMBOL_CRCS] = !why;
	if (why) {
		missing_settle(world, package, examination);
		return;
	}

	struct finding *finding =
		examine(examination, "symbol-crcs", OUTCOME_HOLDS, NULL, "symbol versions");
	finding->witness[0] = image_exports(world_image(world))->source;
	finding->witness[1] = package->witness;
	finding->text =
		arena_format(examination->arena,
			     "%s and all %zu imported symbols are exported with the same CRC",
			     module_layout_symbol(package->modules.list),
			     array_count(module, &package->modules, module->imports.count));
}

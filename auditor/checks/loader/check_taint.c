/* SPDX-License-Identifier: ISC */
/* Checks GPL-only imports, and which modules become proprietary by importing from
 * proprietary ones (Linux kernel/module/main.c, resolve_symbol, inherit_taint). */
#include "checks/checks.h"

#include <string.h>

/* The depth to which chains of modules that inherit the taint are followed. */
enum { TAINT_DEEP = 32 };

/* Which modules count as proprietary; KNOWN caches the answers (1 or 0) by
 * the module's witness. */
struct taints {
	const struct world *world;
	struct arena *arena;
	enum since inherits; /* kernel/module/main.c, inherit_taint */
	struct map known;
};

/* driverloader and lve count as proprietary whatever their license is (kernel/module/main.c,
 * module_augment_kernel_taints). */
bool module_is_gpl(const struct module *module)
{
	return license_is_gpl(module->modinfo.license) &&
	       strcmp(module->name, "driverloader") != 0 && strcmp(module->name, "lve") != 0;
}

static bool tainted(struct taints *taints, const struct package *package,
		    const struct module *module, unsigned depth)
{
	uint32_t known = map_get(&taints->known, module->witness);

	if (!module_is_gpl(module))
		return true;
	if (known != MAP_NONE || taints->inherits == SINCE_NO || depth >= TAINT_DEEP)
		return known == 1;

	struct provider provider;
	bool found = false;
	array_each(import, &module->imports) {
		if (!world_import(taints->world, package, module, import->name, &provider) ||
		    provider.loose || !provider.module || provider.module == module)
			continue;
		found = tainted(taints, provider.package ? provider.package : package,
				provider.module, depth + 1);
		if (found)
			break;
	}
	map_put(&taints->known, taints->arena, module->witness, found);
	return found;
}

/* The result of resolving one import. */
enum fate { FATE_FINE, FATE_GPL, FATE_GPL_UNKNOWN, FATE_OWNER };

struct resolved {
	const struct import *import;
	struct provider provider;
	enum fate fate;
	bool sure;
	/* with FATE_GPL: the module from which the taint comes; NULL: the
	 * module's own license */
	const char *taint;
};

/* The state of resolving the imports of a module, in the order of its symbol table. */
struct resolving {
	struct taints taints;
	const struct package *package;
	const struct module *module;
	struct resolved *list; /* sorted by name, like the imports */
	/* proprietary by its license; or also because of what it imported so far */
	bool own, tainted;
	const char *from;
	bool gpl_used, gpl_maybe;
};

static bool gpl_known(const struct world *world, const struct provider *provider)
{
	return provider->module || image_exports(world_image(world))->gpl_known;
}

/* Resolves one import as Linux does: kernel/module/main.c, resolve_symbol, which calls
 * find_symbol with gplok and then inherit_taint. */
static void resolve(struct resolving *resolving, struct resolved *resolved)
{
	const struct provider *provider = &resolved->provider;
	bool known = gpl_known(resolving->taints.world, provider),
	     gpl = known && provider->export->gpl_only;

	if (resolving->tainted && (gpl || !known)) {
		resolved->fate = gpl ? FATE_GPL : FATE_GPL_UNKNOWN;
		resolved->sure = resolving->own || resolving->taints.inherits == SINCE_YES;
		resolved->taint = resolving->own ? NULL : resolving->from;
		return;
	}
	resolving->gpl_used |= gpl;
	resolving->gpl_maybe |= !known;
	if (!provider->module || provider->module == resolving->module ||
	    resolving->taints.inherits == SINCE_NO ||
	    !tainted(&resolving->taints, provider->package ? provider->package : resolving->package,
		     provider->module, 0))
		return;
	if (resolving->gpl_used || resolving->gpl_maybe) {
		resolved->fate = FATE_OWNER;
		resolved->sure = resolving->gpl_used && resolving->taints.inherits == SINCE_YES;
		return;
	}
	if (!resolving->tainted)
		resolving->from = provider->module->name;
	resolving->tainted = true;
}

static int by_symbol_index(const void *a, const void *b)
{
	const struct resolved *const *x = a, *const *y = b;
	uint32_t left = (*x)->import->place, right = (*y)->import->place;

	return (left > right) - (left < right);
}

static void imports_resolve(struct resolving *resolving)
{
	const struct imports *imports = &resolving->module->imports;
	struct arena *arena = resolving->taints.arena;
	struct resolved **order =
		arena_get(arena, (imports->count + 1) * sizeof(struct resolved *));
	size_t count = 0;

	resolving->list = arena_get(arena, (imports->count + 1) * sizeof *resolving->list);
	for (size_t i = 0; i < imports->count; i++) {
		struct resolved *resolved = &resolving->list[i];

		resolved->import = &imports->list[i];
		if (!import_ignored(resolved->import->name) &&
		    world_import(resolving->taints.world, resolving->package, resolving->module,
				 resolved->import->name, &resolved->provider) &&
		    !resolved->provider.loose)
			order[count++] = resolved;
	}
	qsort(order, count, sizeof(struct resolved *), by_symbol_index);
	for (size_t i = 0; i < count; i++)
		resolve(resolving, order[i]);
}

static const char *fate_text(struct arena *arena, const struct resolved *resolved)
{
	const char *name = resolved->import->name;

	if (resolved->fate == FATE_OWNER)
		return arena_format(
			arena,
			"module using GPL-only symbols uses symbols %s from proprietary module %s: "
			"kernels since 5.9 (4.14.233, 4.19.191, 5.4.118) refuse it",
			name, resolved->provider.module->name);
	if (resolved->fate == FATE_GPL_UNKNOWN)
		return arena_format(
			arena,
			"it is not known whether %s is exported to GPL-compatible modules only",
			name);
	return arena_format(
		arena,
		"Unknown symbol %s (err -2): it is exported to GPL-compatible modules only%s%s",
		name,
		resolved->taint ? ", and since 5.9 (4.14.233, 4.19.191, 5.4.118) the module "
				  "inherits the taint of the proprietary module "
				: "",
		resolved->taint ? resolved->taint : "");
}

static void fate_report(const struct resolving *resolving, const struct resolved *resolved,
			struct fold *folds, struct examination *examination)
{
	const struct world *world = resolving->taints.world;
	const struct module *module = resolving->module;
	const struct export *export = resolved->provider.export;
	bool known = gpl_known(world, &resolved->provider),
	     fails = resolved->fate != FATE_GPL_UNKNOWN && resolved->sure;
	struct finding *finding =
		examine_folded(examination, &folds[fails], "symbol-gpl",
			       fails ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module->name, export->name);

	if (!finding)
		return;
	finding_show(finding, known ? "a GPL-compatible license" : NULL,
		     resolved->provider.module ? resolved->provider.module->witness
					       : image_exports(world_image(world))->source,
		     module->modinfo.license ? module->modinfo.license : "no license",
		     module->witness);
	if (resolved->fate == FATE_OWNER)
		finding->found = resolved->provider.module->modinfo.license
					 ? resolved->provider.module->modinfo.license
					 : "no license";
	if (export->name_space && *export->name_space)
		finding->name_space = export->name_space;
	finding->text = fate_text(examination->arena, resolved);
	if (!fails)
		finding->settle = known && resolved->fate != FATE_OWNER
					  ? "an image whose kernel can be read"
					  : "--image-symvers";
}

/* A weak import may stay unresolved, even if inherit_taint
 * withholds it (simplify_symbols). */
void check_taint(const struct world *world, const struct package *package,
		 struct examination *examination)
{
	/* inherit_taint was added in 5.9 and backported to stable kernels in May 2021
	 * ("modules: inherit TAINT_PROPRIETARY_MODULE") */
	static const struct series first = {.known = true, .major = 5, .minor = 9};
	static const struct series stable[] = {
		{true, 4, 14, 233}, {true, 4, 19, 191}, {true, 5, 4, 118}};
	struct taints taints = {.world = world,
				.arena = examination->arena,
				.inherits =
					series_backported(image_series(world_image(world)), first,
							  stable, sizeof stable / sizeof *stable)};

	array_each(module, &package->modules) {
		struct resolving resolving = {.taints = taints,
					      .package = package,
					      .module = module,
					      .own = !module_is_gpl(module),
					      .tainted = !module_is_gpl(module)};
		struct fold folds[2] = {0};

		if (!module_judged(world, module) || (!resolving.own && !world_proprietary(world)))
			continue;
		imports_resolve(&resolving);
		for (size_t i = 0; i < module->imports.count; i++)
			if (resolving.list[i].fate != FATE_FINE && !resolving.list[i].import->weak)
				fate_report(&resolving, &resolving.list[i], folds, examination);
		taints.known = resolving.taints.known;
	}
}

/* SPDX-License-Identifier: ISC */
/* Collects which modules, symbols and namespaces of others a package uses, and selects
 * the uses that belong to one declared interface. */
#include "checks/loader/interface.h"

#include "base/text.h"

#include <string.h>

/* Whether a module in depends= that was not found is certainly absent. It is not if it
 * may be built in and nothing lists the built-in modules. */
static enum presence depends_absence(const struct world *world, const struct package *package,
				     const struct module *module)
{
	const struct image *image = world_image(world);
	struct provider provider;

	if (image->builtin_witness)
		return ABSENT;
	if (!image_exports(image)->complete || image->modules.count == 0)
		return UNSURE;
	array_each(import, &module->imports)
		if (!import->weak && !import_ignored(import->name) &&
		    !world_import(world, package, module, import->name, &provider))
			return ABSENT;
	return UNSURE;
}

static void depends_collect(struct usage *usage, const struct module *module)
{
	const struct strings *depends = &module->modinfo.depends;

	for (size_t i = 0; i < depends->count; i++) {
		struct use use = {.module = module, .name = depends->list[i]};

		if (package_module(usage->package, use.name))
			continue;
		if (!world_module(usage->world, usage->package, use.name, &use.provider) &&
		    !world_builtin(usage->world, use.name))
			use.presence = depends_absence(usage->world, usage->package, module);
		*array_add(usage->arena, &usage->modules) = use;
	}
}

static void import_collect(struct usage *usage, const struct module *module,
			   const struct import *import, bool sure)
{
	struct use use = {.module = module, .name = import->name};

	if (import_ignored(import->name))
		return;
	if (!world_import(usage->world, usage->package, module, import->name, &use.provider)) {
		if (import->weak)
			return;
		use.presence = sure ? ABSENT : UNSURE;
	} else if (use.provider.package == usage->package) {
		return;
	}
	*array_add(usage->arena, &usage->symbols) = use;
	if (use.provider.module) {
		use.name = use.provider.module->name;
		*array_add(usage->arena, &usage->modules) = use;
	}
}

static int by_name(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = strcmp(text_or_empty(x->built), text_or_empty(y->built));
	return order ? order : strcmp(x->module->name, y->module->name);
}

static const char *witness_of(const struct use *use)
{
	return use->provider.module ? use->provider.module->witness : "";
}

static int by_provider(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int order = (int)x->presence - (int)y->presence;

	if (order == 0)
		order = strcmp(witness_of(x), witness_of(y));
	return order ? order : by_name(a, b);
}

struct usage usage_collect(struct arena *arena, const struct world *world,
			   const struct package *package)
{
	struct usage usage = {.world = world, .package = package, .arena = arena};
	size_t kept = 0;

	array_each(module, &package->modules) {
		if (module->problem)
			continue;
		if (world_image(world)->loader == LOADER_FREEBSD) {
			kld_collect(&usage, module);
			continue;
		}
		depends_collect(&usage, module);
		bool sure = image_exports(world_image(world))->complete &&
			    world_depends_there(world, package, module);
		array_each(import, &module->imports)
			import_collect(&usage, module, import, sure);
	}
	array_sort(&usage.modules, by_name);
	array_sort(&usage.symbols, by_provider);
	array_each(use, &usage.modules)
		if (kept == 0 || strcmp(usage.modules.list[kept - 1].name, use->name) != 0 ||
		    !text_same(usage.modules.list[kept - 1].built, use->built))
			usage.modules.list[kept++] = *use;
	usage.modules.count = kept;
	return usage;
}

/* True if DECLARER may make statements about USE: a package may do so only about its
 * own modules and their exports. */
static bool may_declare(const struct declarer *declarer, const struct interface *interface,
			const struct use *use)
{
	if (!declarer->package)
		return true;
	if (interface->kind == INTERFACE_MODULE)
		return package_module(declarer->package, use->name);
	return array_any(module, &declarer->package->modules,
			 exports_find(&module->exports, use->name));
}

static bool symbol_fits(const struct interface *interface, const struct use *use)
{
	if (interface->kind == INTERFACE_SYMBOLS)
		return interface_names(interface, use->name);
	return use->presence == PRESENT && use->provider.export &&
	       use->provider.export->name_space &&
	       interface_names(interface, use->provider.export->name_space);
}

/* Selects one use of each provider: uses are grouped by provider, and absent
 * ones are last. */
static void symbols_select(const struct usage *usage, const struct interface *interface,
			   const struct declarer *declarer, struct uses *ret)
{
	array_each(use, &usage->symbols) {
		const struct use *last = ret->count ? &ret->list[ret->count - 1] : NULL;

		if (last &&
		    (use->presence != PRESENT || last->provider.module == use->provider.module))
			continue;
		if (symbol_fits(interface, use) && may_declare(declarer, interface, use))
			*array_add(usage->arena, ret) = *use;
	}
}

static enum presence name_space_absence(const struct usage *usage, const struct module *module)
{
	bool sure = image_exports(world_image(usage->world))->complete &&
		    world_depends_there(usage->world, usage->package, module);

	return sure ? ABSENT : UNSURE;
}

/* Selects the namespaces that modules import although none of their symbols
 * was found there. */
static void name_spaces_select(const struct usage *usage, const struct interface *interface,
			       const struct declarer *declarer, struct uses *ret)
{
	array_each(module, &usage->package->modules)
		for (size_t i = 0; i < module->modinfo.import_ns.count && ret->count == 0; i++) {
			struct use use = {.module = module,
					  .name = module->modinfo.import_ns.list[i]};

			if (!interface_names(interface, use.name))
				continue;
			if (!world_name_space(usage->world, usage->package, use.name,
					      &use.provider))
				use.presence = name_space_absence(usage, module);
			if (use.provider.package != usage->package &&
			    (!declarer->package || use.provider.package == declarer->package))
				*array_add(usage->arena, ret) = use;
		}
}

struct uses usage_of(const struct usage *usage, const struct interface *interface,
		     const struct declarer *declarer)
{
	struct uses uses = {0};

	switch (interface->kind) {
	case INTERFACE_KERNEL:
		/* only the image and the files that the user gave can make statements
		 * about the kernel */
		if (!declarer->package)
			*array_add(usage->arena, &uses) = (struct use){.name = "modules"};
		break;
	case INTERFACE_MODULE:
		array_each(use, &usage->modules)
			if (interface_names(interface, use->name) &&
			    may_declare(declarer, interface, use))
				*array_add(usage->arena, &uses) = *use;
		break;
	case INTERFACE_NAMESPACE:
		symbols_select(usage, interface, declarer, &uses);
		name_spaces_select(usage, interface, declarer, &uses);
		break;
	case INTERFACE_SYMBOLS:
		symbols_select(usage, interface, declarer, &uses);
		break;
	}
	return uses;
}

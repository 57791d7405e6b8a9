/* SPDX-License-Identifier: ISC */
/* Checks whether a module exports a symbol that is exported already, is
 * built into the kernel, or shares its name with another module file
 * (Linux kernel/module/main.c, add_unformed_module). */
#include "checks/checks.h"
#include "checks/state/state.h"
#include "facts/package/package_file.h"
#include "facts/world/world_providers.h"

#include <string.h>

enum { EXPORTERS_MOST = 16 };

/* True if MODULE of the image is gone once PACKAGE is installed: its
 * package is removed. */
static bool is_replaced(const struct world *world, const struct package *package,
			const struct module *module)
{
	const struct package *owner =
		module && module->path ? world_installed_owner(world, module->path) : NULL;

	return owner && package_removes(package, owner);
}

/* Finds an exporter of NAME in the image, except MODULE's own twin. False if
 * there is none. */
static bool exporter_of_image(const struct world *world, const struct package *package,
			      const struct module *module, const char *name, struct provider *ret)
{
	struct provider list[EXPORTERS_MOST];
	size_t count = world_exporters(world, package, name, list, EXPORTERS_MOST);

	for (size_t i = 0; i < count && i < EXPORTERS_MOST; i++) {
		if (list[i].package ||
		    (list[i].module && strcmp(list[i].module->name, module->name) == 0) ||
		    is_replaced(world, package, list[i].module))
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

/* True if the module cannot be built in: the image has it as a file, or its kernel does
 * not export what the module exports. */
static bool is_no_builtin(const struct world *world, const struct module *module)
{
	const struct image *image = world_image(world);
	const struct kernel_exports *exports = image_exports(image);

	array_each(other, &image->modules)
		if (strcmp(other->name, module->name) == 0 && module_is_running(image, other))
			return true;
	if (!exports->complete || exports_trimmed(image))
		return false;
	return array_any(export, &module->exports, !exports_find(&exports->table, export->name));
}

/* OPTION is NULL if modules.builtin or the exports show it. */
static void already_builtin(const struct world *world, const struct module *module,
			    const char *option, struct examination *examination)
{
	const struct image *image = world_image(world);
	struct finding *finding =
		examine(examination, "already-builtin", OUTCOME_FAILS, module->name, module->name);

	finding->witness[1] = module->witness;
	if (option) {
		finding->witness[0] = image->config->witness;
		finding->text = arena_format(
			examination->arena,
			"already built into the image's kernel: %s=y builds it in", option);
	} else if (world_builtin(world, module->name)) {
		finding->witness[0] = image->builtin_witness;
		finding->text = "already built into the image's kernel: modules.builtin lists it";
	} else {
		finding->witness[0] = image_exports(image)->source;
		finding->text = arena_format(
			examination->arena,
			"exports duplicate symbol %s (owned by kernel): the kernel exports "
			"everything that this module exports, so the module is built in",
			module->exports.list[0].name);
	}
}

/* Reports, as unknown, an option that is =y in the image's config and has the
 * module's name, or builds it in the kernel's tree: the package's module may come
 * from other sources. */
static void maybe_builtin(const struct world *world, const struct module *module,
			  struct examination *examination)
{
	const struct config *config = world_image(world)->config;
	struct module_option found;
	struct finding *finding;

	if (!config || world_image_config_against(world)->count > 0)
		return;
	found = module_option_get(examination->arena, world_layout(world)->modules, config,
				  module->name);
	if (!found.value || strcmp(found.value, "y") != 0 || is_no_builtin(world, module))
		return;
	finding = examine(examination, "already-builtin", OUTCOME_UNKNOWN, module->name,
			  module->name);
	finding_show(finding, arena_format(examination->arena, "%s=y", found.option),
		     config->witness, NULL, module->witness);
	finding->text = arena_format(
		examination->arena,
		"%s=y in the image's kernel: the module may already be built in", found.option);
	finding->settle = "modules.builtin of the image's kernel";
}

static void exports_compare(const struct world *world, const struct package *package,
			    const struct module *module, struct examination *examination)
{
	struct fold fold = {0};
	struct provider owner;

	array_each(export, &module->exports) {
		if (!exporter_of_image(world, package, module, export->name, &owner))
			continue;

		struct finding *finding = examine_folded(examination, &fold, "symbol-duplicate",
							 OUTCOME_FAILS, module->name, export->name);
		if (!finding)
			continue;
		finding->witness[0] = owner.module ? owner.module->witness
						   : image_exports(world_image(world))->source;
		finding->witness[1] = module->witness;
		finding->text = arena_format(
			examination->arena, "exports duplicate symbol %s (owned by %s)",
			export->name, owner.module ? owner.module->name : "kernel");
	}
}

/* True if A and B are different files for one release that have the same module name,
 * but different file names: the kernel loads only the first (kernel/module/main.c,
 * add_unformed_module, EEXIST). Of files with the same name in two folders depmod
 * chooses one, and kmodloader sees one. */
static bool is_namesake(const struct module *a, const struct module *b, struct arena *arena)
{
	struct span left = release_of_path(a->path), right = release_of_path(b->path);

	return span_equal(left, right) && !sha256_equal(&a->file, &b->file) &&
	       strcmp(module_name_of_path(arena, a->path), module_name_of_path(arena, b->path)) !=
		       0;
}

static const struct module *namesake_of_image(const struct world *world,
					      const struct package *package,
					      const struct module *module, struct arena *arena)
{
	const struct image *image = world_image(world);

	array_each(other, &image->modules)
		if (strcmp(other->name, module->name) == 0 && !other->problem &&
		    module_is_running(image, other) && module_file_found(image, other) &&
		    is_namesake(other, module, arena) && !is_replaced(world, package, other))
			return other;
	return NULL;
}

/* The modules of one package that were compared so far. */
struct siblings {
	struct arena *arena;
	const struct package *package;
	struct map autoloaded; /* names of the modules that it loads at boot */
	struct map names; /* "RELEASE/NAME", and its first module */
	struct map symbols; /* "RELEASE/SYMBOL" of autoloaded modules, and the first one */
};

static struct siblings siblings_of(struct arena *arena, const struct package *package)
{
	struct siblings siblings = {.arena = arena, .package = package};

	array_each(autoload, &package->autoload)
		map_put(&siblings.autoloaded, arena, autoload->module, 0);
	return siblings;
}

/* The first module of the package with the key KEY in MAP, which MODULE gets if there is
 * none. NULL: MODULE itself. */
static const struct module *first_put(struct siblings *siblings, struct map *map, const char *key,
				      const struct module *module)
{
	const struct module *list = siblings->package->modules.list;
	uint32_t number = (uint32_t)(module - list),
		 first = map_put(map, siblings->arena, key, number);

	return first == number ? NULL : &list[first];
}

/* NAME among the modules for the release of MODULE. */
static const char *sibling_key(struct siblings *siblings, const struct module *module,
			       const char *name)
{
	struct span release = release_of_path(module->path);

	return arena_format(siblings->arena, "%.*s/%s", (int)release.size,
			    release.size ? (const char *)release.data : "", name);
}

/* Of two modules of a package that export one symbol the second is refused, if both are
 * loaded at boot. Otherwise they may be alternatives. */
static void siblings_compare(struct siblings *siblings, const struct module *module,
			     struct examination *examination)
{
	struct fold fold = {0};

	if (map_get(&siblings->autoloaded, module->name) == MAP_NONE)
		return;
	array_each(export, &module->exports) {
		const struct module *other =
			first_put(siblings, &siblings->symbols,
				  sibling_key(siblings, module, export->name), module);
		struct finding *finding;

		if (!other || strcmp(other->name, module->name) == 0)
			continue;
		finding = examine_folded(examination, &fold, "symbol-duplicate", OUTCOME_FAILS,
					 module->name, export->name);
		if (!finding)
			continue;
		finding_show(finding, other->path, other->witness, module->path, module->witness);
		finding->text = arena_format(examination->arena,
					     "exports duplicate symbol %s (owned by %s): the "
					     "package loads both at boot",
					     export->name, other->name);
	}
}

static void namesakes_check(const struct world *world, struct siblings *siblings,
			    const struct module *module, struct examination *examination)
{
	const struct package *package = siblings->package;
	const struct module *other = NULL;

	/* it is unknown where a module without a package would be installed */
	if (package->origin != PACKAGE_FILE)
		return;
	if (!module->problem)
		other = first_put(siblings, &siblings->names,
				  sibling_key(siblings, module, module->name), module);
	if (!other || !is_namesake(other, module, siblings->arena))
		other = namesake_of_image(world, package, module, examination->arena);
	if (!other)
		return;

	struct finding *finding =
		examine(examination, "symbol-duplicate", OUTCOME_FAILS, module->name, module->name);
	finding_show(finding, other->path, other->witness, module->path, module->witness);
	finding->text = arena_format(examination->arena,
				     "another module is also named %s: of two modules with the "
				     "same name the kernel loads only the first (File exists)",
				     module->name);
}

void check_exports(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	const struct kernel_exports *exports = image_exports(world_image(world));
	_cleanup_arena_ struct arena scratch = {0};
	struct siblings siblings = siblings_of(&scratch, package);

	array_each(module, &package->modules) {
		const char *option = world_builtin_option(world, module->name);

		if (!module_judged(world, module))
			continue;
		if (option && is_no_builtin(world, module))
			option = NULL;
		else if (option || world_builtin(world, module->name) ||
			 all_in_kernel(exports, module)) {
			already_builtin(world, module, option, examination);
			continue;
		}
		maybe_builtin(world, module, examination);
		exports_compare(world, package, module, examination);
		siblings_compare(&siblings, module, examination);
		namesakes_check(world, &siblings, module, examination);
	}
}

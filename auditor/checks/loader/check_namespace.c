/* SPDX-License-Identifier: ISC */
/* Checks that a module imports the namespaces of the symbols it uses (Linux
 * kernel/module/main.c, verify_namespace_is_imported and verify_module_namespace). */
#include "checks/checks.h"

#include <string.h>

#define MODULES_PREFIX "module:"
#define MISSING_IMPORTS "CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS"

static bool is_for_modules(const char *name_space)
{
	return strncmp(name_space, MODULES_PREFIX, strlen(MODULES_PREFIX)) == 0;
}

static char dashed(char c)
{
	return c == '-' ? '_' : c;
}

/* True if PATTERN is NAME, or ends with '*' and NAME begins with the rest. '-' and
 * '_' are equal. */
static bool pattern_fits(struct span pattern, const char *name)
{
	bool glob = pattern.size > 0 && pattern.data[pattern.size - 1] == '*';
	size_t size = pattern.size - glob;

	for (size_t i = 0; i < size; i++)
		if (dashed((char)pattern.data[i]) != dashed(name[i]) || !name[i])
			return false;
	return glob || name[size] == '\0';
}

/* NAME_SPACE has the form "module:" pattern ["," pattern]...
 * (EXPORT_SYMBOL_FOR_MODULES). Linux kernel/module/main.c,
 * verify_module_namespace, since 6.16. */
static bool name_space_names(const char *name_space, const char *module)
{
	struct span rest = span_text(name_space), pattern;

	if (!is_for_modules(name_space))
		return false;
	rest = span_skip(rest, strlen(MODULES_PREFIX));
	while (span_item(&rest, ',', &pattern))
		if (pattern_fits(pattern, module))
			return true;
	return false;
}

/* The state of checking the namespaces of one module. */
struct spaces {
	const struct world *world;
	const struct module *module;
	struct examination *examination;
	bool listed; /* the kernel supports namespaces that list modules */
	struct fold fold;
};

/* The rule of verify_namespace_is_imported (Linux kernel/module/main.c, since 5.4). */
static bool admitted(const struct spaces *spaces, const char *name_space)
{
	if (spaces->listed && name_space_names(name_space, spaces->module->name))
		return true;
	return strings_have(&spaces->module->modinfo.import_ns, name_space);
}

static bool kernel_lists(const struct world *world)
{
	return series_since(image_series(world_image(world)), 6, 16) != SINCE_NO;
}

bool name_space_admits(const struct world *world, const struct module *module,
		       const char *name_space)
{
	const struct spaces spaces = {
		.world = world, .module = module, .listed = kernel_lists(world)};

	return !name_space || !*name_space || admitted(&spaces, name_space) ||
	       image_option_on(world, MISSING_IMPORTS);
}

static const char *consequence(enum outcome outcome)
{
	if (outcome == OUTCOME_UNKNOWN)
		return "; it is not known whether the kernel was built with "
		       "MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS, as OpenWrt builds its kernels, "
		       "and only warns";
	return outcome == OUTCOME_REMARK
		       ? "; the kernel, built with MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS, "
			 "only warns"
		       : "";
}

static void refused(struct spaces *spaces, const struct import *import,
		    const struct provider *provider)
{
	const struct module *module = spaces->module;
	struct arena *arena = spaces->examination->arena;
	const char *name_space = provider->export->name_space;
	bool listed = spaces->listed && is_for_modules(name_space);
	enum outcome outcome = image_lacks(spaces->world, MISSING_IMPORTS);

	/* kernels are built without the option unless somebody asks for it, as OpenWrt does
	 * (target/linux/generic/config-5.4 and later); one that shows nothing about it, in an
	 * image that is not OpenWrt's, refuses the module */
	if (outcome == OUTCOME_UNKNOWN && !world_image(spaces->world)->distribution_release.value)
		outcome = OUTCOME_FAILS;

	struct finding *finding =
		examine_folded(spaces->examination, &spaces->fold, "symbol-namespace", outcome,
			       module->name, import->name);

	if (!finding)
		return;
	finding->name_space = name_space;
	finding_show(finding, name_space,
		     provider->module ? provider->module->witness
				      : image_exports(world_image(spaces->world))->source,
		     listed ? module->name : strings_join(arena, &module->modinfo.import_ns, 8),
		     module->witness);
	finding->text =
		listed ? arena_format(arena,
				      "module uses symbol %s, which is exported only to the "
				      "modules listed in %s%s",
				      import->name, name_space, consequence(outcome))
		       : arena_format(arena,
				      "module uses symbol %s from namespace %s, but does not "
				      "import it%s",
				      import->name, name_space, consequence(outcome));
	if (outcome == OUTCOME_UNKNOWN)
		finding->settle = "--image-config, with the config of this kernel";
}

/* Since 6.16 a "module:" namespace cannot be imported by name
 * (Linux kernel/module/main.c, setup_modinfo). */
static void imports_check(const struct spaces *spaces)
{
	const struct image *image = world_image(spaces->world);
	const struct module *module = spaces->module;
	enum since since = series_since(image_series(image), 6, 16);

	for (size_t i = 0; i < module->modinfo.import_ns.count && since != SINCE_NO; i++) {
		const char *name_space = module->modinfo.import_ns.list[i];

		if (!is_for_modules(name_space))
			continue;

		struct finding *finding =
			examine(spaces->examination, "symbol-namespace",
				since == SINCE_YES ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module->name,
				name_space);
		finding_show(finding, NULL, image->release.witness, name_space, module->witness);
		finding->name_space = name_space;
		finding->text =
			arena_format(spaces->examination->arena,
				     "module tries to import module namespace: %s (Operation not "
				     "permitted): kernels since 6.16 refuse it",
				     name_space);
		if (since == SINCE_UNKNOWN)
			finding->settle = "an image whose kernel can be read";
		return;
	}
}

static void module_check(struct spaces *spaces, const struct package *package)
{
	struct provider provider;

	imports_check(spaces);
	array_each(import, &spaces->module->imports) {
		if (import_ignored(import->name) ||
		    !world_import(spaces->world, package, spaces->module, import->name,
				  &provider) ||
		    provider.loose || !provider.export->name_space ||
		    !*provider.export->name_space || admitted(spaces, provider.export->name_space))
			continue;
		refused(spaces, import, &provider);
	}
}

void check_namespace(const struct world *world, const struct package *package,
		     struct examination *examination)
{
	bool listed = kernel_lists(world);

	array_each(module, &package->modules) {
		struct spaces spaces = {.world = world,
					.module = module,
					.examination = examination,
					.listed = listed};

		if (module_judged(world, module))
			module_check(&spaces, package);
	}
}

/* SPDX-License-Identifier: ISC */
/* Checks module loader conditions outside symbols: CONFIG_MODULES, signatures, livepatch,
 * export flags and relocation types (Linux kernel/module/main.c, signing.c). */
#include "checks/checks.h"

#include <string.h>

/* The witness of the image's config, or NULL. */
static const char *config_witness(const struct world *world)
{
	const struct config *config = world_image(world)->config;

	return config ? config->witness : NULL;
}

/* Linux init/Kconfig, MODULES: without it the kernel has no init_module. */
static void modules_check(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	const struct config *config = world_image(world)->config;
	const char *value = image_option(world, "CONFIG_MODULES");
	struct finding *finding;

	/* a config that does not mention the option at all is incomplete */
	if (!value || strcmp(value, "n") != 0 || !config_get(config, "CONFIG_MODULES"))
		return;
	finding = examine(examination, "kernel-modules", OUTCOME_FAILS, NULL, "CONFIG_MODULES");
	finding_show(finding, "CONFIG_MODULES=n", config_witness(world), NULL, package->witness);
	finding->text = "Function not implemented: the image's kernel is built without MODULES and "
			"loads none";
}

/* The option because of which the kernel refuses modules without a signature that it can verify;
 * NULL if none is known.
 *   MODULE_SIG_FORCE: kernel/module/signing.c, module_sig_check (up to 5.18 kernel/module.c),
 *       since 3.7
 *   LOCK_DOWN_KERNEL_FORCE_*: security_locked_down(LOCKDOWN_MODULE_SIGNATURE) there, since 5.4
 *   module.sig_enforce: a parameter of the same file; CONFIG_CMDLINE may set it */
static const char *signatures_enforced(const struct world *world)
{
	static const char *const options[] = {"CONFIG_MODULE_SIG_FORCE",
					      "CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY",
					      "CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY"};
	const char *line = image_option(world, "CONFIG_CMDLINE");

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (image_option_on(world, options[i]))
			return options[i];
	if (line && strstr(line, "module.sig_enforce") && !strstr(line, "module.sig_enforce=0") &&
	    image_option_on(world, "CONFIG_MODULE_SIG"))
		return "CONFIG_CMDLINE";
	return NULL;
}

static void signature_enforced(const struct world *world, const struct module *module,
			       const char *option, struct examination *examination)
{
	struct arena *arena = examination->arena;
	struct finding *finding = examine(examination, "module-signature",
					  module->is_signed ? OUTCOME_UNKNOWN : OUTCOME_FAILS,
					  module->name, "signature");

	finding_show(finding, arena_format(arena, "%s=%s", option, image_option(world, option)),
		     config_witness(world), module->is_signed ? "a signature" : "no signature",
		     module->witness);
	if (!module->is_signed) {
		finding->text =
			arena_format(arena,
				     "Loading of unsigned module is rejected (Key was rejected by "
				     "service): the image's kernel enforces signatures by %s",
				     option);
		return;
	}
	finding->text = arena_format(arena,
				     "the image's kernel enforces signatures by %s; it is not "
				     "known whether it has the key that signed this module",
				     option);
	finding->settle = "no input can: load the module on a device with this image; kmodaudit "
			  "does not read the keys in a kernel";
}

/* Reports a signature marker without a valid signature before it. With MODULE_SIG the loader
 * refuses the module (mod_check_sig, EBADMSG); without it the marker is only trailing data. */
static void signature_broken(const struct world *world, const struct module *module,
			     struct examination *examination)
{
	const char *value = image_option(world, "CONFIG_MODULE_SIG");
	struct finding *finding;

	if (value && strcmp(value, "y") != 0)
		return;
	finding = examine(examination, "module-signature", value ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			  module->name, "signature");
	finding_show(finding, NULL, value ? config_witness(world) : NULL, "a damaged signature",
		     module->witness);
	finding->text = "its signature is damaged: a kernel with MODULE_SIG refuses it (Bad "
			"message), even if it does not enforce signatures";
	if (!value)
		finding->settle = "--image-config";
}

static void signature_check(const struct world *world, const struct module *module,
			    struct examination *examination)
{
	const char *option = signatures_enforced(world);
	struct finding *finding;

	if (module->signature_damaged)
		signature_broken(world, module, examination);
	else if (option)
		signature_enforced(world, module, option, examination);
	if (!module->is_signed || option)
		return;
	finding =
		examine(examination, "module-signature", OUTCOME_REMARK, module->name, "signature");
	finding->witness[1] = module->witness;
	finding->text = "the module has a signature, which was not verified; only a kernel that "
			"enforces signatures checks it";
}

/* Whether the kernel has livepatch: according to its config, else yes if it exports
 * klp_enable_patch, as kernels with livepatch do since 4.0. */
static enum since livepatch_there(const struct world *world)
{
	const struct kernel_exports *exports = image_exports(world_image(world));
	const char *value = image_option(world, "CONFIG_LIVEPATCH");

	if (value)
		return strcmp(value, "y") == 0 ? SINCE_YES : SINCE_NO;
	if (exports_find(&exports->table, "klp_enable_patch"))
		return SINCE_YES;
	return exports->complete && !exports_trimmed(world_image(world)) ? SINCE_NO : SINCE_UNKNOWN;
}

/* Linux kernel/module/main.c, check_modinfo_livepatch, since 4.7 */
static void livepatch_check(const struct world *world, const struct module *module,
			    struct examination *examination)
{
	const struct image *image = world_image(world);
	enum since there = livepatch_there(world), since = series_since(image_series(image), 4, 7);
	struct finding *finding;

	if (!module->modinfo.livepatch || there == SINCE_YES || since == SINCE_NO)
		return;

	bool sure = there == SINCE_NO && since == SINCE_YES;
	finding = examine(examination, "livepatch", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			  module->name, "livepatch");
	finding_show(finding, NULL,
		     config_witness(world) ? config_witness(world) : image_exports(image)->source,
		     module->modinfo.livepatch, module->witness);
	finding->text = sure ? "module is marked as livepatch module, but livepatch support is "
			       "disabled (Exec format error)"
			     : "the module is marked as livepatch module; it is not known whether "
			       "the kernel supports livepatch";
	if (!sure)
		finding->settle = "--image-config";
}

/* Linux kernel/module/main.c, check_export_symbol_sections, since 7.1 */
static void export_flags_check(const struct world *world, const struct module *module,
			       struct examination *examination)
{
	const struct image *image = world_image(world);
	struct finding *finding;

	if (!module->unflagged || series_since(image_series(image), 7, 1) != SINCE_YES)
		return;
	finding = examine(examination, "export-flags", OUTCOME_FAILS, module->name, "__kflagstab");
	finding_show(finding, image->release.value, image->release.witness, NULL, module->witness);
	finding->text = "no flags for exported symbols (Exec format error): kernels since 7.1 "
			"refuse a module that exports symbols and has no __kflagstab";
}

static void relocation_refused(const struct world *world, const struct module *module,
			       struct examination *examination)
{
	static const struct series seen = {
		.known = true, .major = RELOCATIONS_MAJOR, .minor = RELOCATIONS_MINOR};
	struct series series = image_series(world_image(world));
	bool later = module->relocations.grows && series.known && series_compare(series, seen) > 0;
	struct finding *finding =
		examine(examination, "relocation", later ? OUTCOME_UNKNOWN : OUTCOME_FAILS,
			module->name, "relocations");

	finding->witness[1] = module->witness;
	finding->text = arena_format(
		examination->arena,
		later ? "%s: the module loader of this machine refuses it in all series that are "
			"known here; the image's kernel is newer"
		      : "%s: the module loader of this machine refuses it (Exec format error)",
		module->relocations.refused);
	if (later)
		finding->settle = "the image loaded on the device";
}

/* True if a module of the running release has a relocation of the same or a later series, so
 * that the loader applies it. */
static bool relocation_applied(const struct image *image, const struct relocations *relocations)
{
	array_each(module, &image->modules)
		if (module->relocations.late && module_is_running(image, module) &&
		    series_compare(module->relocations.since, relocations->since) >= 0)
			return true;
	return false;
}

static void relocation_late(const struct world *world, const struct module *module,
			    struct examination *examination)
{
	const struct relocations *relocations = &module->relocations;
	const struct image *image = world_image(world);

	if (series_since(image_series(image), relocations->since.major, relocations->since.minor) !=
		    SINCE_NO ||
	    relocation_applied(image, relocations))
		return;

	struct finding *finding =
		examine(examination, "relocation", OUTCOME_UNKNOWN, module->name, "relocations");
	finding->witness[0] = image->release.witness;
	finding->witness[1] = module->witness;
	finding->text =
		arena_format(examination->arena,
			     "%s: the module loader of this machine applies it since Linux %u.%u; "
			     "it is not known whether the image's kernel does",
			     relocations->late, relocations->since.major, relocations->since.minor);
	finding->settle = "a module of the image that has such a relocation";
}

void check_loader(const struct world *world, const struct package *package,
		  struct examination *examination)
{
	if (package->modules.count > 0)
		modules_check(world, package, examination);
	array_each(module, &package->modules) {
		if (!module_judged(world, module))
			continue;
		signature_check(world, module, examination);
		livepatch_check(world, module, examination);
		export_flags_check(world, module, examination);
		if (module->relocations.refused)
			relocation_refused(world, module, examination);
		else if (module->relocations.late)
			relocation_late(world, module, examination);
	}
}

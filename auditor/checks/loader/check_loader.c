/* SPDX-License-Identifier: ISC */
/* Checks module loader conditions outside symbols: signatures, livepatch, flags of exports
 * and sections, relocation types (Linux kernel/module/main.c, signing.c). */
#include "checks/loader/orders.h"

#include <string.h>

/* The witness of the image's config, or NULL. */
static const char *config_witness(const struct world *world)
{
	const struct config *config = world_image(world)->config;

	return config ? config->witness : NULL;
}

static void signature_enforced(const struct world *world, const struct module *module,
			       const struct ordered *ordered, struct examination *examination)
{
	struct arena *arena = examination->arena;
	bool fails = !module->is_signed && ordered->sure;
	enum outcome outcome = ordered->only ? OUTCOME_REMARK
			       : fails	     ? OUTCOME_FAILS
					     : OUTCOME_UNKNOWN;
	struct finding *finding =
		examine(examination, "module-signature", outcome, module->name, "signature");

	finding_show(finding, arena_format(arena, "%s=%s", ordered->option, ordered->value),
		     ordered->witness, module->is_signed ? "a signature" : "no signature",
		     module->witness);
	if (ordered->only) {
		finding->text = arena_format(
			arena, "%s, which %s demands on a device that boots %s",
			module->is_signed ? "it was not verified whether the kernel has the key "
					    "that signed the module"
					  : "the module has no signature",
			ordered->option, ordered->only);
	} else if (module->is_signed) {
		finding->text =
			arena_format(arena,
				     "the image's kernel enforces signatures by %s; it is not "
				     "known whether it has the key that signed this module",
				     ordered->option);
		finding->settle =
			"no input can: load the module on a device with this image; kmodaudit "
			"does not read the keys in a kernel";
	} else if (fails) {
		finding->text =
			arena_format(arena, "%s: the image's kernel enforces signatures by %s",
				     ordered->words, ordered->option);
	} else {
		finding->text = arena_format(
			arena,
			"the module has no signature, and %s enforces signatures; it is not known "
			"whether that is so on the device",
			ordered->option);
		finding->settle = ordered_settle(world);
	}
}

/* Reports a signature marker without a valid signature before it. With MODULE_SIG
 * the loader refuses the module (mod_check_sig, EBADMSG); without it the marker is
 * only trailing data. */
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

/* True if the image has modules, and all are signed. */
static bool all_signed(const struct image *image)
{
	size_t count = 0;

	array_each(module, &image->modules) {
		if (module->problem || !image_module_runs(image, module))
			continue;
		if (!module->is_signed)
			return false;
		count++;
	}
	return count > 0;
}

/* Whether the kernel enforces signatures is not known, and its own modules do not show that it
 * loads one without. */
static void signature_lacking(const struct world *world, const struct module *module,
			      struct examination *examination)
{
	const char *some = image_option(world, "CONFIG_MODULE_SIG");
	struct finding *finding;

	if (image_option(world, "CONFIG_MODULE_SIG_FORCE") || (some && strcmp(some, "y") != 0) ||
	    !all_signed(world_image(world)))
		return;
	finding = examine(examination, "module-signature", OUTCOME_UNKNOWN, module->name,
			  "signature");
	finding_show(finding, "a signature", world_image(world)->modules.list[0].witness,
		     "no signature", module->witness);
	finding->text = "all modules of the image are signed, and this one is not; it is not known "
			"whether the kernel enforces signatures";
	finding->settle = "--image-config, with the config of this kernel";
}

static void signature_check(const struct world *world, const struct module *module,
			    struct examination *examination)
{
	const struct ordered ordered = signatures_enforced(world);
	struct finding *finding;

	if (module->signature_damaged)
		signature_broken(world, module, examination);
	else if (ordered.option)
		signature_enforced(world, module, &ordered, examination);
	else if (!module->is_signed)
		signature_lacking(world, module, examination);
	if (!module->is_signed || ordered.option)
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

/* Linux kernel/module/strict_rwx.c, module_enforce_rwx_sections, since 5.8 */
static void sections_check(const struct world *world, const struct module *module,
			   struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *value = image_option(world, "CONFIG_STRICT_MODULE_RWX");
	enum since since = series_since(image_series(image), 5, 8);
	struct finding *finding;

	if (!module->writable_code || since == SINCE_NO || (value && strcmp(value, "y") != 0))
		return;

	bool sure = value && since == SINCE_YES;
	finding = examine(examination, "section-flags", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			  module->name, "sections");
	finding_show(finding, value, config_witness(world), module->writable_code, module->witness);
	finding->text = arena_format(
		examination->arena,
		sure ? "section %s has invalid WRITE|EXEC flags (Exec format error): the kernel "
		       "has STRICT_MODULE_RWX"
		     : "section %s is writable and executable; it is not known whether the kernel "
		       "has STRICT_MODULE_RWX, which refuses that",
		module->writable_code);
	if (!sure)
		finding->settle = "--image-config";
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

static void relocation_late(const struct world *world, const struct module *module,
			    struct examination *examination)
{
	const struct relocations *relocations = &module->relocations;
	const struct image *image = world_image(world);

	if (series_since(image_series(image), relocations->since.major, relocations->since.minor) !=
	    SINCE_NO)
		return;
	/* a module of the running release has a relocation of the same or a later series, so that
	 * the loader applies it */
	if (array_any(other, &image->modules,
		      other->relocations.late && module_is_running(image, other) &&
			      series_compare(other->relocations.since, relocations->since) >= 0))
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
	array_each(module, &package->modules) {
		if (!module_judged(world, module))
			continue;
		signature_check(world, module, examination);
		livepatch_check(world, module, examination);
		export_flags_check(world, module, examination);
		sections_check(world, module, examination);
		if (module->relocations.refused)
			relocation_refused(world, module, examination);
		else if (module->relocations.late)
			relocation_late(world, module, examination);
	}
}

/* SPDX-License-Identifier: ISC */
/* Checks that loading a module does not make the kernel panic: panic_on_taint (Linux
 * kernel/panic.c, add_taint, since 5.8). */
#include "checks/loader/orders.h"

#include <string.h>

/* What a module taints the kernel with before its symbols are resolved
 * (kernel/module/main.c, module_augment_kernel_taints; signing.c, module_sig_check). */
enum taint {
	TAINT_PROPRIETARY = 0,
	TAINT_STAGING = 10,
	TAINT_OUT_OF_TREE = 12,
	TAINT_UNSIGNED = 13,
	TAINT_LIVEPATCH = 15,
	TAINT_COUNT
};

static const char *const taint_words[TAINT_COUNT] = {
	[TAINT_PROPRIETARY] = "its license is not compatible with the GPL (P)",
	[TAINT_STAGING] = "it is a staging driver (C)",
	[TAINT_OUT_OF_TREE] = "it was not built in the kernel's tree (O)",
	[TAINT_UNSIGNED] = "its signature is not one that the kernel accepts (E)",
	[TAINT_LIVEPATCH] = "it is a live patch (K)",
};

/* "0x3000" or "3000,nousertaint" */
static bool mask_of(struct span value, uint64_t *ret)
{
	struct span number = value, rest;

	span_split(value, ',', &number, &rest);
	if (span_starts(number, "0x") || span_starts(number, "0X"))
		number = span_skip(number, 2);
	return span_number(number, 16, ret) && *ret != 0;
}

static bool is_mask(struct span value)
{
	uint64_t mask;

	return mask_of(value, &mask);
}

static enum since taints(const struct world *world, const struct module *module, enum taint taint)
{
	const struct modinfo *modinfo = &module->modinfo;
	const char *sig = image_option(world, "CONFIG_MODULE_SIG");

	switch (taint) {
	case TAINT_PROPRIETARY:
		return module_is_gpl(module) ? SINCE_NO : SINCE_YES;
	case TAINT_STAGING:
		return modinfo->staging ? SINCE_YES : SINCE_NO;
	case TAINT_OUT_OF_TREE:
		return modinfo->intree ? SINCE_NO : SINCE_YES;
	case TAINT_UNSIGNED:
		/* only a kernel with MODULE_SIG looks for a signature, and whether it has the key
		 * of one that is there is not known */
		if (sig && strcmp(sig, "y") != 0)
			return SINCE_NO;
		return sig && !module->is_signed ? SINCE_YES : SINCE_UNKNOWN;
	case TAINT_LIVEPATCH:
		return modinfo->livepatch ? SINCE_YES : SINCE_NO;
	case TAINT_COUNT:
		break;
	}
	return SINCE_NO;
}

/* The first taint of MASK that is certain, else the first that may be. */
static enum since taint_find(const struct world *world, const struct module *module, uint64_t mask,
			     enum taint *ret)
{
	enum since found = SINCE_NO;

	for (enum taint taint = 0; taint < TAINT_COUNT && found != SINCE_YES; taint++) {
		enum since one = mask >> taint & 1 ? taints(world, module, taint) : SINCE_NO;

		if (one == SINCE_NO || (one == SINCE_UNKNOWN && found == SINCE_UNKNOWN))
			continue;
		found = one;
		*ret = taint;
	}
	return found;
}

void check_panic(const struct world *world, const struct package *package,
		 struct examination *examination)
{
	struct span value = {NULL, 0};
	struct ordered ordered = ordered_parameter(world, "panic_on_taint", is_mask, &value);
	enum since since = series_since(image_series(world_image(world)), 5, 8);
	uint64_t mask;

	if (!ordered.option || since == SINCE_NO || !mask_of(value, &mask))
		return;
	array_each(module, &package->modules) {
		enum taint taint = TAINT_COUNT;
		enum since found = module_judged(world, module)
					   ? taint_find(world, module, mask, &taint)
					   : SINCE_NO;
		bool sure = ordered.sure && since == SINCE_YES && found == SINCE_YES;

		if (found == SINCE_NO)
			continue;
		struct finding *finding = examine(examination, "kernel-modules",
						  sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
						  module->name, "panic_on_taint");
		finding_show(finding, ordered.value, ordered.witness, taint_words[taint],
			     module->witness);
		finding->text = arena_format(
			examination->arena,
			sure ? "the kernel panics when it loads the module: panic_on_taint in %s "
			       "names bit %u, and %s"
			     : "panic_on_taint in %s names bit %u: the kernel panics if %s; it is "
			       "not known whether that is so on the device",
			ordered.option, (unsigned)taint, taint_words[taint]);
		if (!sure)
			finding->settle = ordered_settle(world);
	}
}

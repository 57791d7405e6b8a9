/* SPDX-License-Identifier: ISC */
/* Checks kernel options that change generated code without changing any symbol's type
 * or CRC, such as RANDSTRUCT seeds (rules/kernel/build-options.yaml). */
#include "checks/checks.h"

#include <string.h>

/* Options whose effect no type shows (rules/kernel/build-options.yaml). Equal CRCs, an
 * equal kernel abi and equal twins prove nothing about them, so they are checked in
 * addition to every proof. */

/* The "RANDSTRUCT_<hash of the seed>" in a vermagic, or NULL
 * (include/linux/vermagic.h, since 4.13). */
static const char *seed_of(const char *vermagic)
{
	return vermagic ? strstr(vermagic, "RANDSTRUCT_") : NULL;
}

static void seeds_check(const struct world *world, const struct package *package,
			const char *option, const struct config *config,
			struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *want = seed_of(image->vermagic.value);
	size_t size = want ? strcspn(want, " ") : 0;
	bool equal = true;

	array_each(module, &package->modules) {
		const char *have = seed_of(module->modinfo.vermagic);

		equal = equal && want && have && strcspn(have, " ") == size &&
			strncmp(want, have, size) == 0;
	}
	if (equal)
		return;

	struct finding *finding =
		examine(examination, "kernel-options", OUTCOME_UNKNOWN, NULL, option);
	finding->witness[0] = config ? config->witness : image->vermagic.witness;
	finding->witness[1] = package->witness;
	finding->text = arena_format(
		examination->arena,
		"%s: every build lays out structs differently, and nothing shows that image and "
		"package are from one build",
		config ? arena_format(examination->arena, "%s is y in %s", option, config->witness)
		       : "a vermagic contains the seed of RANDSTRUCT");
	finding->settle = "no input can: use modules from the build of the image's kernel";
}

/* Looks for such an option in either config, even in one that something contradicts,
 * and for a seed in the vermagic of either side. */
static void seeds_look(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	const struct config *configs[] = {world_image(world)->config, world_config(world, package)};

	for (size_t i = 0; i < 2; i++) {
		const char *option =
			configs[i] ? build_options_seed(world_layout(world)->build, configs[i])
				   : NULL;

		if (!option)
			continue;
		seeds_check(world, package, option, configs[i], examination);
		return;
	}
	if (seed_of(world_image(world)->vermagic.value) ||
	    array_any(module, &package->modules, seed_of(module->modinfo.vermagic)))
		seeds_check(world, package, "RANDSTRUCT", NULL, examination);
}

void check_options(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	/* a config that may belong to another build, or that something contradicts, may still
	 * show that PACKAGE does not fit */
	const struct comparison *comparison = world_claimed_comparison(world, package);
	const struct comparison *disputed = world_disputed_comparison(world, package);
	struct arena *arena = examination->arena;

	if (!comparison && disputed && !disputed->unusable)
		comparison = disputed;
	if (package->modules.count == 0)
		return;
	seeds_look(world, package, examination);
	if (!comparison || comparison->unseen.count == 0)
		return;

	const char *option = comparison->unseen.list[0];
	const char *before = config_get(comparison->image, option),
		   *after = config_get(comparison->feed, option);
	struct finding *finding =
		examine(examination, "kernel-options", OUTCOME_UNKNOWN, NULL, option);
	finding_show(finding, arena_format(arena, "%s=%s", option, before ? before : "not set"),
		     comparison->image->witness,
		     arena_format(arena, "%s=%s", option, after ? after : "not set"),
		     comparison->feed->witness);
	finding->text = arena_format(
		arena,
		"the kernel configs differ in options that change calls, checks or constants in "
		"the code of modules, which symbol CRCs and types do not show: %s",
		strings_join(arena, &comparison->unseen, 4));
	finding->settle = arena_format(arena, "no input can: build %s with the image's options",
				       package->name);
}

#define NORMALIZES "CONFIG_CFI_ICALL_NORMALIZE_INTEGERS"

/* What a kernel with these options demands of the code of each module, while neither its
 * loader nor vermagic or CRCs show whether the module has it.
 *     CFI       the first call of a module's function traps: arch/x86/kernel/cfi.c,
 *               arch/arm64/kernel/traps.c, cfi_handler
 *     IBT, BTI  likewise on processors that have it: arch/x86/kernel/cet.c, do_kernel_cp_fault;
 *               arch/arm64/kernel/traps.c, do_el1_bti
 *     SCS       other code overwrites the register of the second stack: arch/Kconfig,
 *               SHADOW_CALL_STACK; with DYNAMIC_SCS only the kernel itself pushes to it, and where
 *               the processor has pointer authentication the register points to no stack
 * Types with integers normalized are other ones (CFI_ICALL_NORMALIZE_INTEGERS).
 * With CFI_PERMISSIVE a wrong call is only reported, but for the calls of x86 with FineIBT, which
 * run into what is in front of the function (arch/x86/kernel/alternative.c, apply_fineibt). */
static const struct demand {
	const char *option;
	unsigned mark; /* of enum module_mark */
} demands[] = {
	{"CONFIG_CFI_CLANG", MARK_CFI},
	{"CONFIG_CFI", MARK_CFI},
	{"CONFIG_X86_KERNEL_IBT", MARK_LANDING},
	{"CONFIG_ARM64_BTI_KERNEL", MARK_LANDING},
	{"CONFIG_SHADOW_CALL_STACK", MARK_STACK},
	{"CONFIG_DYNAMIC_SCS", MARK_SPARES},
	{NORMALIZES, MARK_NORMAL},
};

static bool is_set(const struct config *config, const char *option)
{
	const char *value = config ? config_get(config, option) : NULL;

	return value && strcmp(value, "y") == 0;
}

static void demand_check(const struct world *world, const struct package *package,
			 const struct demand *demand, struct examination *examination)
{
	const struct config *config = world_image(world)->config;
	bool other_types = demand->mark == MARK_CFI && !is_set(config, NORMALIZES);
	const struct module *module = array_find(one, &package->modules,
						 !(one->marks & demand->mark) ||
							 (other_types && one->marks & MARK_NORMAL));
	bool lenient = is_set(config, "CONFIG_CFI_PERMISSIVE") && !is_set(config, "CONFIG_X86_64");

	if (!module || !is_set(config, demand->option) ||
	    (lenient && demand->mark & (MARK_CFI | MARK_NORMAL)))
		return;

	struct finding *finding = examine(examination, "kernel-options", OUTCOME_UNKNOWN,
					  module->name, demand->option);
	finding_show(finding, arena_format(examination->arena, "%s=y", demand->option),
		     config->witness, NULL, module->witness);
	finding->text = arena_format(
		examination->arena,
		"%s is y in the image's kernel, which runs only modules that were built with it; "
		"equal CRCs do not show whether this one was",
		demand->option);
	finding->settle = "--feed-config, with the kernel config of the feed's build";
}

/* What the code of a module does that only a kernel with OPTION, or OTHER, bears.
 *     CFI    a call of a function without a type in front of it traps: those of this kernel have
 *            none
 *     SCS    return addresses are written to where x18 points, which in this kernel is anywhere */
static const struct excess {
	const char *option, *other;
	unsigned mark, without; /* of enum module_mark: it has MARK and not WITHOUT */
	const char *text;
} excesses[] = {
	{"CONFIG_CFI_CLANG", "CONFIG_CFI", MARK_CFI, 0,
	 "checks the types of functions that it calls"},
	{"CONFIG_SHADOW_CALL_STACK", NULL, MARK_STACK, MARK_SPARES,
	 "writes return addresses to a shadow call stack"},
};

static bool shows(const struct module *module, const struct excess *excess)
{
	return module->marks & excess->mark && !(module->marks & excess->without);
}

static void excess_check(const struct world *world, const struct package *package,
			 const struct excess *excess, struct examination *examination)
{
	const struct image *image = world_image(world);
	const struct module *module = array_find(one, &package->modules, shows(one, excess));
	const char *value = image_option(world, excess->option);

	if (!module || image_option_on(world, excess->option) ||
	    (excess->other && image_option_on(world, excess->other)))
		return;
	/* the kernel's own modules show it as well */
	if (array_any(one, &image->modules,
		      !one->problem && shows(one, excess) && image_module_runs(image, one)))
		return;

	struct finding *finding = examine(examination, "kernel-options", OUTCOME_UNKNOWN,
					  module->name, excess->option);
	finding_show(finding,
		     value ? arena_format(examination->arena, "%s=%s", excess->option, value)
			   : NULL,
		     value ? image->config->witness : NULL, NULL, module->witness);
	finding->text = arena_format(
		examination->arena,
		"the module %s, which crashes a kernel without %s; %s, and equal CRCs do not show "
		"it",
		excess->text, excess->option,
		value ? "the image's kernel is one" : "it is not known whether the image's has it");
	finding->settle = value ? arena_format(examination->arena,
					       "no input can: build %s with the image's options",
					       package->name)
				: "--image-config, with the config of this kernel";
}

void check_demanded(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	const char *why;
	bool others = false;

	/* CRCs are of types. The other proofs compare the configs, or somebody answers for them;
	 * twins compare other modules than this one. */
	for (size_t i = 0; i < PROOF_COUNT; i++)
		others |= i != PROOF_SYMBOL_CRCS && i != PROOF_TWINS && examination->proven[i];
	if (package->modules.count == 0 || others || !examination->proven[PROOF_SYMBOL_CRCS] ||
	    world_comparison(world, package, &why))
		return;
	for (size_t i = 0; i < sizeof demands / sizeof *demands; i++)
		demand_check(world, package, &demands[i], examination);
	for (size_t i = 0; i < sizeof excesses / sizeof *excesses; i++)
		excess_check(world, package, &excesses[i], examination);
}

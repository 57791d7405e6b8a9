/* SPDX-License-Identifier: ISC */
/* Finds what a kernel's config, its command lines and the boot loader's files demand of
 * all modules: signatures, parameters, active security modules. */
#include "checks/loader/orders.h"

#include <string.h>

static bool config_sure(const struct world *world)
{
	return world_image_config_against(world)->count == 0;
}

/* OPTION of the image's config if it is y. A config that something contradicts shows
 * nothing for certain, but leaves a doubt. */
static struct ordered ordered_option(const struct world *world, const char *option)
{
	const struct config *config = world_image(world)->config;
	const char *value = config ? config_get(config, option) : NULL;

	return value && strcmp(value, "y") == 0 ? (struct ordered){.option = option,
								   .value = value,
								   .witness = config->witness,
								   .sure = config_sure(world)}
						: (struct ordered){0};
}

static bool option_any(const struct world *world, const char *const *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (ordered_option(world, options[i]).option)
			return true;
	return false;
}

/* On x86 the kernel then ignores what a boot loader passes; elsewhere it may, but kernels of
 * OpenWrt take bootargs-override of the device tree in its place (target/linux, patches of
 * drivers/of/fdt.c). */
static bool config_overrides(const struct world *world)
{
	return ordered_option(world, "CONFIG_CMDLINE_OVERRIDE").option != NULL;
}

static struct ordered config_parameter(const struct world *world, const struct parameter *parameter,
				       struct span *value)
{
	/* with these CONFIG_CMDLINE counts only where a boot loader or device tree
	 * passes none */
	static const char *const given[] = {"CONFIG_CMDLINE_FROM_BOOTLOADER",
					    "CONFIG_MIPS_CMDLINE_FROM_DTB",
					    "CONFIG_MIPS_CMDLINE_FROM_BOOTLOADER"};
	const struct config *config = world_image(world)->config;
	const char *line = config ? config_get(config, "CONFIG_CMDLINE") : NULL;

	/* a config has it in quotes */
	if (!line || !command_line_get(line + (line[0] == '"'), parameter, value))
		return (struct ordered){0};
	return (struct ordered){.option = "CONFIG_CMDLINE",
				.value = line,
				.witness = config->witness,
				.sure = config_sure(world) &&
					!option_any(world, given, sizeof given / sizeof *given)};
}

/* Certain if every line that the image's boot loader can pass has the parameter, and
 * the kernel is known to listen. */
static struct ordered boot_parameter(const struct world *world, const struct parameter *parameter,
				     struct span *value)
{
	/* with these the kernel ignores what a boot loader passes */
	static const char *const forced[] = {"CONFIG_CMDLINE_FORCE", "CONFIG_CMDLINE_OVERWRITE"};
	const struct image *image = world_image(world);
	struct ordered ordered = {0};
	bool overrides = config_overrides(world),
	     sure = image->config && config_sure(world) && !overrides, passed = false;

	if (option_any(world, forced, sizeof forced / sizeof *forced) ||
	    (overrides && ordered_option(world, "CONFIG_X86").option))
		return ordered;
	array_each(line, &image->command_lines) {
		struct span own;
		bool there = command_line_get(line->text, parameter, &own);

		sure &= there || !line->passed;
		passed |= line->passed;
		if (!there || ordered.option)
			continue;
		ordered.option = "the boot loader's command line";
		ordered.value = line->text;
		ordered.witness = line->witness;
		*value = own;
	}
	ordered.sure = sure && passed;
	return ordered;
}

struct ordered ordered_last(const struct world *world, struct parameter parameter)
{
	struct span ignored;
	struct parameter any = {.name = parameter.name, .test = value_any};

	parameter.last = true;

	struct ordered config = config_parameter(world, &parameter, &ignored);
	struct ordered boot = boot_parameter(world, &parameter, &ignored);

	/* which of the two lines comes last differs between machines */
	boot.sure &= config.option || !config_parameter(world, &any, &ignored).option;
	config.sure &= boot.sure || !boot_parameter(world, &any, &ignored).option;
	return config.option && (config.sure || !boot.option) ? config : boot;
}

static struct ordered parameter_ordered(const struct world *world, struct parameter parameter,
					struct span *value)
{
	struct span other;
	struct ordered config = config_parameter(world, &parameter, value);
	struct ordered boot = boot_parameter(world, &parameter, &other);

	if (!boot.option || (config.option && config.sure))
		return config;
	*value = other;
	return boot;
}

struct ordered ordered_parameter(const struct world *world, const char *name, value_test *test,
				 struct span *value)
{
	return parameter_ordered(world, (struct parameter){.name = name, .test = test}, value);
}

bool value_any(struct span value)
{
	(void)value;
	return true;
}

/* Whether the security module NAME is active. Since 5.1 CONFIG_LSM names the active ones
 * in order, and the parameter lsm= others in its place (Linux security/security.c,
 * ordered_lsm_parse). Before, those that are built in are active. */
static enum since ordered_lsm(const struct world *world, const char *name)
{
	const struct config *config = world_image(world)->config;
	const char *list = config ? config_get(config, "CONFIG_LSM") : NULL;
	struct span value;

	if (!list)
		return SINCE_YES;

	struct ordered given = ordered_parameter(world, "lsm", value_any, &value),
		       named = ordered_last(world, (struct parameter){.name = "lsm", .item = name});

	if (named.option && named.sure)
		return SINCE_YES;
	if (given.option)
		return given.sure && !named.option ? SINCE_NO : SINCE_UNKNOWN;
	return list_names(span_text(list), name) ? SINCE_YES : SINCE_UNKNOWN;
}

/* ORDERED, if the lockdown is among the active security modules.
 * SECURITY_LOCKDOWN_LSM_EARLY activates it whatever CONFIG_LSM is. */
static struct ordered lockdown_active(const struct world *world, struct ordered ordered)
{
	enum since active = ordered_option(world, "CONFIG_SECURITY_LOCKDOWN_LSM_EARLY").option
				    ? SINCE_YES
				    : ordered_lsm(world, "lockdown");

	ordered.sure &= active == SINCE_YES;
	if (active == SINCE_NO)
		ordered.option = NULL;
	return ordered;
}

/* ORDERED, a parameter that only a kernel with OPTION has. */
static struct ordered needs_option(const struct world *world, const char *option,
				   struct ordered ordered)
{
	const struct config *config = world_image(world)->config;
	const char *value = config ? config_get(config, option) : NULL;
	bool absent = value ? strcmp(value, "y") != 0 : config && config->resolved;

	if (absent && config_sure(world))
		ordered.option = NULL;
	ordered.sure &= value && !absent;
	return ordered;
}

struct ordered initcall_barred(const struct world *world, const char *function)
{
	struct span value;
	struct parameter parameter = {.name = "initcall_blacklist",
				      .test = function ? NULL : value_any,
				      .item = function};
	struct ordered ordered = parameter_ordered(world, parameter, &value);

	struct series series = image_series(world_image(world));

	if (series_since(series, 4, 6) == SINCE_NO)
		ordered.option = NULL;
	ordered.sure &= series_since(series, 4, 8) == SINCE_YES;
	return needs_option(world, "CONFIG_KALLSYMS", ordered);
}

/* Each lockdown= can only raise the level (security/lockdown/lockdown.c,
 * lock_kernel_down). */
static bool locks_down(struct span value)
{
	return span_is(value, "integrity") || span_is(value, "confidentiality");
}

static struct ordered lockdown_parameter(const struct world *world)
{
	struct span value;
	struct ordered ordered = ordered_parameter(world, "lockdown", locks_down, &value);

	return lockdown_active(world, needs_option(world, "CONFIG_SECURITY_LOCKDOWN_LSM", ordered));
}

/* A later "0" does not unset it (kernel/params.c, param_set_bool_enable_only,
 * kstrtobool). */
bool value_enables(struct span value)
{
	return value.size == 0 || strchr("1yYtT", value.data[0]) ||
	       (value.size > 1 && (value.data[0] | 0x20) == 'o' && (value.data[1] | 0x20) == 'n');
}

static struct ordered enforce_parameter(const struct world *world)
{
	struct span value;
	struct ordered ordered =
		ordered_parameter(world, "module.sig_enforce", value_enables, &value);

	return needs_option(world, "CONFIG_MODULE_SIG", ordered);
}

/* ima_policy=secure_boot, in a list with '|': modules need a signature (since 4.13;
 * security/integrity/ima/ima_policy.c, policy_setup, secure_boot_rules). */
static bool appraises_modules(struct span value)
{
	struct span one;

	while (span_item(&value, '|', &one))
		if (span_is(span_trim(one), "secure_boot"))
			return true;
	return false;
}

/* ima_appraise=fix, log and off: nothing is refused (ima_appraise.c,
 * default_appraise_setup, which only a kernel with IMA_APPRAISE_BOOTPARAM has). */
static bool appraises_idly(struct span value)
{
	return span_starts(value, "fix") || span_starts(value, "log") || span_starts(value, "off");
}

/* ORDERED, which IMA enforces unless a parameter says otherwise. */
static struct ordered ima_enforces(const struct world *world, struct ordered ordered)
{
	struct span value;
	struct ordered idle = ordered_parameter(world, "ima_appraise", appraises_idly, &value);

	idle = needs_option(world, "CONFIG_IMA_APPRAISE_BOOTPARAM", idle);
	ordered.sure &= !idle.option;
	if (idle.option && idle.sure)
		ordered.option = NULL;
	return ordered;
}

static struct ordered ima_parameter(const struct world *world)
{
	struct span value;
	struct ordered ordered = ordered_parameter(world, "ima_policy", appraises_modules, &value);

	if (series_since(image_series(world_image(world)), 4, 13) == SINCE_NO)
		ordered.option = NULL;
	return ima_enforces(world, needs_option(world, "CONFIG_IMA_APPRAISE", ordered));
}

/* What a kernel does only if the firmware has verified it, which no image shows.
 *   LOCK_DOWN_IN_EFI_SECURE_BOOT, EFI_SECURE_BOOT_LOCK_DOWN: distributions lock it down
 *       (Debian features/all/lockdown/efi-lock-down-the-kernel-if-booted-in-secure-boot-mo.patch)
 *   IMA_ARCH_POLICY: security/integrity/ima/ima_efi.c, arch_get_ima_policy */
static struct ordered secure_boot_enforces(const struct world *world)
{
	static const char *const options[] = {"CONFIG_LOCK_DOWN_IN_EFI_SECURE_BOOT",
					      "CONFIG_EFI_SECURE_BOOT_LOCK_DOWN"};
	static const char *const firmware[] = {"CONFIG_EFI", "CONFIG_PPC_SECURE_BOOT",
					       "CONFIG_S390"};
	struct ordered ordered = {0};

	for (size_t i = 0; !ordered.option && i < sizeof options / sizeof *options; i++)
		ordered = lockdown_active(world, ordered_option(world, options[i]));
	if (!ordered.option)
		ordered = ordered_option(world, "CONFIG_IMA_ARCH_POLICY");
	if (!option_any(world, firmware, sizeof firmware / sizeof *firmware))
		ordered.option = NULL;
	ordered.only = "with Secure Boot";
	ordered.sure = false;
	return ordered;
}

/*   MODULE_SIG_FORCE: kernel/module/signing.c, module_sig_check (up to 5.18 kernel/module.c),
 *       since 3.7; the parameter module.sig_enforce sets the same
 *   LOCK_DOWN_KERNEL_FORCE_*: security_locked_down(LOCKDOWN_MODULE_SIGNATURE) there, since 5.4;
 *       the parameter lockdown sets the same (security/lockdown/lockdown.c)
 *   IMA_APPRAISE_REQUIRE_MODULE_SIGS: security/integrity/ima/ima_policy.c; the parameter
 *       ima_policy=secure_boot sets the same */
struct ordered signatures_enforced(const struct world *world)
{
	static const char rejected[] =
		"Loading of unsigned module is rejected (Key was rejected by service)";
	static const char locked[] =
		"Lockdown: unsigned module loading is restricted (Operation not permitted)";
	static const char denied[] = "Permission denied";
	static const struct {
		const char *option, *words;
	} options[] = {
		{"CONFIG_MODULE_SIG_FORCE", rejected},
		{"CONFIG_LOCK_DOWN_KERNEL_FORCE_INTEGRITY", locked},
		{"CONFIG_LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY", locked},
		{"CONFIG_IMA_APPRAISE_REQUIRE_MODULE_SIGS", denied},
	};
	struct ordered ordered;

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		ordered = ordered_option(world, options[i].option);
		if (options[i].words == locked)
			ordered = lockdown_active(world, ordered);
		if (options[i].words == denied)
			ordered = ima_enforces(world, ordered);
		ordered.words = options[i].words;
		if (ordered.option)
			return ordered;
	}
	ordered = enforce_parameter(world);
	ordered.words = rejected;
	if (ordered.option)
		return ordered;
	ordered = ima_parameter(world);
	ordered.words = denied;
	if (ordered.option)
		return ordered;
	ordered = lockdown_parameter(world);
	ordered.words = locked;
	return ordered.option ? ordered : secure_boot_enforces(world);
}

struct ordered bootconfig_read(const struct world *world)
{
	struct span ignored;
	struct ordered ordered = ordered_option(world, "CONFIG_BOOT_CONFIG_FORCE");

	if (!ordered.option)
		ordered = ordered_parameter(world, "bootconfig", value_any, &ignored);
	if (series_since(image_series(world_image(world)), 5, 6) == SINCE_NO)
		ordered.option = NULL;
	return needs_option(world, "CONFIG_BOOT_CONFIG", ordered);
}

static bool is_zero(struct span value)
{
	return span_is(value, "0");
}

static bool is_set(struct span value)
{
	return value.size > 0 && !is_zero(value);
}

static bool excludes_modules(struct span value)
{
	return list_names(value, "kernel-module");
}

/* What the parameter NAME makes of ENFORCED, which the config says. */
static struct ordered loadpin_parameter(const struct world *world, const char *name,
					struct ordered enforced)
{
	struct span value;
	struct ordered on = ordered_parameter(world, name, is_set, &value),
		       off = ordered_parameter(world, name, is_zero, &value);

	if (on.option) {
		on.sure &= !off.option;
		return on;
	}
	if (off.option && off.sure)
		enforced.option = NULL;
	enforced.sure &= !off.option;
	return enforced;
}

struct ordered loadpin_enforced(const struct world *world)
{
	struct span value;
	struct ordered enforced = ordered_option(world, "CONFIG_SECURITY_LOADPIN_ENFORCE"),
		       except = ordered_parameter(world, "loadpin.exclude", excludes_modules,
						  &value);

	if (!enforced.option)
		enforced = ordered_option(world, "CONFIG_SECURITY_LOADPIN_ENABLED");
	enforced = loadpin_parameter(world, "loadpin.enforce", enforced);
	enforced = loadpin_parameter(world, "loadpin.enabled", enforced);
	enforced.sure &= !except.option && ordered_lsm(world, "loadpin") == SINCE_YES;
	if ((except.option && except.sure) || ordered_lsm(world, "loadpin") == SINCE_NO)
		enforced.option = NULL;
	return needs_option(world, "CONFIG_SECURITY_LOADPIN", enforced);
}

const char *ordered_settle(const struct world *world)
{
	return !world_image(world)->config || !config_sure(world)
		       ? "--image-config, with the config of this kernel"
		       : "the command line with which the device boots";
}

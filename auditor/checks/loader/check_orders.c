/* SPDX-License-Identifier: ISC */
/* Checks that nothing in the image stops the loading of modules: MODULES,
 * modules_disabled, LoadPin, module_blacklist, and rules of the module loader. */
#include "base/text.h"
#include "checks/loader/orders.h"
#include "facts/world/world_shared.h"

#include <string.h>

/* Linux init/Kconfig, MODULES: without it the kernel has no init_module. */
static void modules_check(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	const struct config *config = world_image(world)->config;
	const char *value = config ? config_get(config, "CONFIG_MODULES") : NULL;
	bool sure = world_image_config_against(world)->count == 0;
	struct finding *finding;

	/* a config that does not mention the option at all is incomplete */
	if (!value || strcmp(value, "n") != 0)
		return;
	finding = examine(examination, "kernel-modules", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			  NULL, "CONFIG_MODULES");
	finding_show(finding, "CONFIG_MODULES=n", config->witness, NULL, package->witness);
	if (sure) {
		finding->text = "Function not implemented: the image's kernel is built without "
				"MODULES and loads none";
		return;
	}
	finding->text = "CONFIG_MODULES is not set in the config of the image's kernel; it is not "
			"known whether the config belongs to it";
	finding->settle = "--image-config, with the config of this kernel";
}

/* The finding about SUBJECT that a parameter on the command line stops loading; NAME is
 * the parameter's. */
static struct finding *parameter_finding(const struct world *world, const struct ordered *ordered,
					 const char *subject, const char *name,
					 struct examination *examination)
{
	struct finding *finding =
		examine(examination, "kernel-modules",
			ordered->sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN, subject, name);

	if (!ordered->sure)
		finding->settle = ordered_settle(world);
	return finding;
}

/* It can be set to nothing else (kernel/module/main.c, module_sysctl_table). */
static bool is_one(struct span value)
{
	return span_is(value, "1");
}

/* The parameter that stops all loading before init starts:
 *     nomodule                          kernel/module/main.c, core_param of modules_disabled
 *     sysctl.kernel.modules_disabled=1  since 5.8; fs/proc/proc_sysctl.c, do_sysctl_args */
static struct ordered disabling_parameter(const struct world *world, const char **ret_name)
{
	struct span value;
	struct ordered ordered =
		ordered_last(world, (struct parameter){.name = "nomodule", .test = value_enables});

	*ret_name = "nomodule";
	if (ordered.option)
		return ordered;
	*ret_name = "sysctl.kernel.modules_disabled=1";
	ordered = ordered_parameter(world, "sysctl.kernel.modules_disabled", is_one, &value);
	if (series_since(image_series(world_image(world)), 5, 8) == SINCE_NO)
		ordered.option = NULL;
	return ordered;
}

static void disabled_check(const struct world *world, const struct package *package,
			   struct examination *examination)
{
	const char *name;
	struct ordered ordered = disabling_parameter(world, &name);
	struct finding *finding;

	if (!ordered.option)
		return;
	finding = parameter_finding(world, &ordered, NULL, "modules_disabled", examination);
	finding_show(finding, ordered.value, ordered.witness, NULL, package->witness);
	finding->text = arena_format(
		examination->arena,
		ordered.sure ? "Operation not permitted: %s in %s stops the loading "
			       "of modules before init starts"
			     : "%s in %s stops the loading of modules; it is not known "
			       "whether that is so on the device",
		name, ordered.option);
}

/* A bootconfig may have each of the parameters above, and module.sig_enforce. */
static void bootconfig_check(const struct world *world, const struct package *package,
			     struct examination *examination)
{
	struct ordered ordered = bootconfig_read(world);
	struct finding *finding;

	if (!ordered.option)
		return;
	finding = examine(examination, "kernel-modules", OUTCOME_UNKNOWN, NULL, "bootconfig");
	finding_show(finding, ordered.value, ordered.witness, NULL, package->witness);
	finding->text = arena_format(examination->arena,
				     "the kernel takes parameters from a bootconfig (%s), which is "
				     "not read: they may stop the loading of modules or of "
				     "modules without a signature",
				     ordered.option);
	finding->settle = "what /proc/bootconfig says on a device with this image";
}

/* Files of sysctl are applied after the modules of etc/modules.d and
 * modules-load.d are loaded (OpenWrt package/base-files, etc/init.d/boot
 * and etc/init.d/sysctl; systemd-sysctl.service). */
static void sysctl_check(const struct world *world, const struct package *package,
			 struct examination *examination)
{
	const char *witness = world_image(world)->modules_disabled;
	const struct package *by;
	struct fold fold = {0};
	size_t at = 0;

	/* the file may also be of the package or of what it depends on */
	while (!witness && (by = world_ordering(world, package, &at)))
		witness = by->modules_disabled;
	array_each(module, &package->modules) {
		bool early = array_any(autoload, &package->autoload,
				       strcmp(autoload->module, module->name) == 0);
		struct finding *finding;

		if (!witness || !module_judged(world, module))
			continue;
		finding = examine_folded(examination, &fold, "kernel-modules",
					 early ? OUTCOME_REMARK : OUTCOME_UNKNOWN, module->name,
					 "modules_disabled");
		if (!finding)
			continue;
		finding_show(finding, "kernel.modules_disabled=1", witness, NULL, module->witness);
		finding->text =
			early ? "kernel.modules_disabled stops the loading of modules after those "
				"of etc/modules.d are loaded; this one is among them"
			      : "kernel.modules_disabled stops the loading of modules while the "
				"device boots, and nothing loads this one before";
		if (!early)
			finding->settle =
				"a package that loads the module at boot "
				"(etc/modules.d), or an image and packages without that setting";
	}
}

/* LoadPin takes modules only from the file system of the first one, and
 * none that come without a file, as from init_module, which kmodloader
 * calls (Linux security/loadpin/loadpin.c, loadpin_check, since 4.7;
 * ubox kmodloader.c, insert_module). */
static void loadpin_check(const struct world *world, const struct package *package,
			  struct examination *examination)
{
	struct ordered enforce = loadpin_enforced(world);
	bool sure = enforce.sure && image_kmodloader_alone(world_image(world));
	struct finding *finding;

	if (!enforce.option)
		return;
	finding = examine(examination, "kernel-modules", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			  NULL, "LoadPin");
	finding_show(finding,
		     arena_format(examination->arena, "%s: %s", enforce.option, enforce.value),
		     enforce.witness, NULL, package->witness);
	finding->text =
		sure ? "Operation not permitted: LoadPin refuses modules that are passed without a "
		       "file, as the image's loader, kmodloader, does"
		     : "LoadPin takes modules only from the file system of the first one that was "
		       "loaded; it is not known whether the package is installed on that one";
	if (!sure)
		finding->settle = "the module loaded on a device with this image";
}

/* The kernel's parameter module_blacklist: names, separated by commas, that it never
 * loads (Linux kernel/module/main.c, blacklisted, since 4.8). */
static void blacklist_check(const struct world *world, const struct module *module,
			    struct examination *examination)
{
	struct ordered ordered = ordered_last(
		world, (struct parameter){.name = "module_blacklist", .item = module->name});

	if (!ordered.option || series_since(image_series(world_image(world)), 4, 8) == SINCE_NO)
		return;

	struct finding *finding =
		parameter_finding(world, &ordered, module->name, "module_blacklist", examination);
	finding_show(finding, ordered.value, ordered.witness, module->name, module->witness);
	finding->text = arena_format(
		examination->arena,
		ordered.sure ? "Module is blacklisted (Operation not permitted): "
			       "module_blacklist in %s names it"
			     : "module_blacklist in %s names the module; it is not known "
			       "whether that is so on the device",
		ordered.option);
}

/* The kernel does not call the init of a module that initcall_blacklist names, and the
 * module is not loaded (Linux init/main.c, do_one_initcall, initcall_blacklisted). */
static void initcall_check(const struct world *world, const struct module *module,
			   struct examination *examination)
{
	const char *init = module->this_module.init_name;
	struct ordered ordered = initcall_barred(world, init);
	struct finding *finding;

	if (!ordered.option || (!init && !module->this_module.has_init))
		return;
	ordered.sure &= init != NULL;
	finding =
		parameter_finding(world, &ordered, module->name, "initcall_blacklist", examination);
	finding_show(finding, ordered.value, ordered.witness, init, module->witness);
	finding->text =
		ordered.sure ? arena_format(examination->arena,
					    "initcall %s blacklisted (Operation not permitted): "
					    "initcall_blacklist in %s names the module's init",
					    init, ordered.option)
			     : arena_format(examination->arena,
					    "initcall_blacklist in %s %s; it is not known "
					    "whether that is so on the device",
					    ordered.option,
					    init ? "names the module's init"
						 : "may name the module's init, which has no name");
}

static const char *rule_text(struct arena *arena, const struct loader_rule *rule)
{
	switch (rule->kind) {
	case RULE_BLACKLIST:
		return "kmodloader loads the module neither at boot nor as modprobe; only another "
		       "module's depends= or insmod does";
	case RULE_ALIASES:
		return "modprobe loads the module by its name, but not for a device that it drives";
	case RULE_INSTALL:
		return "modprobe runs that command instead of loading the module";
	case RULE_COMMAND:
		return "modprobe runs that command instead of loading the module; it is not known "
		       "whether the command loads it";
	case RULE_ALIAS:
	case RULE_LOADS:
		break;
	}
	return arena_format(arena, "modprobe loads module %s instead of this one", rule->target);
}

/* BY: the package that has the rule, whose scripts may load the module themselves; NULL: the
 * image. */
static void rule_report(const struct image *image, const struct loader_rule *rule,
			const struct package *by, const struct module *module,
			struct examination *examination)
{
	bool read = image_reads_rule(image, rule) == SINCE_YES,
	     sure = read && !by && rule->kind != RULE_COMMAND, aliases = rule->kind == RULE_ALIASES;
	struct finding *finding = examine(examination, "loader-rules",
					  aliases ? OUTCOME_REMARK
					  : sure  ? OUTCOME_FAILS
						  : OUTCOME_UNKNOWN,
					  module->name, rule->line);

	finding_show(finding, rule->line, rule->witness, NULL, module->witness);
	finding->text = rule_text(examination->arena, rule);
	if (!aliases && by)
		finding->settle = arena_format(examination->arena,
					       "a build of %s without that line", by->name);
	else if (!aliases && !sure)
		finding->settle = read ? "the module loaded on a device with this image"
				       : "an image in which the module loader is found";
}

/* The rules of the image, and of the package and what it depends on. Only what keeps
 * MODULE from being loaded at all ends the search. */
static void rules_check(const struct world *world, const struct package *package,
			const struct module *module, bool needed, struct examination *examination)
{
	const struct image *image = world_image(world);
	const struct package *by = NULL, *aliases_by = NULL;
	const struct loader_rule *rule = image_rule_of(image, &image->loader_rules, module, needed),
				 *aliases = NULL;
	size_t at = 0;

	while (!rule || rule->kind == RULE_ALIASES) {
		if (rule && !aliases) {
			aliases = rule;
			aliases_by = by;
		}
		by = world_ordering(world, package, &at);
		if (!by)
			break;
		rule = image_rule_of(image, &by->loader_rules, module, needed);
	}
	if (by || (rule && rule->kind != RULE_ALIASES))
		rule_report(image, rule, by, module, examination);
	else if (aliases)
		rule_report(image, aliases, aliases_by, module, examination);
}

void orders_needed(const struct world *world, const struct package *package,
		   const struct module *module, struct examination *examination)
{
	blacklist_check(world, module, examination);
	initcall_check(world, module, examination);
	rules_check(world, package, module, true, examination);
}

void check_orders(const struct world *world, const struct package *package,
		  struct examination *examination)
{
	if (package->modules.count == 0)
		return;
	modules_check(world, package, examination);
	disabled_check(world, package, examination);
	bootconfig_check(world, package, examination);
	loadpin_check(world, package, examination);
	sysctl_check(world, package, examination);
	array_each(module, &package->modules) {
		if (!module_judged(world, module))
			continue;
		blacklist_check(world, module, examination);
		initcall_check(world, module, examination);
		rules_check(world, package, module, false, examination);
	}
}

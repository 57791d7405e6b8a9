/* SPDX-License-Identifier: ISC */
/* orders - what the image's config, command lines and files order about all modules.
 * Private to checks/loader/. */
#ifndef KMODAUDIT_ORDERS_H
#define KMODAUDIT_ORDERS_H

#include "checks/checks.h"
#include "facts/kernel/command_line.h"

/* An option or parameter that says something about all modules. */
struct ordered {
	const char *option, *value; /* OPTION is NULL: there is none */
	const char *witness;
	const char *words; /* what the kernel reports */
	const char *only; /* "with Secure Boot": only devices that boot so do it; NULL: all */
	/* the config is that of this kernel, and nothing passes another command line */
	bool sure;
};

/* The kernel parameter NAME with a value that passes TEST, in CONFIG_CMDLINE or in what
 * the image's boot loader passes. VALUE gets what follows "NAME=". */
struct ordered ordered_parameter(const struct world *world, const char *name, value_test *test,
				 struct span *value);

/* PARAMETER, of which the last one in the kernel's line counts. */
struct ordered ordered_last(const struct world *world, struct parameter parameter);

/* Passes every value: of several the last one counts. */
bool value_any(struct span value);
/* Passes no value, and those by which a parameter of the kernel is set. */
bool value_enables(struct span value);

/* initcall_blacklist= that names FUNCTION, or NULL: any one. All of them count (Linux
 * init/main.c, initcall_blacklist, since 3.16). Of modules since 4.8, perhaps since 4.6:
 * before, the kernel compares with "init [module]". */
struct ordered initcall_barred(const struct world *world, const char *function);

/* What makes the kernel refuse modules without a signature that it can verify. */
struct ordered signatures_enforced(const struct world *world);

/* What makes LoadPin refuse modules: an option of the config, which the parameters
 * loadpin.enforce (up to 4.19 loadpin.enabled) and loadpin.exclude override
 * (Linux security/loadpin/loadpin.c). */
struct ordered loadpin_enforced(const struct world *world);

/* What makes the kernel take parameters from a bootconfig, behind the initramfs or in the kernel
 * (Linux init/main.c, setup_boot_config; since 5.6, BOOT_CONFIG_FORCE since 6.3). It is not
 * read here. */
struct ordered bootconfig_read(const struct world *world);

/* check_orders.c: whether something keeps MODULE of the image from being loaded for a
 * module of PACKAGE that needs it. */
void orders_needed(const struct world *world, const struct package *package,
		   const struct module *module, struct examination *examination);

/* check_place.c: whether kmodloader, which is the image's only loader, does not find the file of
 * MODULE of the image; the finding that says so. */
bool place_missed(const struct image *image, const struct module *module);
void place_needed(const struct world *world, const struct module *module,
		  struct examination *examination);

/* What would settle whether an order is in force. */
const char *ordered_settle(const struct world *world);

#endif

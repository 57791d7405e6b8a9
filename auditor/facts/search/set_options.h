/* SPDX-License-Identifier: ISC */
/* set_options - OpenWrt's KERNEL_ options (config/Config-kernel.in): what else changes
 * when one of them is set, and their values in a plain build. */
#ifndef KMODAUDIT_SET_OPTIONS_H
#define KMODAUDIT_SET_OPTIONS_H

#include "facts/search/set_condition.h"
#include "facts/search/set_search.h"

struct set_options {
	const struct set_model *model;
	uint32_t *symbol; /* by option of the menu: its symbol in the model */
	struct map option_of; /* "KERNEL_AIO" -> index in the menu */
	bool small; /* the target has little flash: many defaults are off */
};

struct set_options set_options_of(struct arena *arena, const struct set_model *model);

/* Evaluates CONDITION, an expression of Kconfig, for STATE. */
enum truth set_options_truth(const struct set_options *options, const struct set_state *state,
			     struct span condition);
bool set_option_on(const struct set_options *options, const struct set_state *state,
		   uint32_t option);
/* Changes STATE as if a user had set OPTION: with what it selects and what
 * depends on it. */
struct set_turns set_option_turns(struct arena *arena, const struct set_options *options,
				  const struct set_state *state, uint32_t option, bool on);
/* The same for a symbol outside of the menu, such as USE_FS_ACL_ATTR: changes the
 * options that have it as a default. */
struct set_turns set_master_turns(struct arena *arena, const struct set_options *options,
				  const struct set_state *state, const char *master, bool on);
/* Returns the symbols outside of the menu that are the default of
 * some option, sorted. */
struct strings set_masters(struct arena *arena, const struct set_options *options);
/* Sets the options to their values in a build that chooses nothing, which differ from
 * those of the official builds (KERNEL_KALLSYMS is off there). ALL_PACKAGES: STATE has
 * all packages of the official build, so options that are on only because a package
 * selects them stay on. */
void set_options_plain(const struct set_options *options, struct set_state *state,
		       bool all_packages);

#endif

/* SPDX-License-Identifier: ISC */
/* set_options - OpenWrt's KERNEL_ options (config/Config-kernel.in) with all that choosing one
 * of them drags along, and the values that a plain build gives the options. */
#ifndef KMODAUDIT_SET_OPTIONS_H
#define KMODAUDIT_SET_OPTIONS_H

#include "facts/search/set_condition.h"
#include "facts/search/set_search.h"

struct set_options {
	const struct set_model *model;
	uint32_t *symbol; /* per option of the menu: its symbol in the model */
	struct map option_of; /* "KERNEL_AIO" -> number in the menu */
	bool small; /* the target has little flash: many defaults are off */
};

struct set_options set_options_of(struct arena *arena, const struct set_model *model);

/* Whether CONDITION, Kconfig's, holds in STATE. */
enum truth set_options_truth(const struct set_options *options, const struct set_state *state,
			     struct span condition);
bool set_option_on(const struct set_options *options, const struct set_state *state,
		   uint32_t option);
/* What becomes of STATE when a user sets OPTION, with what it selects and what depends on it. */
struct set_turns set_option_turns(struct arena *arena, const struct set_options *options,
				  const struct set_state *state, uint32_t option, bool on);
/* The same of a symbol outside of the menu, such as USE_FS_ACL_ATTR: the options whose default
 * it is. */
struct set_turns set_master_turns(struct arena *arena, const struct set_options *options,
				  const struct set_state *state, const char *master, bool on);
/* The symbols outside of the menu that are the default of an option, sorted. */
struct strings set_masters(struct arena *arena, const struct set_options *options);
/* The official builds set some options on all targets (KERNEL_KALLSYMS is off); this sets them
 * to what a build has that chooses nothing. ALL_PACKAGES: STATE has all packages of the official
 * build, so that options stay on that are on only because some package selects them. */
void set_options_plain(const struct set_options *options, struct set_state *state,
		       bool all_packages);

#endif

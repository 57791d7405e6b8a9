/* SPDX-License-Identifier: ISC */
/* module_options - which kernel option builds which module
 * (rules/kernel/module-options.yaml, made by scripts/derive-modules), and which modules
 * are often built from other sources than the kernel's
 * (rules/kernel/outside-modules.yaml). Both apply to all series. */
#ifndef KMODAUDIT_MODULE_OPTIONS_H
#define KMODAUDIT_MODULE_OPTIONS_H

#include "base/map.h"
#include "facts/config/config.h"

struct module_options {
	struct map numbers; /* name of a module, with '_' for '-' -> index in LISTS */
	struct strings *lists; /* each a list of options, with CONFIG_ */
	size_t count, room;
	struct strings outside; /* globs of options, without CONFIG_ */
};

/* Each parses one file into its part of RET. Errors begin with NAME. */
bool module_options_read(struct arena *arena, const char *name, struct span text,
			 struct module_options *ret, struct error *error);
bool outside_modules_read(struct arena *arena, const char *name, struct span text,
			  struct module_options *ret, struct error *error);

/* The option that builds a module, and its value in a config. */
struct module_option {
	/* with CONFIG_; of several options the one that decides: =y, else =m, else
	 * "is not set" */
	const char *option;
	const char *value; /* NULL: the config mentions none of them */
	bool several; /* several options build it, and in other series there may be more */
	/* the kernel's Makefiles state that the option builds the module; else only the
	 * names are alike */
	bool listed;
};

/* False if the Makefiles do not name MODULE (with '_' for '-'), or OPTIONS is NULL. */
bool module_option_listed(const struct module_options *options, const struct config *config,
			  const char *module, struct module_option *ret);
/* Like module_option_listed, but falls back to the option that has
 * the module's name. */
struct module_option module_option_get(struct arena *arena, const struct module_options *options,
				       const struct config *config, const char *module);
/* True if modules of OPTION (with or without CONFIG_) are often built from other
 * sources, so that the module's existence shows nothing about the option. */
bool option_outside(const struct module_options *options, const char *option);

#endif

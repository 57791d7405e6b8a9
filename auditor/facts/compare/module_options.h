/* SPDX-License-Identifier: ISC */
/* module_options - which kernel option builds which module: rules/kernel/module-options.yaml,
 * made by scripts/derive-modules; and which modules are often built from other sources than the
 * kernel's: rules/kernel/outside-modules.yaml. Both hold for every series. */
#ifndef KMODAUDIT_MODULE_OPTIONS_H
#define KMODAUDIT_MODULE_OPTIONS_H

#include "base/map.h"
#include "facts/config/config.h"

struct module_options {
	struct map numbers; /* name of a module, '_' spelled -> its place in LISTS */
	struct strings *lists; /* options, with CONFIG_ */
	size_t count, room;
	struct strings outside; /* globs of options without CONFIG_ */
};

/* NAME starts the error. Each fills its part of RET. */
bool module_options_read(struct arena *arena, const char *name, struct span text,
			 struct module_options *ret, struct error *error);
bool outside_modules_read(struct arena *arena, const char *name, struct span text,
			  struct module_options *ret, struct error *error);

/* What CONFIG makes of a module, and by which option. */
struct module_option {
	/* with CONFIG_; of several the one that decides: =y, else =m, else "is not set" */
	const char *option;
	const char *value; /* NULL: CONFIG mentions none of them */
	bool several; /* more than one option builds it, and in other series others may */
	/* the Makefiles of the kernel say that the option builds the module; else only the
	 * names are alike */
	bool listed;
};

/* False where the Makefiles do not name MODULE ('_' spelled), or OPTIONS is NULL. */
bool module_option_listed(const struct module_options *options, const struct config *config,
			  const char *module, struct module_option *ret);
/* The same, else by the option that is called like the module. */
struct module_option module_option_get(struct arena *arena, const struct module_options *options,
				       const struct config *config, const char *module);
/* Modules of OPTION (with or without CONFIG_) are often built from other sources: that one is
 * there says nothing about the option. */
bool option_outside(const struct module_options *options, const char *option);

#endif

/* SPDX-License-Identifier: ISC */
/* exposure - which structs of the kernel a module handles, as far as its imports tell. Private
 * to checks/. */
#ifndef KMODAUDIT_EXPOSURE_H
#define KMODAUDIT_EXPOSURE_H

#include "checks/checks.h"

struct exposed {
	enum exposure exposure;
	/* the import that shows it; NULL: struct module itself, or code that needs no import */
	const char *symbol;
};

/* The sources of MODULE mention nothing that OPTION changes: its code is the same with and
 * without. Only a module of the kernel's own sources is known by its name. */
bool module_spared(const struct layout_choice *layout, const struct module *module,
		   const char *option);
/* An import that the header of ENTRY declares, or the module's own name where it includes that
 * header; NULL: it is far from it. */
const char *module_near_private(const struct layout_choice *layout, const struct module *module,
				const struct private_struct *entry);
/* How near MODULE of PACKAGE comes to the struct of CHANGE. */
struct exposed module_exposed(const struct world *world, const struct package *package,
			      const struct module *module, const struct layout_choice *layout,
			      const struct struct_change *change);

#endif

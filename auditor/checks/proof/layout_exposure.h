/* SPDX-License-Identifier: ISC */
/* layout_exposure - estimates from a module's imports which structs of the kernel it
 * handles. Private to checks/. */
#ifndef KMODAUDIT_LAYOUT_EXPOSURE_H
#define KMODAUDIT_LAYOUT_EXPOSURE_H

#include "checks/checks.h"

struct exposed {
	enum exposure exposure;
	/* the import that shows it; NULL: struct module itself, or a struct that
	 * needs no import */
	const char *symbol;
};

/* True if the sources of MODULE mention nothing that OPTION changes, so that its code
 * is the same with and without. Only modules of the kernel's own sources can be
 * recognised by name. */
bool module_spared(const struct layout_choice *layout, const struct module *module,
		   const char *option);
/* An import that the private header of ENTRY declares, or the module's own name if it
 * includes that header; NULL if neither. */
const char *module_near_private(const struct layout_choice *layout, const struct module *module,
				const struct private_struct *entry);
/* How directly MODULE of PACKAGE handles the struct in CHANGE. */
struct exposed module_exposed(const struct world *world, const struct package *package,
			      const struct module *module, const struct layout_choice *layout,
			      const struct struct_change *change);

#endif

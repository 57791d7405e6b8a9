/* exposure - which structs of the kernel a module handles, as far as its imports tell. Private to checks/. */
#ifndef KMODAUDIT_EXPOSURE_H
#define KMODAUDIT_EXPOSURE_H

#include "checks/checks.h"

struct exposed {
	enum exposure exposure;
	const char *symbol; /* the import that shows it; NULL: struct module itself, or code that needs no import */
};

/* How near MODULE of PACKAGE comes to the struct of CHANGE. */
struct exposed module_exposed(const struct world *world, const struct package *package, const struct module *module,
			      const struct layout_choice *layout, const struct struct_change *change);

#endif

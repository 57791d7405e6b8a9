/* SPDX-License-Identifier: ISC */
/* Leaves out the modules of a package that the running kernel never loads, because
 * they are in the directory of another release and the package has them for the
 * running one as well. */
#include "facts/package/package_file.h"

#include <string.h>

/* True if PACKAGE has MODULE in the directory of RELEASE, too. kmodloader searches
 * /lib/modules/`uname -r` only (ubox kmodloader.c, init_module_folders), and so does
 * modprobe (kmod libkmod/libkmod.c, get_kernel_release). */
static bool is_idle(const struct package *package, const struct module *module, const char *release)
{
	struct span own = release_of_path(module->path);

	return own.size > 0 && !span_is(own, release) &&
	       array_any(other, &package->modules,
			 strcmp(other->name, module->name) == 0 &&
				 span_is(release_of_path(other->path), release));
}

bool package_has_idle(const struct package *package, const char *release)
{
	return package->releases.count > 1 &&
	       array_any(module, &package->modules, is_idle(package, module, release));
}

void package_idle_drop(struct arena *arena, struct package *package, const char *release)
{
	struct modules kept = {0};

	array_each(module, &package->modules)
		if (!is_idle(package, module, release))
			*array_add(arena, &kept) = *module;
		else
			*array_add(arena, &package->idle) = module->path;
	package->modules = kept;
}

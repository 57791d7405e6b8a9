/* SPDX-License-Identifier: ISC */
/* Decides whether the image already has a package, by its database row and by the bytes
 * and places of its modules. */
#include "checks/checks.h"

#include "facts/package/package_file.h"

#include <string.h>

/* True if one of IDS, which end with NULL, is certain. */
static bool any_fails(const struct examination *examination, const char *const *ids)
{
	for (; *ids; ids++)
		if (examination_has(examination, *ids, OUTCOME_FAILS, NULL))
			return true;
	return false;
}

/* The database row of PACKAGE in this version, unless it is for another kernel
 * abi; or NULL. */
static const struct package *row_of(const struct image *image, const struct package *package)
{
	const struct package *row = image_package(image, package->name);

	if (package->origin == PACKAGE_BARE_MODULE || !row || !row->version || !package->version ||
	    strcmp(row->version, package->version) != 0)
		return NULL;
	if (row->abi.version && package->abi.version && !abi_equal(&row->abi, &package->abi) &&
	    (row->abi.hash || package->abi.hash ||
	     strcmp(row->abi.version, package->abi.version) != 0))
		return NULL;
	return row;
}

/* The part of the module's path after lib/modules/<release>/; NULL if it is not in such
 * a directory. USR: the directory is below usr/. */
static const char *place_of(const struct module *module, bool *ret_usr)
{
	struct span release = module->path ? release_of_path(module->path) : (struct span){NULL, 0};
	size_t root = release.size ? (size_t)((const char *)release.data - module->path) -
					     strlen("lib/modules/")
				   : 0;

	*ret_usr = root >= 4 && strncmp(module->path + root - 4, "usr/", 4) == 0;
	return release.size > 0 ? (const char *)release.data + release.size + 1 : NULL;
}

/* True if THERE, of the image, is at the path at which PACKAGE installs MODULE. A
 * module without a package has no path of its own. */
static bool in_place(const struct image *image, const struct package *package,
		     const struct module *module, const struct module *there)
{
	bool own_usr, other_usr;
	const char *own = place_of(module, &own_usr), *other = place_of(there, &other_usr);

	if (!own || package->origin == PACKAGE_BARE_MODULE)
		return true;
	return other && strcmp(own, other) == 0 && (own_usr == other_usr || image->usr_lib);
}

/* One of the image's modules if it has all modules of PACKAGE with the same bytes at
 * the same paths; else NULL. */
static const struct module *all_there(const struct image *image, const struct package *package)
{
	const struct module *same = NULL;

	array_each(module, &package->modules) {
		same = image_module_same(image, module);
		if (!same || !in_place(image, package, module, same))
			return NULL;
	}
	return same;
}

/* True if the loader sees no difference. Stripping changes the file,
 * but nothing else. */
static bool same_build(const struct module *a, const struct module *b)
{
	const struct this_module *x = &a->this_module, *y = &b->this_module;

	if (!sha256_equal(&a->sections, &b->sections) || x->known != y->known ||
	    x->size != y->size || x->init != y->init || x->exit != y->exit)
		return false;
	array_each(import, &a->imports) {
		const struct import *other = imports_find(&b->imports, import->name);

		if (other && (import->has_crc != other->has_crc ||
			      (import->has_crc && import->crc != other->crc)))
			return false;
	}
	return true;
}

static void row_doubted(const struct package *row, const struct module *module, const char *what,
			struct examination *examination)
{
	struct finding *finding = examine(examination, "installed", OUTCOME_UNKNOWN, module->name,
					  "package database");

	finding->witness[0] = row->witness;
	finding->witness[1] = module->witness;
	finding->text = arena_format(examination->arena,
				     "the image's package database lists it in this version, but "
				     "module %s %s; a package manager would not install it again",
				     module->name, what);
}

/* True if the database row means this package: the image's modules with the same names,
 * if it has any, are from the same build and at the same paths. An image with a package
 * database has its root file system, and so its modules, unless some of it is lost. */
static bool row_matches(const struct world *world, const struct package *package,
			const struct package *row, struct examination *examination)
{
	const struct image *image = world_image(world);

	array_each(module, &package->modules) {
		if (array_any(other, &image->modules,
			      !other->problem && strcmp(other->name, module->name) == 0))
			continue;
		row_doubted(row, module, "is missing from the image or damaged there", examination);
		examination->findings.list[examination->findings.count - 1].settle =
			"a complete image";
		return false;
	}
	array_each(module, &package->modules) {
		const struct module *twin = module->problem ? NULL : world_twin(world, module);

		if (!twin || twin->problem || same_build(module, twin))
			continue;
		row_doubted(row, module,
			    "is from another build than the image's module of that name",
			    examination);
		return false;
	}
	array_each(module, &package->modules) {
		const struct module *twin = module->problem ? NULL : world_twin(world, module);

		if (!twin || in_place(image, package, module, twin))
			continue;
		row_doubted(row, module,
			    arena_format(examination->arena, "is at another path in the image: %s",
					 twin->path),
			    examination);
		return false;
	}
	return true;
}

void check_installed(const struct world *world, const struct package *package,
		     struct examination *examination)
{
	static const char *const excluding[] = {"machine", "package-architecture",
						"package-unreadable", "module-unreadable", NULL};
	/* another package, although name and version, or the bytes of its modules, are equal:
	 * another build, another path, or a file that the package manager would refuse */
	static const char *const other[] = {"package-checksum",
					    "package-signature",
					    "modules-directory",
					    "kernel-release",
					    "this-module",
					    "foreign-module",
					    "module-versions",
					    "module-layout",
					    "vermagic",
					    "symbol-crc",
					    "identity-contradicted",
					    "foreign-system",
					    "kld-kernel",
					    "kld-depends",
					    "kld-symbol",
					    NULL};
	/* the package manager would refuse a package that the database does not list: what needs
	 * it cannot be installed either, although the image has its modules */
	static const char *const refusing[] = {"file-conflict", "package-conflicts", NULL};
	const struct image *image = world_image(world);

	if (package->problem || any_fails(examination, excluding) || any_fails(examination, other))
		return;

	const struct module *same = all_there(image, package);
	const struct package *row = row_of(image, package);
	if (same ? !row && any_fails(examination, refusing)
		 : !row || !row_matches(world, package, row, examination))
		return;

	struct finding *finding =
		examine(examination, "installed", OUTCOME_HOLDS, NULL, package->name);
	finding->witness[0] = same ? same->witness : row->witness;
	finding->witness[1] = package->witness;
	finding->text = same ? "the image contains all of its modules, byte for byte"
			     : "the image's package database lists it in this version";
	/* a revoked module does harm even where it is installed */
	examination->installed =
		!examination_has(examination, "image-unread", OUTCOME_UNKNOWN, NULL) &&
		!examination_has(examination, "interface-revoked", OUTCOME_FAILS, NULL) &&
		!examination_has(examination, "interface-revoked", OUTCOME_UNKNOWN, NULL);
}

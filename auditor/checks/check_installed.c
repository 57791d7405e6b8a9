#include "checks/checks.h"

#include <string.h>

static bool excluded(const struct package *package, const struct examination *examination)
{
	static const char *const ids[] = {"machine", "package-architecture", "package-unreadable", "module-unreadable"};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (examination_has(examination, ids[i], OUTCOME_FAILS, NULL))
			return true;
	return package->problem != NULL;
}

/* The database has the package in this version and not for another kernel abi. */
static const struct package *row_of(const struct image *image, const struct package *package)
{
	const struct package *row = image_package(image, package->name);

	if (package->origin == PACKAGE_BARE_MODULE || !row || !row->version || !package->version ||
	    strcmp(row->version, package->version) != 0)
		return NULL;
	if (row->abi.version && package->abi.version && !abi_equal(&row->abi, &package->abi) &&
	    (row->abi.hash || package->abi.hash || strcmp(row->abi.version, package->abi.version) != 0))
		return NULL;
	return row;
}

static const struct module *same_bytes(const struct image *image, const struct module *module)
{
	array_each(other, &image->modules)
		if (sha256_equal(&other->file, &module->file) && strcmp(other->name, module->name) == 0)
			return other;
	return NULL;
}

/* One of the image's modules when it has all of the package's, byte for byte. */
static const struct module *all_there(const struct image *image, const struct package *package)
{
	const struct module *same = NULL;

	array_each(module, &package->modules) {
		same = same_bytes(image, module);
		if (!same)
			return NULL;
	}
	return same;
}

/* A module of the package that the image, which shows its modules, has not or not whole. */
static const struct module *module_absent(const struct image *image, const struct package *package)
{
	array_each(module, &package->modules) {
		bool there = image->modules.count == 0;

		array_each(other, &image->modules)
			there |= !other->problem && strcmp(other->name, module->name) == 0;
		if (!there)
			return module;
	}
	return NULL;
}

static void row_doubted(const struct package *row, const struct module *absent, struct examination *examination)
{
	struct finding *finding = examine(examination, "installed", OUTCOME_UNKNOWN, absent->name, "package database");

	finding->witness[0] = row->witness;
	finding->witness[1] = absent->witness;
	finding->text = arena_format(examination->arena,
				     "the image's package database has it in this version, but the image does not have "
				     "its module %s, or not whole: a package manager would not install it again",
				     absent->name);
	finding->settle = "an image that is whole";
}

void check_installed(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct image *image = world_image(world);

	if (excluded(package, examination))
		return;

	/* a row that the modules beside it contradict is of another build than this package */
	bool forged = examination_has(examination, "identity-contradicted", OUTCOME_FAILS, NULL);
	const struct package *row = forged ? NULL : row_of(image, package);
	const struct module *absent = row ? module_absent(image, package) : NULL;
	if (absent) {
		row_doubted(row, absent, examination);
		return;
	}
	const struct module *same = row ? NULL : all_there(image, package);
	if (!row && !same)
		return;

	struct finding *finding = examine(examination, "installed", OUTCOME_HOLDS, NULL, package->name);
	finding->witness[0] = row ? row->witness : same->witness;
	finding->witness[1] = package->witness;
	finding->text = row ? "the image's package database has it in this version"
			    : "the image has each of its modules, byte for byte";
	/* what is revoked, or may be, does harm where it is installed, too */
	examination->installed = !examination_has(examination, "interface-revoked", OUTCOME_FAILS, NULL) &&
				 !examination_has(examination, "interface-revoked", OUTCOME_UNKNOWN, NULL);
}

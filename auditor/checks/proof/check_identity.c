/* SPDX-License-Identifier: ISC */
/* Compares the kernel abi of package and image (check_abi), and looks for findings that
 * contradict an equal abi (check_contradiction). */
#include "checks/proof/identity.h"
#include "base/text.h"
#include "facts/world/world_providers.h"

#include <string.h>

bool abi_stale(const struct image *image)
{
	return image->release.value && image->abi.release &&
	       !release_fits(image->release.value, image->abi.release);
}

bool package_pinned(const struct package *package)
{
	return package->modules.count > 0 || package->abi.version;
}

void check_abi(const struct world *world, const struct package *package,
	       struct examination *examination)
{
	const struct image *image = world_image(world);

	if (!package_pinned(package))
		return;

	bool equal = abi_equal(&image->abi, &package->abi);
	struct finding *finding =
		examine(examination, "kernel-abi", equal ? OUTCOME_HOLDS : OUTCOME_FAILS, NULL,
			"kernel abi");
	finding_show(finding, abi_text(examination->arena, &image->abi), image->abi.witness,
		     abi_text(examination->arena, &package->abi),
		     package->abi.witness ? package->abi.witness : package->witness);
	if (!image->abi.hash || !package->abi.hash)
		finding->outcome = OUTCOME_UNKNOWN;
	if (!package->abi.version) {
		finding->text = "it has no kernel dependency";
	} else if (!package->abi.hash) {
		finding->text = "its kernel dependency has no hash and identifies no build";
	} else if (!image->abi.hash) {
		finding->text =
			image->abi.version
				? "the image's kernel version has no hash and identifies no build"
				: "the kernel abi of the image is not known";
		finding->settle = "--image-manifest";
	} else if (equal) {
		finding->text = "built for the image's kernel abi";
	} else if (package->vetted.version) {
		finding->text = arena_format(examination->arena,
					     "built for kernel %s; kmodaudit vet made it name the "
					     "image's, which proves nothing",
					     finding->found);
	} else {
		finding->text = arena_format(
			examination->arena, "cannot satisfy kernel (= %s): the image has kernel %s",
			finding->found, finding->expected);
	}
}

/* True if FINDING shows that the package was not built with the image's kernel. */
static bool contradicts(const struct world *world, const struct package *package,
			const struct finding *finding)
{
	static const char *const ids[] = {"machine",	 "modules-directory", "kernel-release",
					  "this-module", "module-layout",     "module-versions",
					  "vermagic",	 "symbol-crc",	      NULL};

	if (finding->outcome != OUTCOME_FAILS)
		return false;
	/* a place that the loader does not search says nothing about the build; the
	 * directory of another release does */
	if (strcmp(finding->id, "modules-directory") == 0 && !finding->expected)
		return false;
	if (text_among(finding->id, ids))
		return true;

	if (strcmp(finding->id, "symbol-missing") != 0 || !finding->module ||
	    exports_trimmed(world_image(world)))
		return false;

	const struct module *module = world_module_of(world, package, finding->module);
	return module && world_depends_there(world, package, module);
}

/* Of this many modules for one kernel abi one may have been patched later; if more
 * differ, they are from another build. */
enum { PATCHED_OF = 10 };

/* True if only few twins differ: they were patched, and the abi was kept. */
static bool few_differ(const struct twins *twins)
{
	return twins->contradicting.count * PATCHED_OF <= twins->count;
}

static void twin_compare(const struct world *world, const struct package *package,
			 const struct module *module, struct examination *examination)
{
	const struct module *twin = world_twin(world, module);
	const struct image *image = world_image(world);
	const struct package *there = image_package(image, package->name);

	if (!twin || twin->problem || module->problem ||
	    sha256_equal(&twin->sections, &module->sections))
		return;
	if (!there)
		there = array_find(row, &image->manifest, strcmp(row->name, package->name) == 0);

	const char *version = there ? there->version : NULL;
	if (version && package->version && strcmp(version, package->version) != 0)
		return;

	bool sure = version && !few_differ(world_twins(world, package));
	struct finding *finding =
		examine(examination, "identity-contradicted",
			sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module->name, "twin");
	finding->witness[0] = twin->witness;
	finding->witness[1] = module->witness;

	const struct package *owner =
		!version && twin->path ? world_installed_owner(world, twin->path) : NULL;
	if (version) {
		finding->text = "kernel abi and version are equal, but code or data differ from "
				"the image's module of that name: the module is from another build";
	} else if (owner) {
		finding->text = arena_format(
			examination->arena,
			"the kernel abi is equal, but code or data differ from the image's module "
			"of that name, which is of %s: it is not known whether other sources or "
			"another build made it",
			owner->name);
		finding->settle = "an image in which this package is installed";
	} else {
		finding->text = "the kernel abi is equal, but code or data differ from the image's "
				"module of that name; it is not known which version of the package "
				"the image has";
		finding->settle = "--image-manifest";
	}
}

/* Why the configs make the abi doubtful, or NULL. The hash covers only the =y and =m
 * lines, not values, and anybody can write a hash into a package. */
static const char *configs_doubt(struct arena *arena, const struct world *world,
				 const struct package *package)
{
	const char *why;
	const struct comparison *comparison = world_comparison(world, package, &why);
	struct strings names = {0};
	bool disputed = !comparison;

	/* a config that something contradicts must not leave the abi less doubtful than
	 * a good one would */
	if (disputed)
		comparison = world_disputed_comparison(world, package);
	if (!comparison || comparison->unusable)
		return NULL;
	array_each(change, &comparison->core)
		*array_add(arena, &names) = change->name;
	/* the hash also covers =m options; those that change no struct
	 * make no difference */
	array_each(change, &comparison->structs)
		*array_add(arena, &names) = change->option;
	for (size_t i = 0; i < comparison->foreign.count; i++)
		*array_add(arena, &names) = comparison->foreign.list[i];
	if (comparison->other_compiler)
		*array_add(arena, &names) = comparison->other_compiler;
	strings_unique(&names);
	if (names.count == 0)
		return NULL;
	return arena_format(arena, "the kernel configs %s differ in %s",
			    disputed ? "that are given for the two builds" : "of the two builds",
			    strings_join(arena, &names, 4));
}

const char *identity_doubt(struct arena *arena, const struct world *world,
			   const struct package *package)
{
	const struct image *image = world_image(world);
	const struct kernel *kernel = image->kernel;

	if (image->abi_doubt)
		return image->abi_doubt;
	/* a table that is given for the image settles which kernel the abi stands for: it is
	 * compared with what the package imports */
	if (kernel && kernel->second && !kernel->exports.source)
		return arena_format(arena, "%s, and nothing shows which of them runs",
				    kernel->second);

	const char *doubt = configs_doubt(arena, world, package);
	if (doubt)
		return doubt;

	/* one forged package does not show that others with the same abi are forged, but which
	 * of them are is unknown */
	const struct twins *twins = world_twins(world, package);
	const char *import = NULL;
	if (twins->contradicting.count == 0)
		return NULL;
	/* an import that only differing twins have in common with the package: the struct behind
	 * it may be what changed */
	if (few_differ(twins)) {
		array_each(module, &package->modules)
			array_each(one, &module->imports)
				if (!import && world_twins_doubt(world, package, one->name) &&
				    !world_twins_import(world, package, one->name))
					import = one->name;
		if (!import)
			return NULL;
	}
	return arena_format(arena,
			    "modules of packages with that kernel abi differ in code or data from "
			    "the image's modules of the same version: %s%s%s",
			    strings_join(arena, &twins->contradicting, 4),
			    import ? ", and only those import a symbol that this package imports: "
				   : "",
			    import ? import : "");
}

void check_contradiction(const struct world *world, const struct package *package,
			 struct examination *examination)
{
	const struct image *image = world_image(world);

	if (!package_pinned(package) || !abi_equal(&image->abi, &package->abi))
		return;
	if (abi_stale(image)) {
		struct finding *finding = examine(examination, "identity-contradicted",
						  OUTCOME_UNKNOWN, NULL, "kernel abi");

		finding_show(finding, image->release.value, image->release.witness,
			     image->abi.release, image->abi.witness);
		finding->text = arena_format(examination->arena,
					     "the image's kernel abi is for %s, but its kernel is "
					     "%s: the abi is stale and proves nothing",
					     image->abi.release, image->release.value);
		return;
	}
	const struct finding *by =
		array_find(one, &examination->findings, contradicts(world, package, one));
	if (by) {
		struct finding evidence = *by; /* copied, because the list of findings may move */
		struct finding *finding = examine(examination, "identity-contradicted",
						  OUTCOME_FAILS, evidence.module, evidence.subject);

		finding_show(finding, evidence.expected, evidence.witness[0], evidence.found,
			     evidence.witness[1]);
		finding->text = arena_format(examination->arena,
					     "the kernel abi is equal, but: %s; the kernel abi is "
					     "forged or stale",
					     evidence.text);
	}
	array_each(module, &package->modules)
		twin_compare(world, package, module, examination);
}

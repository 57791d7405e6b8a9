#include "checks/identity.h"

#include <string.h>

bool abi_stale(const struct image *image)
{
	return image->release.value && image->abi.release && !release_fits(image->release.value, image->abi.release);
}

const char *abi_text(struct arena *arena, const struct abi *abi)
{
	if (!abi->version || !abi->hash)
		return abi->version;
	return arena_format(arena, "%s~%s", abi->version, abi->hash);
}

bool package_pinned(const struct package *package)
{
	return package->modules.count > 0 || package->abi.version;
}

const char *image_version(const struct image *image, const char *name)
{
	const struct package *installed = image_package(image, name);

	if (installed)
		return installed->version;
	array_each(row, &image->manifest)
		if (strcmp(row->name, name) == 0)
			return row->version;
	return NULL;
}

static void abi_unknown(const struct image *image, const struct package *package, struct finding *finding)
{
	finding->outcome = OUTCOME_UNKNOWN;
	if (!package->abi.version) {
		finding->text = "it names no kernel abi";
	} else if (!package->abi.hash) {
		finding->text = "the kernel version it names has no hash and is no identity";
	} else {
		finding->text = image->abi.version
					? "the kernel version that the image names has no hash and is no identity"
					: "the kernel abi of the image is not known";
		finding->settle = "--image-manifest";
	}
}

void check_abi(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct image *image = world_image(world);

	if (!package_pinned(package))
		return;

	bool equal = abi_equal(&image->abi, &package->abi);
	struct finding *finding =
		examine(examination, "kernel-abi", equal ? OUTCOME_HOLDS : OUTCOME_FAILS, NULL, "kernel abi");
	finding_show(finding, abi_text(examination->arena, &image->abi), image->abi.witness,
		     abi_text(examination->arena, &package->abi),
		     package->abi.witness ? package->abi.witness : package->witness);
	if (!image->abi.hash || !package->abi.hash)
		abi_unknown(image, package, finding);
	else if (equal)
		finding->text = "built for the image's kernel abi";
	else
		finding->text = arena_format(examination->arena, "cannot satisfy kernel (= %s): the image's is %s",
					     finding->found, finding->expected);
}

static const struct module *module_named(const struct package *package, const char *name)
{
	array_each(module, &package->modules)
		if (name && strcmp(module->name, name) == 0)
			return module;
	return NULL;
}

/* FINDING could not be there if the package had been built with the image's kernel. */
static bool contradicts(const struct world *world, const struct package *package, const struct finding *finding)
{
	static const char *const ids[] = {"machine",	   "modules-directory", "kernel-release", "this-module",
					  "module-layout", "module-versions",	"vermagic",	  "symbol-crc"};

	if (finding->outcome != OUTCOME_FAILS)
		return false;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (strcmp(finding->id, ids[i]) == 0)
			return true;

	const struct module *module = module_named(package, finding->module);
	return strcmp(finding->id, "symbol-missing") == 0 && module && !exports_trimmed(world_image(world)) &&
	       world_depends_there(world, package, module);
}

static void contradicted(struct examination *examination, const struct finding *by)
{
	struct finding evidence = *by; /* the list may move */
	struct finding *finding =
		examine(examination, "identity-contradicted", OUTCOME_FAILS, evidence.module, evidence.subject);

	finding_show(finding, evidence.expected, evidence.witness[0], evidence.found, evidence.witness[1]);
	finding->text = arena_format(
		examination->arena, "the kernel abi is equal, yet: %s; the identity is forged or stale", evidence.text);
}

static void twin_compare(const struct world *world, const struct package *package, const struct module *module,
			 struct examination *examination)
{
	const struct module *twin = world_twin(world, module);
	const char *version = image_version(world_image(world), package->name);

	if (!twin || twin->problem || module->problem || sha256_equal(&twin->sections, &module->sections))
		return;
	if (version && package->version && strcmp(version, package->version) != 0)
		return;

	struct finding *finding = examine(examination, "identity-contradicted",
					  version ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module->name, "twin");
	finding->witness[0] = twin->witness;
	finding->witness[1] = module->witness;
	if (version) {
		finding->text =
			"kernel abi and version are equal, yet code or data differ from the image's module of that "
			"name; the identity is forged or stale";
		return;
	}
	finding->text =
		"the kernel abi is equal, but code or data differ from the image's module of that name; in which "
		"version the image has the package is not known";
	finding->settle = "--image-manifest";
}

/* One forged package says nothing of the others that name the same abi; but nothing says which of them are forged. */
static void group_doubted(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct strings *differing = &world_twins(world, package)->contradicting;

	if (differing->count == 0 || examination_has(examination, "identity-contradicted", OUTCOME_FAILS, NULL))
		return;

	struct finding *finding = examine(examination, "identity-contradicted", OUTCOME_UNKNOWN, NULL, "twins");
	finding->witness[1] = package->abi.witness ? package->abi.witness : package->witness;
	finding->text =
		arena_format(examination->arena,
			     "the kernel abi is equal, but of the packages that name it modules differ in code or "
			     "data from those that the image has in the same version: %s; so it proves nothing",
			     strings_join(examination->arena, differing, 4));
}

void check_contradiction(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct image *image = world_image(world);

	if (!package_pinned(package) || !abi_equal(&image->abi, &package->abi))
		return;
	if (abi_stale(image)) {
		struct finding *finding =
			examine(examination, "identity-contradicted", OUTCOME_UNKNOWN, NULL, "kernel abi");

		finding_show(finding, image->release.value, image->release.witness, image->abi.release,
			     image->abi.witness);
		finding->text =
			arena_format(examination->arena,
				     "the image names a kernel abi of %s but runs %s: it is stale and proves nothing",
				     image->abi.release, image->release.value);
		return;
	}
	for (size_t i = 0; i < examination->findings.count; i++) {
		if (contradicts(world, package, &examination->findings.list[i])) {
			contradicted(examination, &examination->findings.list[i]);
			break;
		}
	}
	array_each(module, &package->modules)
		twin_compare(world, package, module, examination);
	group_doubted(world, package, examination);
}

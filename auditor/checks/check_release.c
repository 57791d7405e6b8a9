#include "checks/checks.h"

#include <string.h>

static void directory_differs(const struct image *image, const struct package *package, const char *release,
			      enum outcome outcome, struct examination *examination)
{
	struct arena *arena = examination->arena;
	struct finding *finding = examine(examination, "modules-directory", outcome, NULL,
					  arena_format(arena, "lib/modules/%s", release));

	finding_show(finding, image->release.value, image->release.witness, release, package->witness);
	finding->text = arena_format(
		arena, "its modules lie in /lib/modules/%s, but modules are looked for only in /lib/modules/%s",
		release, image->release.value);
}

static void directory_unknown(const struct image *image, const struct package *package, struct examination *examination)
{
	struct finding *finding = examine(examination, "modules-directory", OUTCOME_UNKNOWN, NULL, "lib/modules");

	finding_show(finding, NULL, image->release.witness, strings_join(examination->arena, &package->releases, 4),
		     package->witness);
	finding->text =
		"the image does not tell its kernel release, so the modules directory cannot be compared with it";
	finding->settle = "an image whose kernel can be read";
}

void check_directory(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct image *image = world_image(world);

	if (package->releases.count == 0) {
		if (package->origin != PACKAGE_FILE || package->modules.count == 0)
			return;
		struct finding *finding =
			examine(examination, "modules-directory", OUTCOME_REMARK, NULL, "lib/modules");
		finding->witness[1] = package->witness;
		finding->text = "its modules lie outside /lib/modules/<release>: they are not loaded by name";
		return;
	}
	if (!image->release.value) {
		directory_unknown(image, package, examination);
		return;
	}

	bool found = strings_have(&package->releases, image->release.value);
	for (size_t i = 0; i < package->releases.count; i++)
		if (strcmp(package->releases.list[i], image->release.value) != 0)
			directory_differs(image, package, package->releases.list[i],
					  found ? OUTCOME_REMARK : OUTCOME_FAILS, examination);
}

static void release_differs(const struct image *image, const char *module, const char *subject, const char *found,
			    const char *witness, struct examination *examination)
{
	const char *want = image->release.value;
	struct finding *finding =
		examine(examination, "kernel-release", want ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module, subject);

	finding_show(finding, want, image->release.witness, found, witness);
	if (want) {
		finding->text = arena_format(examination->arena, "built for kernel %s, the image runs %s", found, want);
		return;
	}
	finding->text = arena_format(examination->arena,
				     "built for kernel %s; the image does not tell its kernel release", found);
	finding->settle = "an image whose kernel can be read";
}

/* The loader leaves the first word of vermagic out when it compares CRCs instead (same_magic). */
static bool release_ignored(const struct image *image, const struct module *module)
{
	return module->versioned && image_exports(image)->crcs;
}

static void module_release(const struct image *image, const struct module *module, struct examination *examination)
{
	const char *vermagic = module->modinfo.vermagic;

	if (module->problem || !vermagic || release_ignored(image, module))
		return;

	const char *found = arena_string(examination->arena, span_head(span_text(vermagic), strcspn(vermagic, " ")));
	if (!image->release.value || strcmp(found, image->release.value) != 0)
		release_differs(image, module->name, "vermagic", found, module->witness, examination);
}

void check_release(const struct world *world, const struct package *package, struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *built_for = package->abi.release;

	if (built_for && (!image->release.value || !release_fits(image->release.value, built_for)))
		release_differs(image, NULL, "kernel dependency", built_for,
				package->abi.witness ? package->abi.witness : package->witness, examination);
	array_each(module, &package->modules)
		module_release(image, module, examination);
}

/* SPDX-License-Identifier: ISC */
/* Checks that a package's modules directory (check_directory) and the kernel release it
 * was built for (check_release) are those of the image's kernel. */
#include "checks/checks.h"

#include "facts/package/package_file.h"

#include <string.h>

enum outcome release_outcome(const struct image *image, const char *release)
{
	struct span word = span_head(span_text(release), strcspn(release, " "));

	if (!image->kernel_doubt)
		return OUTCOME_FAILS;
	return array_any(other, &image->releases, span_is(word, *other)) ? OUTCOME_UNKNOWN
									 : OUTCOME_FAILS;
}

static void directory_differs(const struct image *image, const struct package *package,
			      const char *release, enum outcome outcome,
			      struct examination *examination)
{
	struct arena *arena = examination->arena;
	struct finding *finding = examine(examination, "modules-directory", outcome, NULL,
					  arena_format(arena, "lib/modules/%s", release));

	finding_show(finding, image->release.value, image->release.witness, release,
		     package->witness);
	finding->text =
		arena_format(arena,
			     "its modules are in /lib/modules/%s, but the loader looks only in "
			     "/lib/modules/%s%s",
			     release, image->release.value,
			     outcome == OUTCOME_UNKNOWN ? ", if that is the kernel that runs" : "");
}

static void module_directory(const struct image *image, const struct package *package,
			     const struct module *module, struct strings *seen,
			     struct examination *examination)
{
	struct span release = release_of_path(module->path);

	if (release.size == 0) {
		struct finding *finding = examine(examination, "modules-directory", OUTCOME_UNKNOWN,
						  module->name, module->path);

		finding->witness[1] = module->witness;
		finding->text = "it is outside /lib/modules/<release>, the only place where the "
				"loader looks; only a script of the package could load it";
		return;
	}
	if (span_is(release, image->release.value))
		return;

	const char *name = arena_string(examination->arena, release);
	if (strings_have(seen, name))
		return;
	*array_add(examination->arena, seen) = name;
	directory_differs(image, package, name, release_outcome(image, name), examination);
}

void check_directory(const struct world *world, const struct package *package,
		     struct examination *examination)
{
	const struct image *image = world_image(world);
	struct finding *finding;
	struct strings seen = {0};

	if (package->origin != PACKAGE_FILE || (!image->release.value && !package->releases.count))
		return;
	if (!image->release.value) {
		finding = examine(examination, "modules-directory", OUTCOME_UNKNOWN, NULL,
				  "lib/modules");
		finding_show(finding, NULL, image->release.witness,
			     strings_join(examination->arena, &package->releases, 4),
			     package->witness);
		finding->text = "the image's kernel release is not known, so the modules directory "
				"cannot be compared with it";
		finding->settle = "an image whose kernel can be read";
		return;
	}
	array_each(module, &package->modules)
		module_directory(image, package, module, &seen, examination);
	if (package->idle.count == 0)
		return;
	/* modules for other releases beside those for this one */
	finding = examine(examination, "modules-directory", OUTCOME_REMARK, NULL, "lib/modules");
	finding_show(finding, image->release.value, image->release.witness,
		     strings_join(examination->arena, &package->idle, 4), package->witness);
	finding->text = "it also has these modules for other kernel releases; this kernel never "
			"loads those files";
}

static void release_differs(const struct image *image, const char *module, const char *subject,
			    const char *found, const char *witness, struct examination *examination)
{
	const char *want = image->release.value;
	enum outcome outcome = want ? release_outcome(image, found) : OUTCOME_UNKNOWN;
	struct finding *finding = examine(examination, "kernel-release", outcome, module, subject);

	finding_show(finding, want, image->release.witness, found, witness);
	if (want) {
		finding->text = arena_format(examination->arena,
					     "built for kernel %s, but the image's kernel is %s",
					     found, want);
		return;
	}
	finding->text =
		arena_format(examination->arena,
			     "built for kernel %s; the image's kernel release is not known", found);
	finding->settle = "an image whose kernel can be read";
}

static void module_release(const struct image *image, const struct module *module,
			   struct examination *examination)
{
	const char *vermagic = module->modinfo.vermagic;

	/* if both sides have CRCs, the loader compares these and ignores the release in
	 * vermagic (same_magic) */
	if (module->problem || !vermagic || (module->versioned && image_exports(image)->crcs))
		return;

	const char *found = arena_string(examination->arena,
					 span_head(span_text(vermagic), strcspn(vermagic, " ")));
	if (!image->release.value || strcmp(found, image->release.value) != 0)
		release_differs(image, module->name, "vermagic", found, module->witness,
				examination);
}

void check_release(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	const struct image *image = world_image(world);
	const char *built_for = package->abi.release;

	if (built_for && (!image->release.value || !release_fits(image->release.value, built_for)))
		release_differs(image, NULL, "kernel dependency", built_for,
				package->abi.witness ? package->abi.witness : package->witness,
				examination);
	array_each(module, &package->modules)
		module_release(image, module, examination);
}

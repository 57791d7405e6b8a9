/* SPDX-License-Identifier: ISC */
/* Checks the image alone: whether its kernel abi, release, modules, export table and
 * config agree with each other and were found. */
#include "checks/proof/identity.h"

#include <inttypes.h>
#include <string.h>

static void abi_check(struct arena *arena, const struct image *image, struct findings *findings)
{
	const struct abi *manifest = &image->manifest_abi;

	if (abi_stale(image)) {
		struct finding *finding = finding_add(arena, findings, "image-abi", OUTCOME_FAILS,
						      NULL, "kernel abi");

		finding_show(finding, image->release.value, image->release.witness,
			     image->abi.release, image->abi.witness);
		finding->text = arena_format(
			arena, "the image's kernel abi is for %s, but its kernel is %s",
			image->abi.release, image->release.value);
	}
	if (image->abi_strays) {
		struct finding *finding = finding_add(arena, findings, "image-abi", OUTCOME_FAILS,
						      NULL, "kernel abi");

		finding->witness[0] = image->abi.witness;
		finding->text = image->abi_strays;
	}
	if (manifest->hash && image->abi.hash && !abi_equal(manifest, &image->abi)) {
		struct finding *finding =
			finding_add(arena, findings, "image-abi", OUTCOME_FAILS, NULL, "manifest");

		finding_show(finding, abi_text(arena, &image->abi), image->abi.witness,
			     abi_text(arena, manifest), manifest->witness);
		finding->text =
			"the manifest is from another build than the image's package database";
	}
}

static void release_check(struct arena *arena, const struct image *image, struct findings *findings)
{
	if (!image->release.value || image->releases.count == 0 ||
	    (image->releases.count == 1 &&
	     strcmp(image->releases.list[0], image->release.value) == 0))
		return;

	struct finding *finding =
		finding_add(arena, findings, "image-release", OUTCOME_FAILS, NULL, "lib/modules");
	finding_show(finding, image->release.value, image->release.witness,
		     strings_join(arena, &image->releases, 8), image->source);
	finding->text =
		strings_have(&image->releases, image->release.value)
			? "the image also has modules directories of other kernel releases"
			: "the image has no modules directory for the release of its kernel";
}

static const char *module_foreign(struct arena *arena, const struct image *image,
				  const struct module *module)
{
	if (module->problem)
		return arena_format(arena, "cannot be loaded: %s", module->problem);
	if (!machine_fits(image->machine, module->machine))
		return arena_format(arena, "is built for %s",
				    machine_words(arena, module->machine));
	if (module->modinfo.vermagic && image->vermagic.value &&
	    strcmp(module->modinfo.vermagic, image->vermagic.value) != 0 &&
	    !(module->versioned && image_exports(image)->crcs))
		return arena_format(arena, "has version magic '%s'", module->modinfo.vermagic);
	if (module->this_module.known && image->this_module.known &&
	    module->this_module.size != image->this_module.size)
		return arena_format(arena, "has a struct module of %" PRIu64 " bytes",
				    module->this_module.size);
	return NULL;
}

static void modules_check(struct arena *arena, const struct image *image, struct findings *findings)
{
	array_each(module, &image->modules) {
		const char *why = module_foreign(arena, image, module);

		if (!why)
			continue;
		struct finding *finding = finding_add(arena, findings, "image-module",
						      OUTCOME_FAILS, module->name, "module");
		finding->witness[0] = module->witness;
		finding->text = arena_format(
			arena, "a module of the image %s: it does not belong to the image's kernel",
			why);
	}
}

static void config_check(struct arena *arena, const struct world *world, struct findings *findings)
{
	const struct image *image = world_image(world);
	const struct strings *against = world_image_config_against(world);

	for (size_t i = 0; i < against->count; i++) {
		struct finding *finding = finding_add(arena, findings, "config-contradicted",
						      OUTCOME_FAILS, NULL, "kernel config");

		finding->witness[0] = image->config->witness;
		finding->text = arena_format(
			arena, "the kernel config is not taken for that of this kernel: %s",
			against->list[i]);
	}
	if (!image->config || against->count > 0)
		return;
	/* nothing contradicts the config; its hash may show that it is the kernel's */
	enum hash_agreement hash = config_hash(image->config, &image->abi);
	struct finding *finding = finding_add(arena, findings, "config-contradicted",
					      hash == HASH_AGREES ? OUTCOME_HOLDS : OUTCOME_UNKNOWN,
					      NULL, "kernel config");

	finding->witness[0] = image->config->witness;
	finding->text = config_hash_text(hash);
}

static void exports_check(struct arena *arena, const struct image *image, struct findings *findings)
{
	const struct kernel_exports *exports = image_exports(image);

	if (image->exports_against) {
		struct finding *finding = finding_add(arena, findings, "image-exports",
						      OUTCOME_FAILS, NULL, "export table");

		finding->witness[0] = image->exports_witness;
		finding->text = image->exports_against;
		finding->settle = exports->complete ? NULL : "--image-symvers";
	} else if (!exports->complete) {
		struct finding *finding = finding_add(arena, findings, "image-exports",
						      OUTCOME_UNKNOWN, NULL, "export table");

		finding->witness[0] = exports->source ? exports->source : image->kernel_witness;
		finding->text =
			arena_format(arena, "the kernel's export table is not %s: %s",
				     exports->source ? "known to be complete" : "known",
				     exports->why ? exports->why : "the table was not found");
		finding->settle = "--image-symvers";
	}
}

static void check_image_linux(struct arena *arena, const struct world *world,
			      struct findings *findings)
{
	const struct image *image = world_image(world);

	abi_check(arena, image, findings);
	release_check(arena, image, findings);
	modules_check(arena, image, findings);
	exports_check(arena, image, findings);
}

void check_image(struct arena *arena, const struct world *world, struct findings *findings)
{
	static void (*const by_loader[LOADER_COUNT])(struct arena *, const struct world *,
						     struct findings *) = {
		[LOADER_LINUX] = check_image_linux, [LOADER_FREEBSD] = check_image_kld};
	const struct image *image = world_image(world);

	by_loader[image->loader](arena, world, findings);
	check_image_unread(arena, image, findings);
	check_image_kernels(arena, image, findings);
	config_check(arena, world, findings);
	for (size_t i = 0; i < image->remarks.count; i++)
		finding_add(arena, findings, "image-remark", OUTCOME_REMARK, NULL, "image")->text =
			image->remarks.list[i];
	array_sort(findings, finding_compare);
}

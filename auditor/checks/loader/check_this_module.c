/* SPDX-License-Identifier: ISC */
/* Compares the size of struct module and the offsets of init and exit with the modules
 * of the image, and with those of the package's own kernel abi. */
#include "checks/checks.h"

#include <inttypes.h>

/* The number of modules for one kernel abi that must agree before a different one
 * is an error. */
enum { AGREE_LEAST = 10 };

static const char *this_module_text(struct arena *arena, const struct this_module *this_module)
{
	const char *text = arena_format(arena, "size %" PRIu64, this_module->size);

	if (this_module->has_init)
		text = arena_format(arena, "%s, init 0x%" PRIx64, text, this_module->init);
	if (this_module->has_exit)
		text = arena_format(arena, "%s, exit 0x%" PRIx64, text, this_module->exit);
	return text;
}

static bool this_module_equal(const struct this_module *a, const struct this_module *b)
{
	if (a->size != b->size)
		return false;
	/* a module that has only one of the two offsets does not show which
	 * one it is */
	if (b->has_init && !b->has_exit && a->has_exit && b->init == a->exit)
		return true;
	if (a->has_init && b->has_init && a->init != b->init)
		return false;
	return !(a->has_exit && b->has_exit && a->exit != b->exit);
}

/* True if the image's modules have different layouts of struct module and none of
 * them is HAVE. */
static bool like_none(const struct image *image, const struct this_module *have)
{
	bool any = false;

	array_each(module, &image->modules) {
		if (module->problem || !module->this_module.known ||
		    !image_module_runs(image, module))
			continue;
		if (this_module_equal(&module->this_module, have))
			return false;
		any = true;
	}
	return any;
}

static const char *difference_text(const struct image *image, const struct this_module *have,
				   bool none)
{
	/* kernel/module/main.c, elf_validity_cache_index_mod (up to 6.9
	 * elf_validity_cache_copy) */
	if (image->this_module.known && image->this_module.size != have->size &&
	    series_since(image_series(image), 6, 4) == SINCE_YES)
		return ".gnu.linkonce.this_module section size must match the kernel's built "
		       "struct module size at run time";
	if (image->this_module.known)
		return "the layout of struct module differs from the image's modules: the kernel "
		       "would read init and exit from the wrong offset";
	return none ? "struct module is laid out differently than in each of the image's modules, "
		      "which do not agree with one another"
		    : "the layout of struct module cannot be compared: the image has no modules "
		      "that agree on it";
}

void check_this_module(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	const struct image *image = world_image(world);
	const struct this_module *want = &image->this_module;

	array_each(module, &package->modules) {
		const struct this_module *have = &module->this_module;

		if (!module_judged(world, module) || !have->known ||
		    (want->known && this_module_equal(want, have)))
			continue;

		bool none = !want->known && like_none(image, have);
		struct finding *finding =
			examine(examination, "this-module",
				want->known || none ? OUTCOME_FAILS : OUTCOME_UNKNOWN, module->name,
				"struct module");
		finding_show(finding,
			     want->known ? this_module_text(examination->arena, want) : NULL,
			     image->this_module_witness, this_module_text(examination->arena, have),
			     module->witness);
		finding->text = difference_text(image, have, none);
		if (!want->known && !none)
			finding->settle = "an image with at least one module of its own";
	}
}

/* Reports modules whose layout of struct module differs from that of the other modules
 * for their kernel abi: they were not built together, whatever the package states. */
void check_foreign(const struct world *world, const struct package *package,
		   struct examination *examination)
{
	struct this_module most;
	size_t agree, all;

	if (!package->abi.version || !world_this_module(world, package, &most, &agree, &all))
		return;
	array_each(module, &package->modules) {
		const struct this_module *have = &module->this_module;

		if (!module_judged(world, module) || !have->known || this_module_equal(&most, have))
			continue;

		/* if nearly all others agree, this one is wrong; among few it is
		 * unclear which one is */
		bool sure = agree >= AGREE_LEAST && (all - agree) * 10 <= agree;
		struct finding *finding = examine(examination, "foreign-module",
						  sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
						  module->name, "struct module");
		finding_show(finding, this_module_text(examination->arena, &most),
			     package->abi.witness, this_module_text(examination->arena, have),
			     module->witness);
		finding->text = arena_format(
			examination->arena,
			"%zu of %zu modules with the package's kernel abi have another layout of "
			"struct module: it was built for another kernel",
			agree, all);
		if (!sure)
			finding->settle = "an image with at least one module of its own";
	}
}

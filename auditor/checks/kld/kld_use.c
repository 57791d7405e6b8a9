/* SPDX-License-Identifier: ISC */
/* Collects which interfaces and symbols of others a FreeBSD module uses,
 * and the versions against which it was built: the preferred ones of its
 * DEPEND records (sys/sys/module.h). */
#include "checks/kld/kld_checks.h"
#include "checks/loader/interface.h"

#include <string.h>

static const char *version_of(struct arena *arena, int32_t version)
{
	return arena_format(arena, "%d", version);
}

static void file_set(struct use *use, const struct linker_file *file)
{
	if (file)
		use->provider = (struct provider){.module = file->module, .package = file->package};
}

static void symbol_collect(struct usage *usage, const struct linker_trial *trial,
			   const struct import *import)
{
	const struct image *image = world_image(usage->world);
	const struct kernel *kernel = image->kernel;
	struct use use = {.module = trial->file->module, .name = import->name, .presence = UNSURE};

	if (import->weak || linker_makes(image, trial->file->module, import))
		return;
	use.provider.export = kernel ? exports_find(&kernel->exports.table, import->name) : NULL;
	array_each(answer, &trial->answers) {
		if (use.provider.export || answer->result != LINKER_FITS || !answer->file)
			continue;
		file_set(&use, answer->file);
		use.provider.export = exports_find(&answer->file->module->exports, import->name);
	}
	if (use.provider.export)
		use.presence = PRESENT;
	if (use.provider.package != usage->package || use.presence != PRESENT)
		*array_add(usage->arena, &usage->symbols) = use;
}

void kld_collect(struct usage *usage, const struct module *module)
{
	const struct linker_trial *trial =
		world_try(usage->arena, usage->world, usage->package, module);

	if (!trial)
		return;
	array_each(answer, &trial->answers) {
		struct use use = {.module = module,
				  .name = answer->depend->name,
				  .presence = PRESENT,
				  .built = version_of(usage->arena, answer->depend->preferred)};

		if (answer->result != LINKER_FITS && answer->unsure)
			use.presence = UNSURE;
		else if (answer->result == LINKER_ABSENT)
			use.presence = ABSENT;
		if (answer->provided)
			use.provided = version_of(usage->arena, answer->version);
		file_set(&use, answer->file);
		if (strcmp(use.name, "kernel") != 0 &&
		    (!answer->file || answer->file->package != usage->package))
			*array_add(usage->arena, &usage->modules) = use;
	}
	array_each(import, &module->imports)
		symbol_collect(usage, trial, import);
}

bool kld_built_kernel(struct arena *arena, const struct package *package, struct built *built)
{
	const struct kld_depend *first = NULL;

	array_each(module, &package->modules) {
		if (!module->kld || module->kld->set != KLD_SET_FOUND)
			continue;
		array_each(depend, &module->kld->depends) {
			if (strcmp(depend->name, "kernel") != 0)
				continue;
			if (first && first->preferred != depend->preferred) {
				built->kernel = built->version = NULL;
				built->looked = arena_format(
					arena, "its modules were built for kernel %d and %d",
					first->preferred, depend->preferred);
				return true;
			}
			first = depend;
			built->kernel = built->version = version_of(arena, depend->preferred);
			built->witness = module->witness;
		}
	}
	if (!first)
		built->looked = "no module of it names the kernel version that it was built for";
	return first != NULL;
}

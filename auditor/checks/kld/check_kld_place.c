/* SPDX-License-Identifier: ISC */
/* Reports what decides which file the kernel takes: files that hide others, records
 * that the linker does not find (sys/kern/link_elf.c, link_elf_lookup_set). */
#include "checks/kld/kld_checks.h"

#include "base/text.h"

#include <string.h>

void check_kld_hidden(const struct world *world, const struct package *package,
		      struct examination *examination)
{
	struct arena *arena = examination->arena;
	const struct linker *linker = world_linker(world);

	for (size_t i = 0; i < package->modules.count; i++) {
		const struct linker_trial *trial = trial_of(examination, i);
		const struct linker_file *file = trial ? trial->file : NULL, *other = NULL;
		struct finding *finding;

		if (file && file->directory == LINKER_ELSEWHERE) {
			finding = examine(examination, "kld-hidden", OUTCOME_REMARK,
					  file->module->name, file->module->path);
			finding->witness[1] = file->module->witness;
			finding->text = arena_format(arena,
						     "it is in no directory of kern.module_path "
						     "(%s): only its full path loads it",
						     strings_join(arena, &linker->path, 8));
			continue;
		}
		/* a file of the image with the same name in a directory that is searched first */
		for (uint32_t j = 0; file && !other && j < file->directory; j++)
			other = kld_image_file(linker, j, file->base);
		if (!other)
			continue;
		finding = examine(examination, "kld-hidden", OUTCOME_FAILS, other->module->name,
				  other->base);
		finding_show(finding, other->module->path, other->module->witness,
			     file->module->path, file->module->witness);
		finding->text = arena_format(
			arena,
			"/%s/%s is searched first: kldload %s loads that file, and only the full "
			"path, or %s_name in loader.conf, loads the one of the package",
			linker->path.list[other->directory], other->base, other->module->name,
			other->module->name);
	}
}

void check_kld_records(const struct world *world, const struct package *package,
		       struct examination *examination)
{
	(void)world;
	for (size_t i = 0; i < package->modules.count; i++) {
		const struct module *module = &package->modules.list[i];

		if (!trial_of(examination, i) || !module->kld || module->kld->set != KLD_SET_HIDDEN)
			continue;
		struct finding *finding = examine(examination, "kld-records", OUTCOME_FAILS,
						  module->name, "set_modmetadata_set");
		finding->witness[1] = module->witness;
		finding->text = "it has the section set_modmetadata_set, but not the symbols "
				"__start_set_modmetadata_set and __stop_set_modmetadata_set: the "
				"kernel does not find its records, loads nothing that it depends "
				"on and checks no version";
	}
}

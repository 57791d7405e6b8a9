/* SPDX-License-Identifier: ISC */
/* Checks that the linker takes the form of a module's file (sys/kern/link_elf.c,
 * link_elf_load_file; sys/kern/link_elf_obj.c). */
#include "checks/kld/kld_checks.h"
#include "facts/linker/linker_file.h"

#include <elf.h>

/* link_elf.c of FreeBSD 12 has room for this many PT_LOAD (MAXSEGS); later ones
 * were not read. */
enum { SEGMENTS_MOST = 4, SEGMENTS_READ = 1300000 };

static void segments_check(const struct world *world, const struct module *module,
			   struct examination *examination)
{
	int32_t version = image_osreldate(world_image(world));
	bool sure = version > 0 && version < SEGMENTS_READ;
	struct finding *finding;

	if (module->kld->type == ET_REL || module->kld->segments <= SEGMENTS_MOST)
		return;
	finding = examine(examination, "module-unreadable", sure ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
			  module->name, "segments");
	finding->witness[1] = module->witness;
	finding->text = arena_format(examination->arena,
				     "kldload: %s: Too many sections: it has %u segments to load, "
				     "and the linker %s %d",
				     kld_file_name(module), module->kld->segments,
				     sure ? "takes" : "of FreeBSD 12 takes", SEGMENTS_MOST);
	if (!sure)
		finding->settle = "a module that is linked as sys/conf/kmod.mk does";
}

static void compression_check(const struct module *module, struct examination *examination)
{
	const char *doubt = linker_form_doubt(examination->arena, module);
	struct finding *finding;

	if (!doubt)
		return;
	finding = examine(examination, "module-unreadable", OUTCOME_UNKNOWN, module->name,
			  "compression");
	finding->witness[1] = module->witness;
	finding->text = doubt;
	finding->settle = "a package whose modules are not compressed";
}

void check_kld_file(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	array_each(module, &package->modules) {
		if (!module_judged(world, module) || !module->kld)
			continue;

		const char *words = linker_form_refusal(examination->arena, module);
		segments_check(world, module, examination);
		compression_check(module, examination);
		if (!words)
			continue;
		struct finding *finding = examine(examination, "module-unreadable", OUTCOME_FAILS,
						  module->name, "file");
		finding->witness[1] = module->witness;
		finding->text = words;
	}
}

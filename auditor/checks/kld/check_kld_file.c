/* SPDX-License-Identifier: ISC */
/* Checks that the linker takes the form of a module's file (sys/kern/link_elf.c,
 * link_elf_load_file; sys/kern/link_elf_obj.c). */
#include "checks/kld/kld_checks.h"
#include "facts/linker/linker_file.h"

#include <elf.h>

/* link_elf.c of FreeBSD 12 has room for this many PT_LOAD (MAXSEGS); later ones
 * were not read. */
enum { SEGMENTS_MOST = 4, SEGMENTS_READ = 1300000 };

static void unreadable(struct examination *examination, const struct module *module,
		       enum outcome outcome, const char *subject, const char *text,
		       const char *settle)
{
	struct finding *finding =
		examine(examination, "module-unreadable", outcome, module->name, subject);

	finding->witness[1] = module->witness;
	finding->text = text;
	finding->settle = settle;
}

void check_kld_file(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	struct arena *arena = examination->arena;
	int32_t version = image_osreldate(world_image(world));
	bool limited = version > 0 && version < SEGMENTS_READ;

	array_each(module, &package->modules) {
		if (!module_judged(world, module) || !module->kld)
			continue;
		if (module->kld->type != ET_REL && module->kld->segments > SEGMENTS_MOST)
			unreadable(examination, module, limited ? OUTCOME_FAILS : OUTCOME_UNKNOWN,
				   "segments",
				   arena_format(arena,
						"kldload: %s: Too many sections: it has %u "
						"segments to load, and the linker %s %d",
						kld_file_name(module), module->kld->segments,
						limited ? "takes" : "of FreeBSD 12 takes",
						SEGMENTS_MOST),
				   limited ? NULL
					   : "a module that is linked as sys/conf/kmod.mk does");

		const char *doubt = linker_form_doubt(arena, module);
		if (doubt)
			unreadable(examination, module, OUTCOME_UNKNOWN, "compression", doubt,
				   "a package whose modules are not compressed");

		const char *refusal = linker_form_refusal(arena, module);
		if (refusal)
			unreadable(examination, module, OUTCOME_FAILS, "file", refusal, NULL);
	}
}

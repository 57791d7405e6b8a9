/* SPDX-License-Identifier: ISC */
/* Checks that the linker takes the form of a module's file: amd64 and mips also load relocatable
 * objects, all others only shared ones (sys/conf/files.*: link_elf_obj.c; sys/kern/link_elf.c,
 * link_elf_load_file). */
#include "checks/kld/kld_checks.h"

#include <elf.h>

/* link_elf.c of FreeBSD 12 has room for this many PT_LOAD (MAXSEGS); later ones were not read. */
enum { SEGMENTS_MOST = 4, SEGMENTS_READ = 1300000 };

static bool loads_objects(struct machine machine)
{
	return machine.elf == EM_X86_64 || machine.elf == EM_MIPS;
}

/* The message with which the file is refused, or NULL. */
static const char *refusal(struct arena *arena, const struct module *module)
{
	const struct kld *kld = module->kld;

	if (kld->type == ET_REL && !loads_objects(module->machine))
		return arena_format(arena,
				    "linker_load_file: %s - unsupported file type: it is a "
				    "relocatable object, which only amd64 and mips load",
				    kld_file_name(module));
	if (kld->type != ET_REL && !kld->dynamic)
		return arena_format(arena,
				    "kldload: %s: Object is not dynamically-linked: it has no "
				    "PT_DYNAMIC",
				    kld_file_name(module));
	return NULL;
}

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

void check_kld_file(const struct world *world, const struct package *package,
		    struct examination *examination)
{
	array_each(module, &package->modules) {
		if (!module_judged(world, module) || !module->kld)
			continue;

		const char *words = refusal(examination->arena, module);
		segments_check(world, module, examination);
		if (!words)
			continue;
		struct finding *finding = examine(examination, "module-unreadable", OUTCOME_FAILS,
						  module->name, "file");
		finding->witness[1] = module->witness;
		finding->text = words;
	}
}

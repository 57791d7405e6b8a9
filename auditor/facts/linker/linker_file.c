/* SPDX-License-Identifier: ISC */
/* Decides whether the kernel linker of FreeBSD takes the ELF file of a module at all
 * (sys/kern/link_elf.c, link_elf_load_file; sys/kern/link_elf_obj.c). */
#include "facts/linker/linker_file.h"

#include "base/text.h"

#include <elf.h>
#include <string.h>

const char *linker_machine_refusal(struct arena *arena, const struct image *image,
				   const struct module *module)
{
	const struct machine *want = &image->machine, *have = &module->machine;
	bool layout = want->bits != have->bits || want->endian != have->endian;

	if (want->elf == 0 || have->elf == 0 || machine_fits(*want, *have))
		return NULL;
	return arena_format(arena, "kldload: %s: Unsupported %s: built for %s, the kernel is %s",
			    path_last(text_or_empty(module->path)),
			    layout ? "file layout" : "machine", machine_words(arena, *have),
			    machine_words(arena, *want));
}

const char *linker_form_refusal(struct arena *arena, const struct module *module)
{
	const struct kld *kld = module->kld;
	const char *base = path_last(text_or_empty(module->path));

	bool loads_objects = module->machine.elf == EM_X86_64 || module->machine.elf == EM_MIPS;

	if (kld && kld->type == ET_REL && !loads_objects)
		return arena_format(arena,
				    "linker_load_file: %s - unsupported file type: it is a "
				    "relocatable object, which only amd64 and mips load",
				    base);
	if (module->relocations.refused)
		return arena_format(
			arena,
			"kldload: %s: %s: the linker makes no global offset table and no "
			"thread storage; it refuses the file, or loads it with wrong code",
			base, module->relocations.refused);
	if (kld && kld->type != ET_REL && !kld->dynamic)
		return arena_format(arena,
				    "kldload: %s: Object is not dynamically-linked: it has no "
				    "PT_DYNAMIC",
				    base);
	return NULL;
}

const char *linker_form_doubt(struct arena *arena, const struct module *module)
{
	const char *base = path_last(text_or_empty(module->path));
	const char *end = strstr(base, ".ko.");

	if (!end)
		return NULL;
	return arena_format(arena,
			    "%s is compressed: kldload does not load it, and the boot loader does "
			    "only if it reads %s",
			    base, end + strlen(".ko"));
}

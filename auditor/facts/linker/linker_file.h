/* SPDX-License-Identifier: ISC */
/* linker_file - whether the kernel linker of FreeBSD takes the ELF file of a
 * module at all. */
#ifndef KMODAUDIT_LINKER_FILE_H
#define KMODAUDIT_LINKER_FILE_H

#include "facts/image/image.h"

/* The kernel's message about MODULE's machine, class and byte
 * order; NULL: they are those of IMAGE, or one of them is not
 * known (sys/kern/link_elf.c, link_elf_load_file). */
const char *linker_machine_refusal(struct arena *arena, const struct image *image,
				   const struct module *module);
/* The kernel's message about the form of MODULE's file; NULL: it takes it.
 * amd64 and mips also load relocatable objects, all others only shared
 * ones (sys/conf/files.*, link_elf_obj.c). */
const char *linker_form_refusal(struct arena *arena, const struct module *module);
/* Why it depends on who loads MODULE's file, or NULL: only the boot loader reads
 * compressed ones (stand/libsa/gzipfs.c). */
const char *linker_form_doubt(struct arena *arena, const struct module *module);

#endif

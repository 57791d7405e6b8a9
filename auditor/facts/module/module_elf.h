/* SPDX-License-Identifier: ISC */
/* module_elf - the pieces that module_read puts together. Private to facts/. */
#ifndef KMODAUDIT_MODULE_ELF_H
#define KMODAUDIT_MODULE_ELF_H

#include "facts/module/elf.h"
#include "facts/module/module.h"

/* modinfo.c: the key=value strings of .modinfo. */
void modinfo_read(struct module_reader *reader, struct span section, struct modinfo *ret);

/*
 * From Linux 7.1 on __ksymtab holds all exports and __kflagstab a byte for each, in the same
 * order (include/linux/module_symbol.h, enum ksym_flags; scripts/mod/modpost.c,
 * get_symbol_flags).
 */
enum { KFLAG_GPL_ONLY = 1 };

/* Linux kernel/module/main.c since 7.1, check_export_symbol_sections: __ksymtab has entries,
 * and there is no __kflagstab. */
bool ksymtab_unflagged(const struct elf *elf);

/* SUFFIX of a __ksymtab section: only modules under the GPL see what is in it. Those of
 * _gpl_future are only warned about (kernel/module.c, check_symbol, up to 5.11). */
bool ksymtab_is_gpl(const char *suffix);

/* module_exports.c: by the relocations of __ksymtab*, else by __ksymtab_NAME symbols. Sorted by
 * name. Fails when a table is there and cannot be read. Also for a vmlinux.o and for a vmlinux
 * of which only the symbols are left. */
bool module_exports_read(struct module_reader *reader, const struct elf *elf, struct exports *ret,
			 struct error *error);
void symbol_exports_read(struct module_reader *reader, const struct elf *elf, struct exports *ret);

/* module_versions.c: CRCs for IMPORTS (sorted by name) from __versions or __version_ext_*. */
bool module_versions_read(struct module_reader *reader, const struct elf *elf,
			  struct module *module, struct error *error);

/* relocations.c: what the module loaders of the machine apply of the relocations of allocated
 * sections (arch/.../kernel/module*.c). Empty for machines whose loader was not looked at. */
struct relocations module_relocations(struct arena *arena, const struct elf *elf);

/* module_digest.c: see module.h, SECTIONS. */
struct sha256 module_digest(struct arena *scratch, const struct elf *elf);

#endif

/* SPDX-License-Identifier: ISC */
/* module_elf - functions that module_read calls for the parts of a module.
 * Private to facts/. */
#ifndef KMODAUDIT_MODULE_ELF_H
#define KMODAUDIT_MODULE_ELF_H

#include "facts/module/elf.h"
#include "facts/module/module.h"

/* Sorts by name and makes one of those with the same name: the first place, weak
 * if all are. */
void imports_unique(struct imports *imports);

/* modinfo.c: reads .gnu.linkonce.this_module, SECTION. */
void this_module_read(struct module_reader *reader, const struct elf *elf,
		      const struct elf_section *section, struct this_module *ret);
/* The module's name in it, or NULL. */
const char *this_module_name(struct arena *arena, const struct elf *elf,
			     const struct elf_section *section);

/* modinfo.c: parses the key=value strings of .modinfo. */
void modinfo_read(struct module_reader *reader, struct span section, struct modinfo *ret);

/* Since Linux 7.1 __ksymtab contains all exports, and __kflagstab has one byte of
 * flags for each, in the same order (include/linux/module_symbol.h, enum
 * ksym_flags; scripts/mod/modpost.c, get_symbol_flags). */
enum { KFLAG_GPL_ONLY = 1 };

/* True if __ksymtab has entries and __kflagstab is missing (Linux kernel/module/main.c
 * since 7.1, check_export_symbol_sections). */
bool ksymtab_unflagged(const struct elf *elf);

/* True if only GPL modules may use the symbols in section __ksymtabSUFFIX. False
 * for _gpl_future, for which older kernels only warn (kernel/module.c,
 * check_symbol, up to 5.11). */
bool ksymtab_is_gpl(const char *suffix);

/* module_exports.c: reads exports from the relocations of __ksymtab*, else from
 * __ksymtab_NAME symbols, and sorts them by name. Fails if a table exists and cannot be
 * read. It also works for vmlinux.o. symbol_exports_read uses only the symbols, for a
 * vmlinux without relocations. */
bool module_exports_read(struct module_reader *reader, const struct elf *elf, struct exports *ret,
			 struct error *error);
void symbol_exports_read(struct module_reader *reader, const struct elf *elf, struct exports *ret);

/* module_versions.c: reads the CRCs of the module's imports (sorted by name) from
 * __versions and __version_ext_*. */
bool module_versions_read(struct module_reader *reader, const struct elf *elf,
			  struct module *module, struct error *error);

/* relocations.c: compares the relocations of allocated sections with those that the
 * machine's module loader applies (arch/.../kernel/module*.c). Empty for a machine
 * without a table. */
struct relocations module_relocations(struct arena *arena, const struct elf *elf);
/* The same with the kernel linker of FreeBSD; of an amd64 object only. */
struct relocations kld_relocations(struct arena *arena, const struct elf *elf);
/* The first section that is writable and executable, or NULL. Those whose flags the loader of a
 * machine sets itself do not count. */
const char *module_writable_code(struct arena *arena, const struct elf *elf);
/* See MARKS in module.h. */
unsigned module_marks(struct arena *scratch, const struct elf *elf);

/* module_digest.c: see SECTIONS in module.h. */
struct sha256 module_digest(struct arena *scratch, const struct elf *elf);

#endif

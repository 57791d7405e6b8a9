/* SPDX-License-Identifier: ISC */
/* kld_elf - the parts of reading a FreeBSD module or kernel, whose numbers,
 * pointers and texts are those in memory after the kernel linker has relocated it.
 * Private to facts/. */
#ifndef KMODAUDIT_KLD_ELF_H
#define KMODAUDIT_KLD_ELF_H

#include "facts/module/kld.h"
#include "facts/module/elf.h"
#include "facts/module/module.h"

/* ET_REL: an offset in a section. Others: SECTION is 0, and OFFSET an address. */
struct kld_place {
	size_t section;
	uint64_t offset;
};

/* The relocations of a section (ET_REL) or of the file (others), sorted by offset. */
struct kld_relocation {
	struct elf_relocation entry;
	bool in_place; /* SHT_REL: the addend is the word itself */
};

struct kld_relocations {
	struct kld_relocation *list;
	size_t count, room;
	bool sorted;
};

struct kld_memory {
	const struct elf *elf;
	/* the same file, with the symbols that its relocations name: .symtab in an
	 * ET_REL, .dynsym in the others */
	struct elf dynamic;
	struct arena *scratch;
	struct kld_relocations *relocations; /* by section */
};

/* Fails if the dynamic section or the relocations reach beyond the file. RET uses
 * ELF and SCRATCH. */
bool kld_memory_open(struct arena *scratch, const struct elf *elf, uint64_t file_size,
		     struct kld_memory *ret, struct error *error);
CHECKED bool kld_number(const struct kld_memory *memory, struct kld_place place, uint32_t *ret);
/* Follows the pointer at PLACE. */
bool kld_pointer(const struct kld_memory *memory, struct kld_place place, struct kld_place *ret,
		 struct error *error);
/* The NUL-terminated text at PLACE, at most KLD_NAME_MOST bytes (MAXMODNAME). */
CHECKED bool kld_text(const struct kld_memory *memory, struct kld_place place, struct span *ret);
/* The place of the symbol NAME, which has to be defined: first in .dynsym, then in
 * .symtab (link_elf.c, link_elf_lookup_symbol). Not for an ET_REL. */
CHECKED bool kld_symbol(const struct kld_memory *memory, const char *name, struct kld_place *ret);

enum { KLD_NAME_MOST = 1024 };
#define KLD_SET "set_modmetadata_set"

struct kld_reading {
	struct module_reader *reader;
	struct kld_memory memory;
	struct kld *kld;
};

/* True if the file is for the kernel linker of FreeBSD, by its contents. */
bool kld_is(const struct elf *elf);
/* Opens a file of FILE_SIZE bytes. RET uses ELF and the reader's scratch arena;
 * RET->kld is in its arena. */
bool kld_begin(struct module_reader *reader, const struct elf *elf, uint64_t file_size,
	       struct kld_reading *ret, struct error *error);
/* Reads the records into RET->kld. An error says which record is damaged, and how. */
bool kld_records(const struct kld_reading *reading, struct error *error);

/* kld_symbols.c: all symbols that the file defines, local ones too: the kernel finds these unless
 * somebody sets debug.link_elf_leak_locals to 0. Sorted by name. */
void kld_exports(const struct kld_reading *reading, struct exports *ret);

/* Reads a FreeBSD module. */
bool kld_module_read(struct module_reader *reader, const struct elf *elf, uint64_t file_size,
		     struct module *module, struct error *error);

#endif

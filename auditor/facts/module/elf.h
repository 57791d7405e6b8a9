/* SPDX-License-Identifier: ISC */
/* elf - an ELF file as sections, segments, symbols and relocations, with the checks of
 * the module loader. Only elf.c uses libelf. Private to facts/. */
#ifndef KMODAUDIT_ELF_H
#define KMODAUDIT_ELF_H

#include "base/error.h"
#include "facts/module/fact.h"

#include <elf.h>

struct elf_section {
	const char *name;
	uint32_t type, link, info;
	uint64_t flags, address, size;
	struct span bytes; /* empty for SHT_NOBITS */
	/* index of the SHT_REL or SHT_RELA section that applies to this one; 0: none */
	size_t relocations;
};

struct elf_sections {
	struct elf_section *list;
	size_t count, room;
};

/* A PT_LOAD segment. */
struct elf_segment {
	uint64_t address;
	uint64_t size; /* size in memory; what BYTES lacks is zero there */
	struct span bytes;
};

struct elf_segments {
	struct elf_segment *list;
	size_t count, room;
};

struct elf_symbol {
	const char *name; /* "" if it has none, or one outside the string table */
	uint64_t value;
	uint16_t section; /* SHN_UNDEF, SHN_ABS, SHN_COMMON or an index */
	uint8_t bind, type;
};

struct elf_relocation {
	uint64_t offset;
	uint64_t addend; /* 0 for SHT_REL, where the addend is in the section itself */
	uint32_t symbol, type;
};

struct elf {
	struct machine machine;
	uint16_t type;
	uint8_t system; /* EI_OSABI */
	/* element 0 is the null section; empty if the file has no section headers */
	struct elf_sections sections;
	struct elf_segments segments;
	struct span dynamic, interpreter; /* PT_DYNAMIC, PT_INTERP; empty: none */
	struct span symbols, strings; /* of the first SHT_SYMTAB */
	size_t symbol_count, symbol_tables;
};

/* Reads the headers. Names and bytes in RET point into BYTES. RET->machine is set as
 * soon as the ELF header is readable, even if the function then fails. */
bool elf_read(struct arena *scratch, struct span bytes, struct elf *ret, struct error *error);

/* The first section with that name, or NULL. */
const struct elf_section *elf_section(const struct elf *elf, const char *name);

/* INDEX must be below symbol_count. */
struct elf_symbol elf_symbol(const struct elf *elf, size_t index);

size_t elf_relocation_count(const struct elf *elf, const struct elf_section *section);
/* The relocation number INDEX that applies to SECTION, which is not the
 * SHT_REL section itself. */
struct elf_relocation elf_relocation(const struct elf *elf, const struct elf_section *section,
				     size_t index);

/* Fails if a relocation of a section that is loaded is outside of it, or its symbol is none. No
 * loader looks at that: it writes to other memory. */
bool elf_relocations_check(const struct elf *elf, struct error *error);

/* The bytes of the PT_LOAD segments as they are in memory, starting at
 * address *RET_BASE. Empty if there are none, or if they are spread over more
 * than LIMIT_KERNEL bytes. */
struct span elf_flatten(struct arena *scratch, const struct elf *elf, uint64_t *ret_base);

#endif

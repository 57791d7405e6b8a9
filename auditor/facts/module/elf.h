/* SPDX-License-Identifier: ISC */
/* elf - an ELF file as sections, symbols and relocations, checked as the module loader checks
 * it. elf.c is the only file that knows libelf. Private to facts/. */
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
	/* index of the SHT_REL or SHT_RELA section that is about this one; 0: none */
	size_t relocations;
};

struct elf_sections {
	struct elf_section *list;
	size_t count, room;
};

/* A PT_LOAD. */
struct elf_segment {
	uint64_t address;
	struct span bytes;
};

struct elf_segments {
	struct elf_segment *list;
	size_t count, room;
};

struct elf_symbol {
	const char *name; /* "" when it has none, or one outside the string table */
	uint64_t value;
	uint16_t section; /* SHN_UNDEF, SHN_ABS, SHN_COMMON or an index */
	uint8_t bind;
};

struct elf_relocation {
	uint64_t offset;
	uint64_t addend; /* 0 for SHT_REL: it lies in the section */
	uint32_t symbol, type;
};

struct elf {
	struct machine machine;
	uint16_t type;
	/* [0] is the empty one; none when the file has no section headers */
	struct elf_sections sections;
	struct elf_segments segments;
	struct span symbols, strings; /* of the first SHT_SYMTAB */
	size_t symbol_count, symbol_tables;
};

/* Reads headers; names and bytes point into BYTES. RET->machine is set as soon as the ELF
 * header is readable, also when the rest is not. */
bool elf_read(struct arena *scratch, struct span bytes, struct elf *ret, struct error *error);

/* The first section of that name, or NULL. */
const struct elf_section *elf_section(const struct elf *elf, const char *name);

/* INDEX is below symbol_count. */
struct elf_symbol elf_symbol(const struct elf *elf, size_t index);

size_t elf_relocation_count(const struct elf *elf, const struct elf_section *section);
/* The INDEX-th relocation of SECTION (not of the SHT_REL section itself). */
struct elf_relocation elf_relocation(const struct elf *elf, const struct elf_section *section,
				     size_t index);

/* The PT_LOADs side by side as in memory, from *RET_BASE on; empty when there are none or they
 * spread over more than LIMIT_KERNEL. */
struct span elf_flatten(struct arena *scratch, const struct elf *elf, uint64_t *ret_base);

#endif

/* SPDX-License-Identifier: ISC */
/* Reads a FreeBSD module or kernel as it is in memory after the kernel linker has
 * relocated it (sys/kern/link_elf.c, sys/kern/link_elf_obj.c,
 * sys/ARCH/ARCH/elf_machdep.c). */
#include "facts/module/kld_elf.h"

/* The relocations of a machine word: S + A, and base + A, where the base is 0 here. */
static const struct word_types {
	uint16_t elf;
	uint8_t bits, absolute, dynamic; /* 0: none */
	uint16_t relative;
} word_types[] = {
	{EM_X86_64, 64, R_X86_64_64, R_X86_64_GLOB_DAT, R_X86_64_RELATIVE},
	{EM_386, 32, R_386_32, R_386_GLOB_DAT, R_386_RELATIVE},
	{EM_ARM, 32, R_ARM_ABS32, R_ARM_GLOB_DAT, R_ARM_RELATIVE},
	{EM_RISCV, 64, R_RISCV_64, 0, R_RISCV_RELATIVE},
	{EM_PPC, 32, R_PPC_ADDR32, R_PPC_GLOB_DAT, R_PPC_RELATIVE},
	{EM_PPC64, 64, R_PPC64_ADDR64, R_PPC64_GLOB_DAT, R_PPC64_RELATIVE},
	{EM_MIPS, 32, R_MIPS_32, 0, R_MIPS_REL32},
	{EM_MIPS, 64, R_MIPS_64, 0, R_MIPS_REL32},
	{EM_SPARCV9, 64, R_SPARC_64, R_SPARC_UA64, R_SPARC_RELATIVE},
};

static unsigned word_size(const struct elf *elf)
{
	return elf->machine.bits / 8u;
}

/* AArch64 numbers its types from 257, beyond the width of the table. */
static bool is_word(const struct elf *elf, uint32_t type)
{
	if (elf->machine.elf == EM_AARCH64)
		return type == R_AARCH64_ABS64 || type == R_AARCH64_GLOB_DAT ||
		       type == R_AARCH64_RELATIVE;
	/* n64: three types in one number, the first in the low byte */
	if (elf->machine.elf == EM_MIPS)
		type &= 0xff;
	for (size_t i = 0; i < sizeof word_types / sizeof *word_types; i++) {
		const struct word_types *row = &word_types[i];

		if (row->elf == elf->machine.elf && row->bits == elf->machine.bits)
			return type && (type == row->absolute || type == row->dynamic ||
					type == row->relative);
	}
	return false;
}

/* The bytes in the file at the address AT, to the end of its segment. */
static struct span segment_bytes(const struct elf *elf, uint64_t at)
{
	array_each(segment, &elf->segments)
		if (at >= segment->address && at - segment->address < segment->bytes.size)
			return span_skip(segment->bytes, at - segment->address);
	return (struct span){NULL, 0};
}

/* The values of the dynamic section that are needed (System V ABI, figure 5-10). */
struct dynamic {
	uint64_t hash, symbols, strings, strings_size;
	uint64_t rel, rel_size, rela, rela_size, plt, plt_size, plt_type;
};

/* Entries {tag, value} of a machine word each, up to DT_NULL. */
static void dynamic_read(const struct elf *elf, struct dynamic *ret)
{
	unsigned word = word_size(elf);
	uint64_t tag, value;

	for (uint64_t at = 0; span_word(elf->dynamic, at, word, elf->machine.endian, &tag) && tag &&
			      span_word(elf->dynamic, at + word, word, elf->machine.endian, &value);
	     at += 2 * (uint64_t)word) {
		uint64_t *slot = tag == DT_HASH	      ? &ret->hash
				 : tag == DT_SYMTAB   ? &ret->symbols
				 : tag == DT_STRTAB   ? &ret->strings
				 : tag == DT_STRSZ    ? &ret->strings_size
				 : tag == DT_REL      ? &ret->rel
				 : tag == DT_RELSZ    ? &ret->rel_size
				 : tag == DT_RELA     ? &ret->rela
				 : tag == DT_RELASZ   ? &ret->rela_size
				 : tag == DT_JMPREL   ? &ret->plt
				 : tag == DT_PLTRELSZ ? &ret->plt_size
				 : tag == DT_PLTREL   ? &ret->plt_type
						      : NULL;

		if (slot)
			*slot = value;
	}
}

static bool symbols_open(struct kld_memory *memory, const struct dynamic *dynamic,
			 struct error *error)
{
	const struct elf *elf = memory->elf;
	uint64_t size = elf->machine.bits == 64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	uint64_t count = 0;
	uint32_t hashed;
	struct elf *ret = &memory->dynamic;

	/* nchain of the table DT_HASH (nbucket, nchain), else by the section's size */
	if (dynamic->hash &&
	    span_u32(segment_bytes(elf, dynamic->hash), 4, elf->machine.endian, &hashed)) {
		count = hashed;
	} else {
		const struct elf_section *section =
			array_find(one, &elf->sections,
				   one->type == SHT_DYNSYM && one->address == dynamic->symbols);

		count = section ? section->bytes.size / size : 0;
	}
	ret->symbol_count = 0;
	if (count > 0 &&
	    !span_cut(segment_bytes(elf, dynamic->symbols), 0, count * size, &ret->symbols))
		return fail(error, "the dynamic symbol table reaches beyond its segment");
	if (count > 0 && !span_cut(segment_bytes(elf, dynamic->strings), 0, dynamic->strings_size,
				   &ret->strings))
		return fail(error, "the dynamic string table reaches beyond its segment");
	if (count > 0 && (!ret->strings.size || ret->strings.data[ret->strings.size - 1] != 0))
		return fail(error, "the dynamic string table is not terminated");
	ret->symbol_count = (size_t)count;
	return true;
}

static void relocations_add(const struct kld_memory *memory, const struct elf_section *table,
			    struct kld_relocations *ret)
{
	struct elf_section sections[2] = {{.name = "", .relocations = 1}, *table};
	struct elf view = *memory->elf;

	view.sections.list = sections;
	view.sections.count = 2;
	for (size_t i = 0; i < elf_relocation_count(&view, sections); i++)
		*array_add(memory->scratch, ret) = (struct kld_relocation){
			elf_relocation(&view, sections, i), table->type == SHT_REL};
}

static bool dynamic_relocations(struct kld_memory *memory, const struct dynamic *dynamic,
				struct error *error)
{
	const struct {
		uint64_t at, size;
		uint32_t type;
	} tables[] = {
		{dynamic->rel, dynamic->rel_size, SHT_REL},
		{dynamic->rela, dynamic->rela_size, SHT_RELA},
		{dynamic->plt, dynamic->plt_size,
		 dynamic->plt_type == DT_RELA ? SHT_RELA : SHT_REL},
	};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		struct elf_section table = {.type = tables[i].type};

		if (tables[i].at == 0 || tables[i].size == 0)
			continue;
		if (!span_cut(segment_bytes(memory->elf, tables[i].at), 0, tables[i].size,
			      &table.bytes))
			return fail(error, "the dynamic relocations reach beyond their segment");
		relocations_add(memory, &table, &memory->relocations[0]);
	}
	return true;
}

/* Relocation sections of one file do not overlap, so they are not larger than it. */
static bool section_relocations(struct kld_memory *memory, uint64_t file_size, struct error *error)
{
	const struct elf *elf = memory->elf;
	uint64_t bytes = 0;

	for (size_t i = 1; i < elf->sections.count; i++) {
		const struct elf_section *section = &elf->sections.list[i];

		if ((section->type != SHT_REL && section->type != SHT_RELA) || section->info == 0 ||
		    section->info >= elf->sections.count)
			continue;
		bytes += section->bytes.size;
		if (bytes > file_size)
			return fail(error, "the relocation sections overlap");
		relocations_add(memory, section, &memory->relocations[section->info]);
	}
	return true;
}

bool kld_memory_open(struct arena *scratch, const struct elf *elf, uint64_t file_size,
		     struct kld_memory *ret, struct error *error)
{
	struct dynamic dynamic = {0};
	size_t tables = elf->type == ET_REL ? elf->sections.count + 1 : 1;

	*ret = (struct kld_memory){.elf = elf, .dynamic = *elf, .scratch = scratch};
	ret->relocations = arena_get(scratch, tables * sizeof *ret->relocations);
	if (elf->type == ET_REL)
		return section_relocations(ret, file_size, error);
	dynamic_read(elf, &dynamic);
	return symbols_open(ret, &dynamic, error) && dynamic_relocations(ret, &dynamic, error);
}

/* The bytes of the section or segment that has PLACE, and how many it has in
 * memory behind it. */
static bool stretch_find(const struct kld_memory *memory, struct kld_place place, struct span *ret,
			 uint64_t *ret_size)
{
	const struct elf *elf = memory->elf;

	if (elf->type == ET_REL) {
		if (place.section == 0 || place.section >= elf->sections.count)
			return false;

		const struct elf_section *section = &elf->sections.list[place.section];

		*ret = span_skip(section->bytes, place.offset);
		*ret_size = place.offset < section->size ? section->size - place.offset : 0;
		return *ret_size > 0;
	}
	array_each(segment, &elf->segments) {
		uint64_t offset = place.offset - segment->address;

		if (place.offset < segment->address || offset >= segment->size)
			continue;
		*ret = span_skip(segment->bytes, offset);
		*ret_size = segment->size - offset;
		return true;
	}
	return false;
}

/* Copies SIZE bytes at PLACE to RET; bytes without contents in the file (SHT_NOBITS,
 * beyond p_filesz) are zeros. False if PLACE is outside. */
static bool kld_bytes(const struct kld_memory *memory, struct kld_place place, size_t size,
		      uint8_t *ret)
{
	struct span bytes;
	uint64_t there;

	if (!stretch_find(memory, place, &bytes, &there) || there < size)
		return false;
	memset(ret, 0, size);
	if (bytes.size > 0)
		memcpy(ret, bytes.data, bytes.size < size ? bytes.size : size);
	return true;
}

bool kld_number(const struct kld_memory *memory, struct kld_place place, uint32_t *ret)
{
	uint8_t bytes[4];

	return kld_bytes(memory, place, sizeof bytes, bytes) &&
	       span_u32(span_from(bytes, sizeof bytes), 0, memory->elf->machine.endian, ret);
}

bool kld_text(const struct kld_memory *memory, struct kld_place place, struct span *ret)
{
	uint64_t there;
	struct span bytes;

	if (!stretch_find(memory, place, &bytes, &there))
		return false;
	if (bytes.size > 0 && span_string(span_head(bytes, KLD_NAME_MOST), 0, ret))
		return true;
	*ret = bytes;
	return bytes.size < there && bytes.size < KLD_NAME_MOST;
}

static int relocation_compare(const void *a, const void *b)
{
	const struct kld_relocation *left = a, *right = b;

	return left->entry.offset < right->entry.offset ? -1
							: left->entry.offset > right->entry.offset;
}

static const struct kld_relocation *relocation_at(const struct kld_memory *memory,
						  struct kld_place place)
{
	struct kld_relocations *all = &memory->relocations[place.section];
	struct kld_relocation key = {.entry.offset = place.offset};

	if (!all->sorted)
		array_sort(all, relocation_compare);
	all->sorted = true;
	return all->count ? bsearch(&key, all->list, all->count, sizeof key, relocation_compare)
			  : NULL;
}

/* The place of a defined symbol, ADDEND bytes on. */
static bool symbol_place(const struct kld_memory *memory, const struct elf_symbol *symbol,
			 uint64_t addend, struct kld_place *ret)
{
	bool relocatable = memory->elf->type == ET_REL;

	if (symbol->section == SHN_UNDEF ||
	    (relocatable && symbol->section >= memory->elf->sections.count))
		return false;
	*ret = (struct kld_place){relocatable ? symbol->section : 0, symbol->value + addend};
	if (memory->elf->machine.bits == 32)
		ret->offset = (uint32_t)ret->offset;
	return true;
}

bool kld_pointer(const struct kld_memory *memory, struct kld_place place, struct kld_place *ret,
		 struct error *error)
{
	const struct elf *elf = memory->elf;
	uint8_t bytes[8];
	uint64_t word;

	if (!kld_bytes(memory, place, word_size(elf), bytes) ||
	    !span_word(span_from(bytes, sizeof bytes), 0, word_size(elf), elf->machine.endian,
		       &word))
		return fail(error, "lies outside of the file's memory");

	const struct kld_relocation *relocation = relocation_at(memory, place);

	if (!relocation) {
		*ret = (struct kld_place){0, word};
		return elf->type != ET_REL ||
		       fail(error, "has no relocation, so it points nowhere");
	}
	if (!is_word(elf, relocation->entry.type))
		return fail(error, "has a relocation of type %u, which is not that of a pointer",
			    relocation->entry.type);

	uint64_t addend = relocation->in_place ? word : relocation->entry.addend;

	*ret = (struct kld_place){0, addend};
	if (relocation->entry.symbol == 0)
		return elf->type != ET_REL || fail(error, "has a relocation without a symbol");
	if (relocation->entry.symbol >= memory->dynamic.symbol_count)
		return fail(error, "has a relocation with symbol %u of %zu",
			    relocation->entry.symbol, memory->dynamic.symbol_count);

	struct elf_symbol symbol = elf_symbol(&memory->dynamic, relocation->entry.symbol);

	return symbol_place(memory, &symbol, addend, ret) ||
	       fail(error, "points to the symbol \"%s\", which the file does not define",
		    symbol.name);
}

static bool symbol_in(const struct kld_memory *memory, const struct elf *table, const char *name,
		      struct kld_place *ret)
{
	for (size_t i = 1; i < table->symbol_count; i++) {
		struct elf_symbol symbol = elf_symbol(table, i);

		if (strcmp(symbol.name, name) == 0 && symbol_place(memory, &symbol, 0, ret))
			return true;
	}
	return false;
}

bool kld_symbol(const struct kld_memory *memory, const char *name, struct kld_place *ret)
{
	return symbol_in(memory, &memory->dynamic, name, ret) ||
	       symbol_in(memory, memory->elf, name, ret);
}

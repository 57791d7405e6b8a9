/* SPDX-License-Identifier: ISC */
/* Reads sections, segments, symbols and relocations of ELF files with libelf, with the
 * checks of the module loader (Linux kernel/module/main.c, elf_validity_check). */
#include "facts/module/elf.h"
#include "facts/module/load.h"
#include "unpack/limits.h"

#include <gelf.h>

#define _cleanup_elf_ __attribute__((cleanup(elf_close)))

enum { SECTIONS_MOST = 1 << 16, SEGMENTS_MOST = 1 << 12 };

static void elf_close(Elf **elf)
{
	elf_end(*elf);
}

static bool is_wide(const struct elf *elf)
{
	return elf->machine.bits == 64;
}

static bool section_read(const GElf_Shdr *header, struct span file, struct span names,
			 struct elf_sections *sections, struct arena *scratch, struct error *error)
{
	struct elf_section *section = array_add(scratch, sections);
	struct span name;

	if (!span_string(names, header->sh_name, &name))
		return fail(error, "the name of section %zu is outside the section names",
			    sections->count - 1);
	*section = (struct elf_section){.name = (const char *)name.data,
					.type = header->sh_type,
					.link = header->sh_link,
					.info = header->sh_info,
					.flags = header->sh_flags,
					.address = header->sh_addr,
					.size = header->sh_size};
	if (header->sh_type == SHT_NOBITS || header->sh_type == SHT_NULL || header->sh_size == 0)
		return true;
	if (!span_cut(file, header->sh_offset, header->sh_size, &section->bytes))
		return fail(error, "section %s reaches beyond the file: truncated", section->name);
	return true;
}

/* The loader requires section names in an SHT_STRTAB that ends with
 * NUL (kernel/module/main.c, elf_validity_check). */
static bool names_read(Elf *handle, struct span file, struct span *ret, struct error *error)
{
	GElf_Shdr header;
	size_t index;

	if (elf_getshdrstrndx(handle, &index) != 0 || index == 0 ||
	    !gelf_getshdr(elf_getscn(handle, index), &header))
		return fail(error, "invalid ELF section name index");
	if (header.sh_type != SHT_STRTAB)
		return fail(error, "the ELF section names are not a string table");
	if (!span_cut(file, header.sh_offset, header.sh_size, ret))
		return fail(error, "section .shstrtab reaches beyond the file: truncated");
	if (ret->size == 0 || ret->data[ret->size - 1] != 0)
		return fail(error, "the ELF section name string table is not terminated");
	return true;
}

/* Sections of one file do not overlap, so together they are not larger than it. If that did not
 * bound them, every section of a hostile file could be the whole file, and be read. */
static bool sections_read(struct arena *scratch, Elf *handle, const GElf_Ehdr *header,
			  struct span file, struct elf *ret, struct error *error)
{
	struct span names, table;
	uint64_t sum = 0;
	size_t count;

	if (header->e_shoff == 0)
		return true;
	if (!span_cut(file, header->e_shoff, (uint64_t)header->e_shnum * header->e_shentsize,
		      &table) ||
	    elf_getshdrnum(handle, &count) != 0)
		return fail(error, "the section headers reach beyond the file: truncated");
	if (count == 0)
		return true;
	if (count > SECTIONS_MOST)
		return fail(error, "too many sections: %zu", count);
	if (!names_read(handle, file, &names, error))
		return false;
	for (size_t i = 0; i < count; i++) {
		GElf_Shdr section;

		if (!gelf_getshdr(elf_getscn(handle, i), &section))
			return fail(error, "the section headers reach beyond the file: truncated");
		if (!section_read(&section, file, names, &ret->sections, scratch, error))
			return false;
		sum += ret->sections.list[i].bytes.size;
	}
	return sum <= 2 * file.size || fail(error, "the sections overlap");
}

static bool segments_read(struct arena *scratch, Elf *handle, struct span file, struct elf *ret,
			  struct error *error)
{
	size_t count;

	if (elf_getphdrnum(handle, &count) != 0 || count > SEGMENTS_MOST)
		return fail(error, "the program headers reach beyond the file: truncated");
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;
		struct span bytes = {NULL, 0};

		if (!gelf_getphdr(handle, (int)i, &header))
			return fail(error, "the program headers reach beyond the file: truncated");
		if (header.p_type != PT_LOAD && header.p_type != PT_DYNAMIC &&
		    header.p_type != PT_INTERP)
			continue;
		if (header.p_filesz && !span_cut(file, header.p_offset, header.p_filesz, &bytes) &&
		    header.p_type == PT_LOAD)
			return fail(error, "segment %zu reaches beyond the file: truncated", i);
		if (header.p_type == PT_DYNAMIC)
			ret->dynamic = bytes;
		if (header.p_type == PT_INTERP)
			ret->interpreter = bytes;
		if (header.p_type != PT_LOAD || bytes.size > LIMIT_KERNEL ||
		    header.p_vaddr > UINT64_MAX - LIMIT_KERNEL)
			continue;
		*array_add(scratch, &ret->segments) =
			(struct elf_segment){header.p_vaddr, header.p_memsz, bytes};
	}
	return true;
}

/* links each section to the SHT_REL[A] section with its relocations, and finds
 * the symbol table */
static bool sections_link(struct elf *elf, struct error *error)
{
	for (size_t i = 1; i < elf->sections.count; i++) {
		struct elf_section *section = &elf->sections.list[i];

		if ((section->type == SHT_REL || section->type == SHT_RELA) &&
		    section->info < elf->sections.count)
			elf->sections.list[section->info].relocations = i;
		if (section->type != SHT_SYMTAB || ++elf->symbol_tables > 1)
			continue;
		if (section->link >= elf->sections.count)
			return fail(error, "the symbol table has no string table");
		elf->symbols = section->bytes;
		elf->symbol_count = section->bytes.size /
				    (is_wide(elf) ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
		elf->strings = elf->sections.list[section->link].bytes;
		if (elf->strings.size == 0 || elf->strings.data[elf->strings.size - 1] != 0)
			return fail(error, "the ELF symbol string table is not terminated");
	}
	return true;
}

bool elf_read(struct arena *scratch, struct span bytes, struct elf *ret, struct error *error)
{
	GElf_Ehdr header;

	*ret = (struct elf){.type = ET_NONE};
	if (!span_starts(bytes, ELFMAG))
		return fail(error, "not an ELF file");
	elf_version(EV_CURRENT);

	/* libelf only reads through this pointer */
	_cleanup_elf_ Elf *handle = elf_memory((char *)(uintptr_t)bytes.data, bytes.size);

	if (!handle || elf_kind(handle) != ELF_K_ELF || !gelf_getehdr(handle, &header))
		return fail(error, "the ELF header is truncated or invalid");
	ret->type = header.e_type;
	ret->system = header.e_ident[EI_OSABI];
	ret->machine = (struct machine){
		.elf = header.e_machine,
		.bits = header.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32,
		.endian = header.e_ident[EI_DATA] == ELFDATA2MSB ? ENDIAN_BIG : ENDIAN_LITTLE,
		.flags = header.e_flags};
	return sections_read(scratch, handle, &header, bytes, ret, error) &&
	       segments_read(scratch, handle, bytes, ret, error) && sections_link(ret, error);
}

const struct elf_section *elf_section(const struct elf *elf, const char *name)
{
	for (size_t i = 1; i < elf->sections.count; i++)
		if (strcmp(elf->sections.list[i].name, name) == 0)
			return &elf->sections.list[i];
	return NULL;
}

/* Elf32_Sym: name 4, value 4, size 4, info 1, other 1, section 2. Elf64_Sym: name 4,
 * info 1, other 1, section 2, value 8, size 8. */
struct elf_symbol elf_symbol(const struct elf *elf, size_t index)
{
	enum endian endian = elf->machine.endian;
	const uint8_t *at =
		elf->symbols.data + index * (is_wide(elf) ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym));
	uint32_t name = load32(at, endian);
	struct elf_symbol symbol = {
		.name = name < elf->strings.size ? (const char *)elf->strings.data + name : ""};

	symbol.value = is_wide(elf) ? load64(at + 8, endian) : load32(at + 4, endian);
	symbol.bind = at[is_wide(elf) ? 4 : 12] >> 4;
	symbol.type = at[is_wide(elf) ? 4 : 12] & 0xf;
	symbol.section = load16(at + (is_wide(elf) ? 6 : 14), endian);
	return symbol;
}

static size_t relocation_size(const struct elf *elf, const struct elf_section *relocations)
{
	if (relocations->type == SHT_RELA)
		return is_wide(elf) ? sizeof(Elf64_Rela) : sizeof(Elf32_Rela);
	return is_wide(elf) ? sizeof(Elf64_Rel) : sizeof(Elf32_Rel);
}

size_t elf_relocation_count(const struct elf *elf, const struct elf_section *section)
{
	const struct elf_section *relocations = &elf->sections.list[section->relocations];

	return section->relocations ? relocations->bytes.size / relocation_size(elf, relocations)
				    : 0;
}

/* r_info of 64-bit MIPS is not a 64-bit number: symbol (4), special symbol (1), three
 * types (1 each). */
struct elf_relocation elf_relocation(const struct elf *elf, const struct elf_section *section,
				     size_t index)
{
	const struct elf_section *relocations = &elf->sections.list[section->relocations];
	const uint8_t *at = relocations->bytes.data + index * relocation_size(elf, relocations);
	unsigned word = is_wide(elf) ? 8 : 4;
	enum endian endian = elf->machine.endian;
	struct elf_relocation ret = {.offset = load_word(at, word, endian)};
	uint64_t info = load_word(at + word, word, endian);

	if (!is_wide(elf)) {
		ret.symbol = (uint32_t)info >> 8;
		ret.type = info & 0xff;
	} else if (elf->machine.elf == EM_MIPS) {
		ret.symbol = load32(at + word, endian);
		ret.type = load32(at + word + 4, ENDIAN_BIG);
	} else {
		ret.symbol = (uint32_t)(info >> 32);
		ret.type = (uint32_t)info;
	}
	if (relocations->type == SHT_RELA)
		ret.addend = load_word(at + 2 * word, word, endian);
	return ret;
}

bool elf_relocations_check(const struct elf *elf, struct error *error)
{
	array_each(section, &elf->sections) {
		size_t count = section->flags & SHF_ALLOC ? elf_relocation_count(elf, section) : 0;

		for (size_t i = 0; i < count; i++) {
			struct elf_relocation relocation = elf_relocation(elf, section, i);

			/* type 0 changes nothing */
			if (relocation.type == 0 || (relocation.offset < section->size &&
						     relocation.symbol < elf->symbol_count))
				continue;
			return fail(error,
				    "relocation %zu of section %s is outside of it or names no "
				    "symbol: data corrupted",
				    i, section->name);
		}
	}
	return true;
}

static int segment_compare(const void *a, const void *b)
{
	const struct elf_segment *left = a, *right = b;

	return left->address < right->address ? -1 : left->address > right->address;
}

/* Some kernels have a segment for per-CPU data at address 0, far from all others. So
 * segments that are near each other form a cluster, and the cluster with the most bytes
 * is the kernel. */
struct span elf_flatten(struct arena *scratch, const struct elf *elf, uint64_t *ret_base)
{
	struct elf_segments sorted = {.list = NULL};
	size_t best = 0, first = 0, best_end = 0;
	uint64_t bytes = 0, most = 0;

	array_each(segment, &elf->segments)
		if (segment->bytes.size > 0)
			*array_add(scratch, &sorted) = *segment;
	array_sort(&sorted, segment_compare);
	for (size_t i = 0; i < sorted.count; i++) {
		if (sorted.list[i].address - sorted.list[first].address >
		    LIMIT_KERNEL - sorted.list[i].bytes.size) {
			first = i;
			bytes = 0;
		}
		bytes += sorted.list[i].bytes.size;
		if (bytes > most) {
			most = bytes;
			best = first;
			best_end = i + 1;
		}
	}
	if (most == 0)
		return (struct span){NULL, 0};

	uint64_t base = sorted.list[best].address & ~(uint64_t)0xfff, end = base;

	for (size_t i = best; i < best_end; i++)
		if (sorted.list[i].address + sorted.list[i].bytes.size > end)
			end = sorted.list[i].address + sorted.list[i].bytes.size;

	uint8_t *flat = arena_get(scratch, (size_t)(end - base));

	for (size_t i = best; i < best_end; i++)
		memcpy(flat + (sorted.list[i].address - base), sorted.list[i].bytes.data,
		       sorted.list[i].bytes.size);
	*ret_base = base;
	return span_from(flat, (size_t)(end - base));
}

/* SPDX-License-Identifier: ISC */
/* Reads the export table of an ELF vmlinux: sections __ksymtab*, __kcrctab* and
 * __kflagstab, their relocations, or __ksymtab_NAME symbols. */
#include "facts/kernel/ksymtab.h"
#include "facts/module/module_elf.h"
#include "unpack/limits.h"

/* The sections in memory that are no tables, sorted by address. */
struct constants {
	const struct elf_section **list;
	size_t count, room;
};

/* A __ksymtab section with its CRCs and flags; AT is its offset in the window. */
struct part {
	struct span entries, crcs, flags;
	const struct constants *constants; /* to which CRCS may point */
	size_t at;
	uint64_t crcs_at; /* the address of the CRCs */
	bool gpl; /* the section contains GPL-only exports */
	bool flagged; /* __kflagstab states which exports are GPL-only */
};

static const char *const suffixes[] = {"", "_gpl", "_unused", "_unused_gpl", "_gpl_future"};
enum { PARTS = sizeof suffixes / sizeof *suffixes };

static bool is_table(const struct elf_section *section)
{
	return section->bytes.size > 0 && (strncmp(section->name, "__ksymtab", 9) == 0 ||
					   strncmp(section->name, "__kcrctab", 9) == 0);
}

/* Copies only the sections of tables and strings to their places in memory: they are
 * near each other, while a whole kernel is large. */
static bool window_open(struct arena *scratch, const struct elf *elf, struct span *ret,
			uint64_t *ret_base)
{
	uint64_t from = UINT64_MAX, to = 0;

	array_each(section, &elf->sections) {
		if (!is_table(section) || section->address > UINT64_MAX - section->bytes.size)
			continue;
		from = section->address < from ? section->address : from;
		to = section->address + section->bytes.size > to
			     ? section->address + section->bytes.size
			     : to;
	}
	if (from >= to || to - from > LIMIT_KERNEL)
		return false;

	uint8_t *window = arena_get(scratch, (size_t)(to - from));
	array_each(section, &elf->sections)
		if (is_table(section) && section->address >= from && section->address < to)
			memcpy(window + (section->address - from), section->bytes.data,
			       section->bytes.size);
	*ret = span_from(window, (size_t)(to - from));
	*ret_base = from;
	return true;
}

/* Addresses of MIPS kernels may be sign-extended in one header and not in another. */
static bool part_find(struct arena *scratch, const struct elf *elf, struct span image,
		      uint64_t base, const char *suffix, struct part *ret)
{
	const struct elf_section *entries =
		elf_section(elf, arena_format(scratch, "__ksymtab%s", suffix));
	const struct elf_section *crcs =
		elf_section(elf, arena_format(scratch, "__kcrctab%s", suffix));
	const struct elf_section *flags = suffix[0] ? NULL : elf_section(elf, "__kflagstab");
	struct span cut;

	if (!entries || entries->bytes.size == 0 || entries->address < base ||
	    !span_cut(image, entries->address - base, entries->size, &cut))
		return false;
	*ret = (struct part){.entries = cut,
			     .crcs = crcs ? crcs->bytes : (struct span){NULL, 0},
			     .flags = flags ? flags->bytes : (struct span){NULL, 0},
			     .flagged = flags != NULL,
			     .at = (size_t)(entries->address - base),
			     .crcs_at = crcs ? crcs->address : 0,
			     .gpl = ksymtab_is_gpl(suffix)};
	return true;
}

static bool form_is(const struct scan *scan, const struct form *form, const struct part *part)
{
	size_t size = form_size(form);

	if (part->entries.size % size != 0)
		return false;
	for (size_t at = 0; at < part->entries.size; at += size)
		if (!form_fits(scan, form, part->at + at))
			return false;
	return true;
}

static bool form_find(const struct scan *scan, const struct elf *elf, uint64_t base,
		      const struct part *parts, size_t count, struct form *ret)
{
	for (unsigned fields = 3; fields >= 2; fields--)
		for (unsigned relative = 0; relative < 2; relative++) {
			struct form form = {.relative = relative,
					    .word = relative ? 4 : elf->machine.bits / 8u,
					    .fields = fields,
					    .endian = elf->machine.endian,
					    .base = relative ? 0 : base};
			size_t fit = 0;

			while (fit < count && form_is(scan, &form, &parts[fit]))
				fit++;
			if (fit == count) {
				*ret = form;
				return true;
			}
		}
	return false;
}

/* The bytes of a CRC of PART, whose entries have SIZE bytes; 0: it has none. */
static size_t crc_size(const struct part *part, size_t size)
{
	size_t count = part->entries.size / size, crc = part->crcs.size / count;

	return (crc == 4 || crc == 8) && part->crcs.size % count == 0 ? crc : 0;
}

/* Reads the CRC to which the word at byte OFFSET of PART's CRCs points
 * (kernel/module.c, resolve_rel_crc): genksyms has it in .rodata, at a multiple of 4.
 * Where it made none, the weak symbol has the address 0. */
static bool crc_pointed(const struct elf *elf, const struct part *part, size_t offset,
			uint32_t *ret)
{
	uint32_t word = load32(part->crcs.data + offset, elf->machine.endian);
	uint64_t to = part->crcs_at + offset + (uint64_t)(int64_t)(int32_t)word;
	const struct constants *constants = part->constants;

	*ret = 0;
	if ((uint32_t)to == 0)
		return true;
	size_t next = array_lower(one, constants, (*one)->address <= to);
	const struct elf_section *section = next > 0 ? constants->list[next - 1] : NULL;

	return section && to % 4 == 0 &&
	       span_u32(section->bytes, to - section->address, elf->machine.endian, ret);
}

static int constant_compare(const void *a, const void *b)
{
	const struct elf_section *const *x = a, *const *y = b;

	return ((*x)->address > (*y)->address) - ((*x)->address < (*y)->address);
}

/* True if the CRC tables contain offsets to the CRCs (MODULE_REL_CRCS, 4.11 to 5.18,
 * powerpc). If the words were CRCs, not all of them would point to a constant. */
static bool crcs_point(const struct elf *elf, const struct part *parts, size_t count, size_t size)
{
	uint32_t crc;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (crc_size(&parts[i], size) == 8)
			return false;
		for (size_t at = 0; crc_size(&parts[i], size) && at < parts[i].crcs.size; at += 4)
			if (!crc_pointed(elf, &parts[i], at, &crc))
				return false;
			else
				any |= crc != 0;
	}
	return any;
}

static void part_export(struct arena *arena, const struct scan *scan, const struct form *form,
			const struct elf *elf, const struct part *part, bool pointed,
			struct kernel_exports *ret)
{
	size_t size = form_size(form), count = part->entries.size / size;
	size_t crc = crc_size(part, size);

	for (size_t i = 0; i < count; i++) {
		struct export *export = array_add(arena, &ret->table);
		size_t at = part->at + i * size;
		size_t crc_at = i * crc;

		export->name = arena_string(arena, span_text(form_name(scan, form, at)));
		export->gpl_only = part->flagged ? i < part->flags.size &&
							   (part->flags.data[i] & KFLAG_GPL_ONLY)
						 : part->gpl;
		export->has_crc = crc != 0;
		if (crc && (!pointed || !crc_pointed(elf, part, crc_at, &export->crc)))
			export->crc = (uint32_t)load_word(part->crcs.data + crc_at, (unsigned)crc,
							  elf->machine.endian);
		export->name_space = form_namespace(arena, scan, form, at);
	}
	ret->crcs |= crc != 0;
	/* since Linux 7.1 there is one byte for each entry; without it the GPL-only
	 * exports are unknown */
	ret->gpl_known &= !part->flagged || part->flags.size == count;
}

static bool from_sections(struct arena *arena, struct arena *scratch, const struct elf *elf,
			  const char *witness, struct kernel_exports *ret)
{
	struct part parts[PARTS];
	struct form form;
	struct span image;
	uint64_t base;
	size_t count = 0;

	if (!window_open(scratch, elf, &image, &base))
		return false;
	for (size_t i = 0; i < PARTS; i++)
		count += part_find(scratch, elf, image, base, suffixes[i], &parts[count]);
	if (count == 0)
		return false;

	struct scan scan = scan_begin(scratch, image);

	if (!form_find(&scan, elf, base, parts, count, &form))
		return false;

	struct constants constants = {.count = 0};

	array_each(section, &elf->sections)
		if ((section->flags & SHF_ALLOC) && section->bytes.size > 0 && !is_table(section))
			*array_add(scratch, &constants) = section;
	array_sort(&constants, constant_compare);
	for (size_t i = 0; i < count; i++)
		parts[i].constants = &constants;

	bool pointed = crcs_point(elf, parts, count, form_size(&form));
	for (size_t i = 0; i < count; i++)
		part_export(arena, &scan, &form, elf, &parts[i], pointed, ret);
	ret->source = arena_format(arena, "%s: sections __ksymtab*", witness);
	ret->entry_size = (unsigned)form_size(&form);
	return true;
}

bool ksymtab_from_elf(struct arena *arena, struct arena *scratch, const struct elf *elf,
		      const char *witness, struct kernel_exports *ret)
{
	struct kernel_exports read = {.complete = true, .gpl_known = true};
	struct map names = {.slots = NULL};
	struct module_reader reader = {.arena = arena, .names = &names, .scratch = scratch};
	struct error error;

	if (elf->type == ET_REL && module_exports_read(&reader, elf, &read.table, &error) &&
	    read.table.count > 0) {
		read.source = arena_format(arena, "%s: relocations of __ksymtab*", witness);
	} else if (!from_sections(arena, scratch, elf, witness, &read)) {
		/* strip --only-keep-debug leaves empty sections, but keeps the symbols.
		 * Since 5.19, and with MODULE_REL_CRCS, their values are no CRCs. */
		symbol_exports_read(&reader, elf, &read.table);
		read.source = arena_format(arena, "%s: symbols __ksymtab_*", witness);
		read.gpl_known &= !elf_section(elf, "__kflagstab");
		if (read.table.count == 0)
			return false;
	}
	array_each(export, &read.table)
		read.crcs |= export->has_crc;

	/* a table of CRCs whose bytes are gone */
	bool crcs_stripped = array_any(section, &elf->sections,
				       section->size > 0 && section->bytes.size == 0 &&
					       strncmp(section->name, "__kcrctab", 9) == 0);

	read.crcs_known = read.crcs || !crcs_stripped;
	exports_sort(&read.table);
	*ret = read;
	return true;
}

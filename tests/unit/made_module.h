/* SPDX-License-Identifier: ISC */
/* Makes modules of any form, which a test may change before they are written. */
#ifndef TESTS_MADE_MODULE_H
#define TESTS_MADE_MODULE_H

#include "unit/made_bytes.h"

/* The form of a module's export tables: the three that exist. */
struct shape {
	struct machine machine;
	bool rela;
	unsigned field, fields;
};

static const struct shape mips = {{EM_MIPS, 32, ENDIAN_BIG, 0x70001001}, false, 4, 2};
static const struct shape x86 = {{EM_X86_64, 64, ENDIAN_LITTLE, 0}, true, 4, 3};
static const struct shape arm64 = {{EM_AARCH64, 64, ENDIAN_LITTLE, 0}, true, 8, 3};
static const struct shape mips64 = {{EM_MIPS, 64, ENDIAN_LITTLE, 0}, true, 8, 2};

enum {
	TEXT = 1,
	MODINFO,
	STRINGS,
	KSYMTAB,
	KSYMTAB_REL,
	KCRCTAB,
	THIS,
	THIS_REL,
	VERSIONS,
	SYMTAB,
	STRTAB,
	SECTIONS
};

/* A module before it is written: its sections can be changed. */
struct making {
	struct arena *arena;
	struct shape shape;
	struct made_section sections[SECTIONS + 4];
	size_t count;
	struct bytes *symbols, *strings;
};

static inline size_t add_symbol(struct making *making, const char *name, unsigned bind,
				unsigned section, uint64_t value)
{
	struct bytes *out = making->symbols;
	bool wide = making->shape.machine.bits == 64;
	size_t at = put_text(making->strings, name), size = wide ? 24 : 16;

	put_number(out, at, 4);
	if (!wide) {
		put_number(out, value, 4);
		put_number(out, 0, 4);
	}
	put_number(out, bind << 4, 1);
	put_number(out, 0, 1);
	put_number(out, section, 2);
	if (wide) {
		put_number(out, value, 8);
		put_number(out, 0, 8);
	}
	return out->size / size - 1;
}

static inline void add_relocation(struct making *making, struct bytes *relocations,
				  struct bytes *section, size_t offset, size_t symbol,
				  uint64_t addend)
{
	unsigned field = making->shape.field;

	put_word(relocations, offset);
	if (making->shape.machine.bits == 32) {
		put_number(relocations, symbol << 8 | 2, 4);
	} else if (making->shape.machine.elf == EM_MIPS) {
		put_number(relocations, symbol, 4);
		put_number(relocations, 0x12, 4);
	} else {
		put_number(relocations, (uint64_t)symbol << 32 | 2, 8);
	}
	if (making->shape.rela)
		put_word(relocations, addend);
	else if (section)
		set_number(section, offset, addend, field);
}

static inline void make_exports(struct making *making, size_t text, size_t strings)
{
	static const char *const names[] = {"beta_export", "alpha_export"};
	struct bytes *names_out = bytes_new(making->arena, making->shape.machine);
	struct bytes *entries = bytes_new(making->arena, making->shape.machine);
	struct bytes *relocations = bytes_new(making->arena, making->shape.machine);
	struct bytes *crcs = bytes_new(making->arena, making->shape.machine);
	size_t empty = put_text(names_out, ""), space = put_text(names_out, "MY_NS");

	for (size_t i = 0; i < 2; i++) {
		size_t name = put_text(names_out, names[i]);
		size_t at = put_zeros(entries, (size_t)making->shape.field * making->shape.fields);

		add_relocation(making, relocations, entries, at, text, i * 4);
		add_relocation(making, relocations, entries, at + making->shape.field, strings,
			       name);
		if (making->shape.fields == 3)
			add_relocation(making, relocations, entries,
				       at + 2 * (size_t)making->shape.field, strings,
				       i ? empty : space);
		put_number(crcs, 0x1000 + i, 4);
	}
	making->sections[STRINGS - 1].bytes = bytes_span(names_out);
	making->sections[KSYMTAB - 1].bytes = bytes_span(entries);
	making->sections[KSYMTAB_REL - 1].bytes = bytes_span(relocations);
	making->sections[KCRCTAB - 1].bytes = bytes_span(crcs);
}

static inline void make_this_module(struct making *making, size_t init, size_t exit)
{
	unsigned word = making->shape.machine.bits / 8u;
	struct bytes *this_module = bytes_new(making->arena, making->shape.machine);
	struct bytes *relocations = bytes_new(making->arena, making->shape.machine);

	put_zeros(this_module, word * 3);
	put_text(this_module, "own-name");
	this_module->size = 384;
	/* higher offset first, because the order of relocations means nothing */
	add_relocation(making, relocations, NULL, 348, exit, 0);
	add_relocation(making, relocations, NULL, 212, init, 0);
	making->sections[THIS - 1].bytes = bytes_span(this_module);
	making->sections[THIS_REL - 1].bytes = bytes_span(relocations);
}

static inline void put_version(struct bytes *out, uint64_t crc, const char *name)
{
	size_t end = out->size + 64;

	put_word(out, crc);
	put_text(out, name);
	out->size = end;
}

static inline struct span text_of(struct making *making, const char *text)
{
	struct bytes *out = bytes_new(making->arena, making->shape.machine);

	put_text(out, text);
	return bytes_span(out);
}

static inline void make_sections(struct making *making, const char *modinfo, size_t modinfo_size)
{
	struct bytes *versions = bytes_new(making->arena, making->shape.machine);
	uint32_t relocations = making->shape.rela ? SHT_RELA : SHT_REL;
	const struct made_section sections[SECTIONS - 1] = {
		[TEXT - 1] = {".text", SHT_PROGBITS, SHF_ALLOC, text_of(making, "the code"), 0, 0},
		[MODINFO - 1] = {".modinfo", SHT_PROGBITS, SHF_ALLOC,
				 span_from(modinfo, modinfo_size), 0, 0},
		[STRINGS - 1] = {"__ksymtab_strings", SHT_PROGBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		[KSYMTAB - 1] = {"__ksymtab_gpl", SHT_PROGBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		[KSYMTAB_REL -
			1] = {".rel__ksymtab_gpl", relocations, 0, {NULL, 0}, SYMTAB, KSYMTAB},
		[KCRCTAB - 1] = {"__kcrctab_gpl", SHT_PROGBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		[THIS - 1] =
			{".gnu.linkonce.this_module", SHT_PROGBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		[THIS_REL - 1] = {".rel.this", relocations, 0, {NULL, 0}, SYMTAB, THIS},
		[VERSIONS - 1] = {"__versions", SHT_PROGBITS, SHF_ALLOC, {NULL, 0}, 0, 0},
		[SYMTAB - 1] = {".symtab", SHT_SYMTAB, 0, {NULL, 0}, STRTAB, 1},
		[STRTAB - 1] = {".strtab", SHT_STRTAB, 0, {NULL, 0}, 0, 0},
	};

	put_version(versions, 0xaabbccdd, "module_layout");
	put_version(versions, 0x11223344, "kfree");
	put_version(versions, 0, "zero_crc");
	memcpy(making->sections, sections, sizeof sections);
	making->sections[VERSIONS - 1].bytes = bytes_span(versions);
	making->count = SECTIONS - 1;
}

#define MODINFO_TEXT                                                                          \
	"license=GPL\0\0\0name=file_name\0depends=nf-nat,x_tables\0softdep=pre: a-b c post: " \
	"d\0import_ns=N1\0"                                                                   \
	"import_ns=N2\0alias=x\0license=Proprietary\0vermagic=6.1.1 SMP mod_unload "

static inline struct making *make(struct arena *arena, const struct shape *shape)
{
	static const char modinfo[] = MODINFO_TEXT;
	struct making *making = arena_new(arena, struct making);

	making->arena = arena;
	making->shape = *shape;
	making->symbols = bytes_new(arena, shape->machine);
	making->strings = bytes_new(arena, shape->machine);
	make_sections(making, modinfo, sizeof modinfo);
	add_symbol(making, "", STB_LOCAL, SHN_UNDEF, 0);

	size_t text = add_symbol(making, "", STB_LOCAL, TEXT, 0),
	       strings = add_symbol(making, "", STB_LOCAL, STRINGS, 0);
	size_t init = add_symbol(making, "_0", STB_LOCAL, TEXT, 1),
	       exit = add_symbol(making, "_1", STB_LOCAL, TEXT, 2);

	make_exports(making, text, strings);
	make_this_module(making, init, exit);
	add_symbol(making, "zero_crc", STB_GLOBAL, SHN_UNDEF, 0);
	add_symbol(making, "kfree", STB_GLOBAL, SHN_UNDEF, 0);
	add_symbol(making, "weak_one", STB_WEAK, SHN_UNDEF, 0);
	add_symbol(making, "__this_module", STB_GLOBAL, SHN_UNDEF, 0);
	add_symbol(making, "_gp_disp", STB_GLOBAL, SHN_UNDEF, 0);
	return making;
}

static inline struct span made(struct making *making)
{
	making->sections[SYMTAB - 1].bytes = bytes_span(making->symbols);
	making->sections[STRTAB - 1].bytes = bytes_span(making->strings);
	return made_elf(making->arena, making->shape.machine, ET_REL, making->sections,
			making->count);
}

#endif

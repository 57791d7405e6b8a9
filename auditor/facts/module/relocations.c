/* SPDX-License-Identifier: ISC */
/* Lists the relocation types that each machine's module loader applies, and since which
 * series (Linux arch/ARCH/kernel/module.c), and compares a module with them. Looks for the
 * section flags that loaders refuse, and for marks in the code of how it was built: CFI,
 * landing pads, a shadow call stack. */
#include "facts/module/module_elf.h"
#include "base/text.h"

/* Marks relocations that livepatch applies itself (include/linux/livepatch.h). */
#define SHF_RELA_LIVEPATCH 0x00100000
/* Relocation types FIRST to LAST are applied since series MAJOR.MINOR; 0.0 means
 * in every series that supports modules on this machine. Some stable kernels apply
 * a type earlier. */
struct types {
	uint16_t first, last;
	unsigned major, minor;
};

/* The types that a machine's module loader applies, read from Linux 6.1 and 6.12. A
 * type in neither is refused by all. */
struct machine_table {
	uint16_t elf;
	uint8_t bits; /* 0: both */
	bool rel, rela; /* whether SHT_REL and SHT_RELA sections are applied at all */
	bool grows; /* later series may apply more types */
	const struct types *types;
	size_t count;
};

/* arch/x86/kernel/module.c, apply_relocate: 32, PC32, PLT32 */
static const struct types i386[] = {{1, 2, 0, 0}, {4, 4, 5, 12}};

/* the same file, apply_relocate_add: NONE to PC32, PLT32, 32, 32S, PC64 */
static const struct types x86_64[] = {{0, 2, 0, 0}, {4, 4, 4, 16}, {10, 11, 0, 0}, {24, 24, 4, 20}};

/* arch/arm/kernel/module.c: NONE, PC24, ABS32, REL32, THM_CALL, CALL, JUMP24,
 * THM_JUMP24, TARGET1, V4BX, PREL31, MOVW_ABS_NC, MOVT_ABS, MOVW_PREL_NC, MOVT_PREL,
 * the THM_ forms of these four, ALU_PC_G0_NC, ALU_PC_G1_NC, LDR_PC_G2 */
static const struct types arm[] = {
	{0, 3, 0, 0},	 {10, 10, 0, 0},  {28, 30, 0, 0},  {38, 38, 0, 0},
	{40, 40, 0, 0},	 {42, 44, 0, 0},  {45, 46, 5, 11}, {47, 48, 0, 0},
	{49, 50, 5, 11}, {57, 57, 5, 18}, {59, 59, 5, 18}, {63, 63, 5, 18},
};

/* arch/arm64/kernel/module.c: NONE, NONE, ABS64 to CONDBR19, JUMP26 to MOVW_PREL_G3,
 * LDST128_ABS_LO12_NC */
static const struct types arm64[] = {
	{0, 0, 0, 0}, {256, 280, 0, 0}, {282, 293, 0, 0}, {299, 299, 0, 0}};

/* arch/mips/kernel/module.c: NONE, 32, 26, HI16, LO16, PC16, 64, HIGHER,
 * HIGHEST, PC21_S2, PC26_S2 */
static const struct types mips[] = {
	{0, 0, 0, 0},	{2, 2, 0, 0},	{4, 6, 0, 0},	{10, 10, 0, 0},
	{18, 18, 0, 0}, {28, 29, 0, 0}, {60, 61, 0, 0},
};

/* arch/powerpc/kernel/module_32.c: ADDR32, ADDR16_LO, ADDR16_HI,
 * ADDR16_HA, REL24, REL32 */
static const struct types ppc[] = {{1, 1, 0, 0}, {4, 6, 0, 0}, {10, 10, 0, 0}, {26, 26, 0, 0}};

/* arch/powerpc/kernel/module_64.c: ADDR32, REL24, REL32, ADDR64, REL64, TOC16,
 * TOC16_LO, TOC16_HA, TOC, TOC16_DS, TOC16_LO_DS, TOCSAVE, REL24_NOTOC, ENTRY, PCREL34,
 * GOT_PCREL34, REL16_LO, REL16_HA */
static const struct types ppc64[] = {
	{1, 1, 0, 0},	  {10, 10, 0, 0},   {26, 26, 0, 0},   {38, 38, 0, 0},	{44, 44, 0, 0},
	{47, 48, 0, 0},	  {50, 51, 0, 0},   {63, 64, 0, 0},   {109, 109, 0, 0}, {116, 116, 6, 4},
	{118, 118, 0, 0}, {132, 133, 6, 4}, {250, 250, 0, 0}, {252, 252, 0, 0},
};

/* arch/riscv/kernel/module.c, reloc_handlers: 32, 64, BRANCH to GOT_HI20, PCREL_HI20
 * to LO12_S, ADD8, ADD16, ADD32, ADD64, SUB8, SUB16, SUB32, SUB64, RVC_BRANCH,
 * RVC_JUMP, RELAX, SUB6 to 32_PCREL, PLT32, SET_ULEB128, SUB_ULEB128. ALIGN is
 * refused, and so is NONE. */
static const struct types riscv[] = {
	{1, 2, 0, 0},	{16, 20, 0, 0}, {23, 28, 0, 0}, {33, 34, 6, 7},
	{35, 36, 0, 0}, {37, 38, 6, 7}, {39, 40, 0, 0}, {44, 45, 0, 0},
	{51, 51, 0, 0}, {52, 57, 6, 7}, {59, 61, 6, 7},
};

/* arch/loongarch/kernel/module.c, reloc_rela_handlers: NONE, 32, 64, MARK_LA to
 * SOP_PUSH_DUP, SOP_PUSH_PLT_PCREL, SOP_SUB to SOP_POP_32_U, ADD32, ADD64, SUB32,
 * SUB64, B26, PCALA_HI20 to GOT_PC_LO12, 32_PCREL, 64_PCREL */
static const struct types loongarch[] = {
	{0, 2, 0, 0},	{20, 24, 0, 0}, {29, 29, 0, 0}, {32, 46, 0, 0}, {50, 51, 0, 0},
	{55, 56, 0, 0}, {66, 66, 0, 0}, {71, 76, 0, 0}, {99, 99, 6, 5}, {109, 109, 6, 5},
};

/* arch/s390/kernel/module.c, apply_rela: NONE to PLT32, GOTOFF32 to PLTOFF64,
 * 20, GOT20, GOTPLT20 */
static const struct types s390[] = {{0, 8, 0, 0}, {13, 36, 0, 0}, {57, 59, 0, 0}};

/* arch/arc/kernel/module.c, apply_relocate_add: 32, 32_ME, 32_PCREL */
static const struct types arc[] = {{4, 4, 0, 0}, {27, 27, 0, 0}, {49, 49, 0, 0}};

/* FreeBSD sys/amd64/amd64/elf_machdep.c, elf_reloc_internal: NONE to PC32, PLT32, GLOB_DAT
 * to RELATIVE, 32S. Of the others only those of a global offset table and of thread
 * storage, and COPY, are known to be refused by all that were read. */
static const struct types freebsd[] = {{0, 2, 0, 0},   {4, 4, 0, 0},	      {6, 8, 0, 0},
				       {10, 15, 0, 0}, {24, 24, 0, 0},	      {30, 33, 0, 0},
				       {37, 40, 0, 0}, {43, UINT16_MAX, 0, 0}};

#define TYPES(name) name, sizeof name / sizeof *name

static const struct machine_table machines[] = {
	{EM_386, 32, true, false, false, TYPES(i386)},
	{EM_X86_64, 64, false, true, false, TYPES(x86_64)},
	{EM_ARM, 32, true, false, false, TYPES(arm)},
	{EM_AARCH64, 64, false, true, false, TYPES(arm64)},
	{EM_MIPS, 0, true, true, false, TYPES(mips)},
	{EM_PPC, 32, false, true, false, TYPES(ppc)},
	{EM_PPC64, 64, false, true, false, TYPES(ppc64)},
	{EM_RISCV, 0, false, true, true, TYPES(riscv)},
	{EM_LOONGARCH, 64, false, true, true, TYPES(loongarch)},
	{EM_S390, 64, false, true, false, TYPES(s390)},
	{EM_ARC_COMPACT, 32, false, true, false, TYPES(arc)},
	{EM_ARCV2, 32, false, true, false, TYPES(arc)},
};

static const struct types *types_find(const struct machine_table *table, uint32_t type)
{
	/* 64-bit MIPS packs three types; the loader uses the first, which is in
	 * the lowest byte */
	if (table->elf == EM_MIPS)
		type &= 0xff;
	for (size_t i = 0; i < table->count; i++)
		if (type >= table->types[i].first && type <= table->types[i].last)
			return &table->types[i];
	return NULL;
}

/* Reads section INDEX of relocations. RET gets why the loader refuses one of them, else the
 * latest series that one requires, with that relocation. */
static void section_read(struct arena *arena, const struct elf *elf,
			 const struct machine_table *table, size_t index, struct relocations *ret)
{
	const struct elf_section *section = &elf->sections.list[index];
	struct elf_section target = elf->sections.list[section->info];
	bool rela = section->type == SHT_RELA;
	size_t count;

	target.relocations = index;
	count = elf_relocation_count(elf, &target);
	if (count > 0 && !(rela ? table->rela : table->rel)) {
		ret->refused = arena_format(arena, "%s relocation unsupported: section %s",
					    rela ? "RELA" : "REL", section->name);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t type = elf_relocation(elf, &target, i).type;
		const struct types *types = types_find(table, type);

		if (!types) {
			ret->refused =
				arena_format(arena, "Unknown relocation type %u in section %s",
					     (unsigned)type, section->name);
			return;
		}

		struct series since = {.known = true, .major = types->major, .minor = types->minor};

		if (types->major == 0 || (ret->late && series_compare(ret->since, since) >= 0))
			continue;
		ret->since = since;
		ret->late = arena_format(arena, "relocation type %u in section %s", (unsigned)type,
					 section->name);
	}
}

static struct relocations compared(struct arena *arena, const struct elf *elf,
				   const struct machine_table *table)
{
	/* The loader clears SHF_ALLOC of these sections (rewrite_section_headers), so
	 * their relocations are not applied. */
	static const char *const dropped[] = {".modinfo", "__versions", "__version_ext_crcs",
					      "__version_ext_names", NULL};
	struct relocations ret = {.grows = table->grows};

	for (size_t i = 1; !ret.refused && i < elf->sections.count; i++) {
		const struct elf_section *section = &elf->sections.list[i];

		if ((section->type != SHT_REL && section->type != SHT_RELA) || section->info == 0 ||
		    section->info >= elf->sections.count || (section->flags & SHF_RELA_LIVEPATCH))
			continue;

		const struct elf_section *target = &elf->sections.list[section->info];

		if ((target->flags & SHF_ALLOC) && !text_among(target->name, dropped))
			section_read(arena, elf, table, i, &ret);
	}
	return ret;
}

struct relocations module_relocations(struct arena *arena, const struct elf *elf)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (machines[i].elf == elf->machine.elf &&
		    (!machines[i].bits || machines[i].bits == elf->machine.bits))
			return compared(arena, elf, &machines[i]);
	return (struct relocations){.refused = NULL};
}

struct relocations kld_relocations(struct arena *arena, const struct elf *elf)
{
	static const struct machine_table amd64 = {EM_X86_64, 64,    true,
						   true,      false, TYPES(freebsd)};

	if (elf->type == ET_REL && elf->machine.elf == EM_X86_64)
		return compared(arena, elf, &amd64);
	return (struct relocations){.refused = NULL};
}

const char *module_writable_code(struct arena *arena, const struct elf *elf)
{
	/* arch/{arm,arm64,loongarch,riscv}/kernel, module_frob_arch_sections */
	static const char *const set_later[] = {".plt",
						".init.plt",
						".got",
						".got.plt",
						".plt.idx",
						".text.ftrace_trampoline",
						".ftrace_trampoline",
						NULL};
	const uint64_t both = SHF_WRITE | SHF_EXECINSTR;
	const struct elf_section *found = array_find(section, &elf->sections,
						     (section->flags & both) == both &&
							     !text_among(section->name, set_later));

	return found ? arena_string(arena, span_text(found->name)) : NULL;
}

/* True if BYTES, a section .note.gnu.property, says that all code has landing pads:
 *     u32 4, u32 size, u32 5, "GNU", and properties: u32 type, u32 size, value, padded to 8
 * with bit 0 of FEATURE_1_AND (x86-64 and AArch64 psABI). */
static bool note_lands(const struct elf *elf, struct span bytes)
{
	const uint32_t feature = elf->machine.elf == EM_X86_64	  ? 0xc0000002
				 : elf->machine.elf == EM_AARCH64 ? 0xc0000000
								  : 0;
	uint32_t type, size, value;

	for (uint64_t at = 16; feature && span_u32(bytes, at, elf->machine.endian, &type) &&
			       span_u32(bytes, at + 4, elf->machine.endian, &size);
	     at += 8 + ((uint64_t)size + 7) / 8 * 8)
		if (type == feature)
			return span_u32(bytes, at + 8, elf->machine.endian, &value) && value & 1;
	return false;
}

/* The types of a function: as it is written, and with integers normalized. */
struct type_pair {
	uint32_t plain, normal;
};

/* What a word in front of SYMBOL tells, if it is one of TYPES: there clang -fsanitize=kcfi puts the
 * type of a function, at most two instructions for ftrace follow (Linux arch/arm64/Makefile). */
static unsigned type_ahead(const struct elf *elf, struct elf_symbol symbol, struct type_pair types)
{
	uint32_t word;

	if (elf->machine.elf != EM_AARCH64 || symbol.section >= elf->sections.count)
		return 0;
	for (uint64_t back = 4; back <= 12 && back <= symbol.value; back += 4)
		if (span_u32(elf->sections.list[symbol.section].bytes, symbol.value - back,
			     elf->machine.endian, &word) &&
		    (word == types.plain || word == types.normal))
			return word == types.normal ? MARK_CFI | MARK_NORMAL : MARK_CFI;
	return 0;
}

/* __cfi_check: clang -fsanitize=cfi, up to 6.0 (Linux kernel/cfi.c); __kcfi_typeid_NAME:
 * -fsanitize=kcfi, for functions of other files. The types are xxHash64 of "_ZTSFivE" for init and
 * "_ZTSFvvE" for exit, and with integers normalized those of "_ZTSFu3i32vE.normalized" and
 * "_ZTSFvvE.normalized" (clang CodeGenModule::CreateKCFITypeId). */
static unsigned symbol_marks(const struct elf *elf, struct elf_symbol symbol)
{
	static const struct type_pair init = {0x36b1c5a6, 0x6fbb3035},
				      leave = {0xa540670c, 0xe5c47d60};

	if (symbol.section == SHN_UNDEF)
		return 0;
	if (strcmp(symbol.name, "init_module") == 0)
		return type_ahead(elf, symbol, init);
	if (strcmp(symbol.name, "cleanup_module") == 0)
		return type_ahead(elf, symbol, leave);
	return strcmp(symbol.name, "__cfi_check") == 0 || strncmp(symbol.name, "__kcfi_typeid_",
								  sizeof "__kcfi_typeid_" - 1) == 0
		       ? MARK_CFI
		       : 0;
}

/* True if the instruction WORD of arm64 may change x18: another register than its first one is
 * changed only by loads and stores (Arm Architecture Reference Manual, C4.1). */
static bool may_change_x18(uint32_t word)
{
	bool branch = (word & 0x7c000000) == 0x14000000;
	bool moves = (word & 0x0a000000) == 0x08000000;
	bool pair = (word & 0x3a000000) == 0x28000000,
	     exclusive = (word & 0x3f000000) == 0x08000000;

	return (!branch && (word & 31) == 18) || (moves && (word >> 5 & 31) == 18) ||
	       ((pair || exclusive) && (word >> 10 & 31) == 18) ||
	       (exclusive && (word >> 16 & 31) == 18);
}

/* Where a function begins. */
struct entry {
	size_t section;
	uint64_t offset;
};

struct entries {
	struct entry *list;
	size_t count, room;
};

static int entry_compare(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/* True if the word at AT of CODE, section SECTION, is the type of a function: it is in front of it,
 * and of at most two instructions for ftrace (llvm AsmPrinter.cpp, emitFunctionHeader). Without
 * symbols of functions, as strip --strip-unneeded leaves a module, none is. */
static bool is_type(struct span code, const struct entries *entries, size_t section, uint64_t at)
{
	const uint32_t nop = 0xd503201f;
	uint32_t word = nop;

	for (unsigned nops = 0; nops <= 2 && word == nop; nops++) {
		const struct entry entry = {section, at + 4 + 4 * nops};

		if (entries->count > 0 &&
		    bsearch(&entry, entries->list, entries->count, sizeof entry, entry_compare))
			return true;
		if (!span_u32(code, entry.offset, ENDIAN_LITTLE, &word))
			return false;
	}
	return false;
}

/* What is done to x18: it is pushed to, or changed otherwise. The code of clang
 * -fsanitize=shadow-call-stack pushes its return addresses there and pops them, that of
 * -ffixed-x18 leaves it alone (Linux arch/arm64/Makefile). */
static unsigned x18_marks(struct arena *scratch, const struct elf *elf, bool typed)
{
	const uint32_t push = 0xf800865e; /* str x30, [x18], #8 */
	const uint32_t pop = 0xf85f8e5e; /* ldr x30, [x18, #-8]! */
	struct entries entries = {.list = NULL};
	bool pushes = false, changes = false;

	for (size_t i = 1; typed && i < elf->symbol_count; i++) {
		struct elf_symbol symbol = elf_symbol(elf, i);

		if (symbol.type == STT_FUNC)
			*array_add(scratch, &entries) =
				(struct entry){symbol.section, symbol.value};
	}
	array_sort(&entries, entry_compare);
	for (size_t i = 1; i < elf->sections.count; i++) {
		struct span code = elf->sections.list[i].bytes;
		uint32_t word;

		if (!(elf->sections.list[i].flags & SHF_EXECINSTR))
			continue;
		for (uint64_t at = 0; !changes && span_u32(code, at, ENDIAN_LITTLE, &word); at += 4)
			if (word == push || word == pop)
				pushes = true;
			else
				changes = may_change_x18(word) && !is_type(code, &entries, i, at);
	}
	return changes ? 0 : pushes ? MARK_STACK : MARK_STACK | MARK_SPARES;
}

/* .kcfi_traps: clang -fsanitize=kcfi, which scripts/module.lds.S renames to __kcfi_traps;
 * .cfi_sites and .ibt_endbr_seal: objtool --cfi and --ibt (Linux tools/objtool/check.c,
 * create_cfi_sections, create_ibt_endbr_seal_sections). */
unsigned module_marks(struct arena *scratch, const struct elf *elf)
{
	const struct elf_section *note = elf_section(elf, ".note.gnu.property");
	bool lands = elf_section(elf, ".ibt_endbr_seal") || (note && note_lands(elf, note->bytes));
	bool cfi = elf_section(elf, "__kcfi_traps") || elf_section(elf, ".kcfi_traps") ||
		   elf_section(elf, ".cfi_sites");
	unsigned marks = (lands ? MARK_LANDING : 0) | (cfi ? MARK_CFI : 0);

	for (size_t i = 1; i < elf->symbol_count; i++)
		marks |= symbol_marks(elf, elf_symbol(elf, i));
	if (elf->machine.elf == EM_AARCH64)
		marks |= x18_marks(scratch, elf, marks & MARK_CFI);
	return marks;
}

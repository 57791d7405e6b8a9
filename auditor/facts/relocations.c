#include "facts/module_elf.h"

/* Set on the relocations that livepatch applies itself (include/linux/livepatch.h). */
#define SHF_RELA_LIVEPATCH 0x00100000

/* What a module loader applies, of any series that was looked at: a type that none of them knows is refused by all. */
struct machine_table {
	uint16_t elf;
	uint8_t bits; /* 0: both */
	bool rel, rela; /* sections of that kind are applied at all */
	const uint8_t *types;
	size_t count;
};

#define TYPES(name) name, sizeof name

/* arch/x86/kernel/module.c, apply_relocate: 32, PC32, PLT32 */
static const uint8_t i386[] = {1, 2, 4};
/* apply_relocate_add: NONE, 64, PC32, PLT32, 32, 32S, PC64 */
static const uint8_t x86_64[] = {0, 1, 2, 4, 10, 11, 24};
/* arch/arm/kernel/module.c: NONE, PC24, ABS32, REL32, THM_CALL, CALL, JUMP24, THM_JUMP24, TARGET1, V4BX, PREL31, MOVW_ABS_NC,
 * MOVT_ABS, MOVW_PREL_NC, MOVT_PREL, THM_MOV* of the same, ALU_PC_G0_NC, ALU_PC_G1_NC, LDR_PC_G2 */
static const uint8_t arm[] = {0, 1, 2, 3, 10, 28, 29, 30, 38, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 57, 59, 63};
/* arch/mips/kernel/module.c: NONE, 32, 26, HI16, LO16, PC16, 64, HIGHER, HIGHEST, PC21_S2, PC26_S2; PC32 is known
 * to the kernel's own tool for relocations only, and let pass */
static const uint8_t mips[] = {0, 2, 4, 5, 6, 10, 18, 28, 29, 60, 61, 248};
/* arch/powerpc/kernel/module_32.c: ADDR32, ADDR16_LO, ADDR16_HI, ADDR16_HA, REL24, REL32 */
static const uint8_t ppc[] = {1, 4, 5, 6, 10, 26};
/* arch/powerpc/kernel/module_64.c: ADDR32, REL24, REL32, ADDR64, REL64, TOC16, TOC16_LO, TOC16_HA, TOC, TOC16_DS,
 * TOC16_LO_DS, TOCSAVE, REL24_NOTOC, ENTRY, PCREL34, GOT_PCREL34, REL16_LO, REL16_HA */
static const uint8_t ppc64[] = {1, 10, 26, 38, 44, 47, 48, 50, 51, 63, 64, 109, 116, 118, 132, 133, 250, 252};
/* arch/riscv/kernel/module.c: NONE, 32, 64, BRANCH, JAL, CALL, CALL_PLT, GOT_HI20, PCREL_*, HI20, LO12_*, ADD*, SUB*, RVC_*, RELAX, SUB6,
 * SET*, 32_PCREL, PLT32, *_ULEB128 (the last since 6.7) */
static const uint8_t riscv[] = {0,  1,	2,  16, 17, 18, 19, 20, 23, 24, 25, 26, 27, 28, 33, 34, 35,
				36, 37, 38, 39, 40, 44, 45, 51, 52, 53, 54, 55, 56, 57, 59, 60, 61};

/* arch/arm64/kernel/module.c: NONE (0, 256), ABS64 to PREL16, MOVW_*, LD_PREL_LO19 to LDST128_ABS_LO12_NC */
static bool arm64_knows(uint32_t type)
{
	return type == 0 || (type >= 256 && type <= 280) || (type >= 282 && type <= 293) || type == 299;
}

static const struct machine_table machines[] = {
	{EM_386, 32, true, false, TYPES(i386)},	  {EM_X86_64, 64, false, true, TYPES(x86_64)},
	{EM_ARM, 32, true, false, TYPES(arm)},	  {EM_MIPS, 0, true, true, TYPES(mips)},
	{EM_PPC, 32, false, true, TYPES(ppc)},	  {EM_PPC64, 64, false, true, TYPES(ppc64)},
	{EM_RISCV, 0, false, true, TYPES(riscv)}, {EM_AARCH64, 64, false, true, NULL, 0},
};

static const struct machine_table *table_of(struct machine machine)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (machines[i].elf == machine.elf && (!machines[i].bits || machines[i].bits == machine.bits))
			return &machines[i];
	return NULL;
}

static bool table_knows(const struct machine_table *table, uint32_t type)
{
	if (table->elf == EM_AARCH64)
		return arm64_knows(type);
	/* 64-bit MIPS packs three types; the loader takes the first, which lies last */
	if (table->elf == EM_MIPS)
		type &= 0xff;
	for (size_t i = 0; i < table->count; i++)
		if (table->types[i] == type)
			return true;
	return false;
}

/* apply_relocations leaves out what it has taken SHF_ALLOC from (rewrite_section_headers), too. */
static bool is_applied(const struct elf_section *target)
{
	static const char *const dropped[] = {".modinfo", "__versions", "__version_ext_crcs", "__version_ext_names"};

	for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
		if (strcmp(target->name, dropped[i]) == 0)
			return false;
	return target->flags & SHF_ALLOC;
}

static const char *section_refused(struct arena *arena, const struct elf *elf, const struct machine_table *table,
				   size_t index)
{
	const struct elf_section *section = &elf->sections.list[index];
	struct elf_section target = elf->sections.list[section->info];
	bool rela = section->type == SHT_RELA;
	size_t count;

	target.relocations = index;
	count = elf_relocation_count(elf, &target);
	if (count > 0 && !(rela ? table->rela : table->rel))
		return arena_format(arena, "%s relocation unsupported: section %s", rela ? "RELA" : "REL",
				    section->name);
	for (size_t i = 0; i < count; i++) {
		uint32_t type = elf_relocation(elf, &target, i).type;

		if (!table_knows(table, type))
			return arena_format(arena, "Unknown relocation type %u in section %s", (unsigned)type,
					    section->name);
	}
	return NULL;
}

const char *module_relocations_refused(struct arena *arena, const struct elf *elf)
{
	const struct machine_table *table = table_of(elf->machine);
	const char *refused = NULL;

	for (size_t i = 1; table && !refused && i < elf->sections.count; i++) {
		const struct elf_section *section = &elf->sections.list[i];

		if ((section->type != SHT_REL && section->type != SHT_RELA) || section->info == 0 ||
		    section->info >= elf->sections.count || (section->flags & SHF_RELA_LIVEPATCH) ||
		    !is_applied(&elf->sections.list[section->info]))
			continue;
		refused = section_refused(arena, elf, table, i);
	}
	return refused;
}

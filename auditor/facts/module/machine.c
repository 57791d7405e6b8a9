/* SPDX-License-Identifier: ISC */
/* Names machines by ELF machine, word size and byte order, and maps package
 * architectures to them. */
#include "facts/module/fact.h"

#include <elf.h>

struct machine_row {
	const char *name;
	uint16_t elf;
	uint8_t bits;
	enum endian endian;
};

/* the first row of each machine gives its name; the others are names
 * in package architectures */
static const struct machine_row machine_rows[] = {
	{"mips", EM_MIPS, 32, ENDIAN_BIG},
	{"mipsel", EM_MIPS, 32, ENDIAN_LITTLE},
	{"mips64", EM_MIPS, 64, ENDIAN_BIG},
	{"mips64el", EM_MIPS, 64, ENDIAN_LITTLE},
	{"arm", EM_ARM, 32, ENDIAN_LITTLE},
	{"armeb", EM_ARM, 32, ENDIAN_BIG},
	{"aarch64", EM_AARCH64, 64, ENDIAN_LITTLE},
	{"aarch64_be", EM_AARCH64, 64, ENDIAN_BIG},
	{"i386", EM_386, 32, ENDIAN_LITTLE},
	{"x86_64", EM_X86_64, 64, ENDIAN_LITTLE},
	{"powerpc", EM_PPC, 32, ENDIAN_BIG},
	{"powerpc64", EM_PPC64, 64, ENDIAN_BIG},
	{"powerpc64le", EM_PPC64, 64, ENDIAN_LITTLE},
	{"riscv32", EM_RISCV, 32, ENDIAN_LITTLE},
	{"riscv64", EM_RISCV, 64, ENDIAN_LITTLE},
	{"loongarch64", 258, 64, ENDIAN_LITTLE},
	{"s390x", EM_S390, 64, ENDIAN_BIG},
	{"amd64", EM_X86_64, 64, ENDIAN_LITTLE},
	{"i486", EM_386, 32, ENDIAN_LITTLE},
	{"i586", EM_386, 32, ENDIAN_LITTLE},
	{"i686", EM_386, 32, ENDIAN_LITTLE},
	{"arm64", EM_AARCH64, 64, ENDIAN_LITTLE},
	{"armel", EM_ARM, 32, ENDIAN_LITTLE},
	{"armhf", EM_ARM, 32, ENDIAN_LITTLE},
	{"ppc64", EM_PPC64, 64, ENDIAN_BIG},
	{"ppc64el", EM_PPC64, 64, ENDIAN_LITTLE},
	{"loong64", 258, 64, ENDIAN_LITTLE},
};

/* The calling convention of MACHINE where it is not the usual one, else "".
 * 32-bit MIPS: the kernel refuses all but o32, which e_flags of 0 mean as well (Linux
 * arch/mips/include/asm/elf.h, elfo32_check_arch).
 * 64-bit PowerPC: a little-endian kernel is ELFv2, a big-endian kernel ELFv1 or ELFv2
 * (arch/powerpc/kernel/module_64.c, module_elf_check_arch). */
static const char *machine_convention(struct machine machine)
{
	static const char *const mips[16] = {"", "", " o64", " eabi32", " eabi64"};
	unsigned abi = machine.flags >> 12 & 15, version = machine.flags & 3;

	if (machine.elf == EM_MIPS && machine.bits == 32)
		return machine.flags & EF_MIPS_ABI2 ? " n32"
		       : mips[abi]		    ? mips[abi]
						    : " of another abi";
	if (machine.elf == EM_PPC64 && machine.endian == ENDIAN_LITTLE)
		return version == 1 ? " ELFv1" : "";
	if (machine.elf == EM_PPC64)
		return version == 2 ? " ELFv2" : "";
	return "";
}

const char *machine_name(struct arena *arena, struct machine machine)
{
	if (machine.elf == EM_NONE)
		return NULL;
	for (size_t i = 0; i < sizeof machine_rows / sizeof *machine_rows; i++) {
		const struct machine_row *row = &machine_rows[i];

		if (row->elf == machine.elf && row->bits == machine.bits &&
		    row->endian == machine.endian)
			return row->name;
	}
	return arena_format(arena, "machine %u", machine.elf);
}

const char *machine_words(struct arena *arena, struct machine machine)
{
	const char *name = machine_name(arena, machine), *convention = machine_convention(machine);

	return name && *convention ? arena_format(arena, "%s%s", name, convention) : name;
}

/* OpenWrt writes NAME[_CPU[_FPU]]. NAME may contain a '_', so the
 * longest match counts. */
bool machine_of_package(const char *architecture, struct machine *ret)
{
	const struct machine_row *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; architecture && i < sizeof machine_rows / sizeof *machine_rows; i++) {
		size_t length = strlen(machine_rows[i].name);

		if (strncmp(architecture, machine_rows[i].name, length) != 0 || length <= longest)
			continue;
		if (architecture[length] != '\0' && architecture[length] != '_')
			continue;
		best = &machine_rows[i];
		longest = length;
	}
	if (!best)
		return false;
	*ret = (struct machine){.elf = best->elf, .bits = best->bits, .endian = best->endian};
	return true;
}

bool machine_fits(struct machine a, struct machine b)
{
	if (a.elf == EM_NONE || b.elf == EM_NONE)
		return true;
	if (a.elf != b.elf)
		return false;
	if (a.bits == 0 || b.bits == 0)
		return true;

	bool unsaid = a.elf == EM_PPC64 && (a.flags == 0 || b.flags == 0);

	return a.bits == b.bits && a.endian == b.endian &&
	       (unsaid || strcmp(machine_convention(a), machine_convention(b)) == 0);
}

bool machine_is_arm(struct machine machine)
{
	return machine.elf == EM_ARM;
}

bool machine_is_oabi(struct machine machine)
{
	return machine_is_arm(machine) && EF_ARM_EABI_VERSION(machine.flags) == EF_ARM_EABI_UNKNOWN;
}

bool machine_is_fp64(struct machine machine)
{
	return machine.elf == EM_MIPS && machine.bits == 32 && (machine.flags & EF_MIPS_FP64);
}

/* SPDX-License-Identifier: ISC */
/* Recognises the machine of a raw kernel by its image header (arm64: Linux
 * Documentation/arch/arm64/booting.rst), by typical instructions, or by a container's
 * name for it. */
#include "facts/kernel/kernel_machine.h"
#include "facts/module/elf.h"
#include "facts/module/load.h"

#include <strings.h>

/* Instructions that nearly every kernel function contains: returns, and stores and
 * loads of the return address. */
struct instruction {
	uint32_t mask, value;
	size_t machine; /* index into machines[] */
};

enum {
	MIPS32,
	MIPS64,
	ARM32,
	ARM64,
	POWER32,
	POWER64,
	RISCV64,
	LOONG64,
	S390X,
	X86_32,
	X86_64,
	MACHINES
};

static const struct machine machines[MACHINES] = {
	[MIPS32] = {.elf = EM_MIPS, .bits = 32},   [MIPS64] = {.elf = EM_MIPS, .bits = 64},
	[ARM32] = {.elf = EM_ARM, .bits = 32},	   [ARM64] = {.elf = EM_AARCH64, .bits = 64},
	[POWER32] = {.elf = EM_PPC, .bits = 32},   [POWER64] = {.elf = EM_PPC64, .bits = 64},
	[RISCV64] = {.elf = EM_RISCV, .bits = 64}, [LOONG64] = {.elf = 258, .bits = 64},
	[S390X] = {.elf = EM_S390, .bits = 64},	   [X86_32] = {.elf = EM_386, .bits = 32},
	[X86_64] = {.elf = EM_X86_64, .bits = 64},
};

static const struct instruction instructions[] = {
	{0xffff0000, 0xafbf0000, MIPS32}, /* sw ra,n(sp) */
	{0xffff0000, 0x8fbf0000, MIPS32}, /* lw ra,n(sp) */
	{0xffff0000, 0xffbf0000, MIPS64}, /* sd ra,n(sp) */
	{0xffff0000, 0xdfbf0000, MIPS64}, /* ld ra,n(sp) */
	{0xffffffff, 0xe12fff1e, ARM32}, /* bx lr */
	{0xffff4000, 0xe92d4000, ARM32}, /* push {..., lr} */
	{0xffff8000, 0xe8bd8000, ARM32}, /* pop {..., pc} */
	{0xffffffff, 0xe1a0c00d, ARM32}, /* mov ip,sp */
	{0xffff8000, 0xe89d8000, ARM32}, /* ldm sp,{..., pc} */
	{0xffffffff, 0xd65f03c0, ARM64}, /* ret */
	{0xffc07fff, 0xa9807bfd, ARM64}, /* stp x29,x30,[sp,#n]! */
	{0xffff0000, 0x90010000, POWER32}, /* stw r0,n(r1) */
	{0xffff0000, 0x80010000, POWER32}, /* lwz r0,n(r1) */
	{0xffff0003, 0xf8010000, POWER64}, /* std r0,n(r1) */
	{0xffff0003, 0xe8010000, POWER64}, /* ld r0,n(r1) */
	{0xffffffff, 0x00008067, RISCV64}, /* ret */
	{0xffffffff, 0x80824105, RISCV64}, /* c.addi sp,n; c.ret */
	{0xffffffff, 0x80826105, RISCV64}, /* c.addi16sp; c.ret */
	{0xffffffff, 0x80820141, RISCV64}, /* c.addi sp,16; c.ret */
	{0xffffffff, 0x4c000020, LOONG64}, /* ret */
	{0xff0ff000, 0xeb0ff000, S390X}, /* stmg and lmg rn,r15,n(r15) */
	{0xffffffff, 0x000407fe, S390X}, /* the end of lmg; br r14 */
	{0xffffffff, 0x0004c0f4, S390X}, /* the end of lmg; jg, to an expoline */
};

/* In a kernel one of 50 to 250 places has an instruction of its machine; in data and in the code
 * of another machine one of 1,100 and more. Kernels of machines without a row here exist. */
enum {
	IMAGE_LOOKED_AT = 8 << 20,
	HITS_LEAST = 64,
	PLACES_MOST = 1024, /* for one hit */
};

struct hits {
	unsigned of[MACHINES][2];
	unsigned places; /* where an instruction may begin, without padding */
};

/* Every mask covers the top byte of a word, so a word is compared only with the
 * instructions that have its top byte; most words have that of none. */
static void words_count(struct span image, struct hits *hits)
{
	enum { COUNT = sizeof instructions / sizeof *instructions };
	uint8_t first[256] = {0}, next[COUNT + 1] = {0}; /* numbers of instructions, from 1 */

	for (size_t i = 0; i < COUNT; i++) {
		uint8_t top = (uint8_t)(instructions[i].value >> 24);

		next[i + 1] = first[top];
		first[top] = (uint8_t)(i + 1);
	}
	for (size_t at = 0; at + 4 <= image.size; at += 2) {
		if (load32(image.data + at, ENDIAN_LITTLE) == 0)
			continue; /* padding, which is no instruction */
		hits->places++;

		const uint8_t tops[2] = {first[image.data[at + 3]], first[image.data[at]]};

		for (unsigned endian = 0; (tops[0] | tops[1]) && endian < 2; endian++) {
			uint8_t number = tops[endian];
			uint32_t word = load32(image.data + at, (enum endian)endian);

			for (; number; number = next[number])
				hits->of[instructions[number - 1].machine][endian] +=
					(word & instructions[number - 1].mask) ==
					instructions[number - 1].value;
		}
	}
}

/* Counts "push rbp; mov rbp,rsp", "nopl 0(rax,rax,1)" (ftrace) and "mov rbx..." with
 * REX.W. The 32-bit prologue has no REX prefix. */
static void x86_count(struct span image, struct hits *hits)
{
	for (size_t at = 0; at + 5 <= image.size; at++) {
		const uint8_t *byte = image.data + at;

		/* most runs of 16 bytes have nothing that is counted */
		if (image.size - at > VECTOR_SIZE &&
		    !vector_any(vector_pair(byte, 0x55, 0x48) | vector_pair(byte, 0x55, 0x89) |
				vector_pair(byte, 0x41, 0x5c) | vector_pair(byte, 0x48, 0x5c) |
				vector_pair(byte, 0x41, 0x83) | vector_pair(byte, 0x48, 0x83) |
				vector_pair(byte, 0x5b, 0x5e))) {
			at += VECTOR_SIZE - 1;
			continue;
		}
		if (byte[0] == 0x55)
			hits->of[byte[1] == 0x48 ? X86_64 : X86_32][0] +=
				byte[1] == 0x48 ? byte[2] == 0x89 && byte[3] == 0xe5
						: byte[1] == 0x89 && byte[2] == 0xe5;
		else if (byte[0] == 0x41 || byte[0] == 0x48)
			hits->of[X86_64][0] +=
				(byte[1] == 0x5c && byte[2] == 0x41 && byte[3] == 0x5d) ||
				(byte[1] == 0x83 && byte[2] == 0xc4) ||
				(byte[1] == 0x83 && byte[2] == 0xec);
		else if (byte[0] == 0x5b && byte[1] == 0x5e)
			hits->of[X86_32][0] +=
				(byte[2] == 0x5f && byte[3] == 0x5d) || byte[2] == 0x5d;
	}
}

static bool machine_of_code(struct span image, struct machine *ret)
{
	struct hits hits = {.places = 0};
	struct machine best = {0};
	unsigned most = 0;

	image = span_head(image, IMAGE_LOOKED_AT);
	words_count(image, &hits);
	x86_count(image, &hits);
	for (size_t i = 0; i < MACHINES; i++)
		for (unsigned endian = 0; endian < 2; endian++) {
			if (hits.of[i][endian] <= most)
				continue;
			most = hits.of[i][endian];
			best = machines[i];
			best.endian = (enum endian)endian;
		}
	if (most < HITS_LEAST || most < hits.places / PLACES_MOST)
		return false;
	*ret = best;
	return true;
}

/* The headers: Documentation/arch/arm64/booting.rst,
 * Documentation/arch/riscv/boot-image-header.rst, loongarch/booting.rst */
bool machine_of_image(struct span image, struct machine *ret, const char **ret_how)
{
	if (span_has(image, 0x38, SPAN_OF("ARM\x64"))) {
		*ret = machines[ARM64];
	} else if (span_has(image, 0x30, SPAN_OF("RISCV\0\0\0")) ||
		   span_has(image, 0x38, SPAN_OF("RSC\x05"))) {
		*ret = machines[RISCV64];
	} else if (span_starts(image, "MZ") && span_has(image, 0x38, SPAN_OF("\x81\x81\x23\x81"))) {
		*ret = machines[LOONG64];
	} else {
		*ret_how = "instructions";
		return machine_of_code(image, ret);
	}
	*ret_how = "Image header";
	ret->endian = ENDIAN_LITTLE;
	return true;
}

bool machine_of_label(const char *label, struct machine *ret)
{
	static const struct {
		const char *label;
		size_t machine;
	} labels[] = {
		{"mips64", MIPS64},	{"mips", MIPS32},     {"arm64", ARM64},
		{"aarch64", ARM64},	{"arm", ARM32},	      {"x86_64", X86_64},
		{"x86", X86_32},	{"i386", X86_32},     {"powerpc64", POWER64},
		{"ppc", POWER32},	{"powerpc", POWER32}, {"riscv", RISCV64},
		{"loongarch", LOONG64}, {"s390", S390X},
	};

	for (size_t i = 0; label && i < sizeof labels / sizeof *labels; i++) {
		if (strncasecmp(label, labels[i].label, strlen(labels[i].label)) != 0)
			continue;
		*ret = machines[labels[i].machine];
		/* the name does not state the byte order of these machines */
		if (ret->elf == EM_MIPS || ret->elf == EM_ARM || ret->elf == EM_PPC ||
		    ret->elf == EM_PPC64)
			ret->bits = 0;
		return true;
	}
	return false;
}

/* SPDX-License-Identifier: ISC */
/* fact - what is true, and which bytes say so. Not found is a NULL value with a witness that
 * says where we looked: never a default. */
#ifndef KMODAUDIT_FACT_H
#define KMODAUDIT_FACT_H

#include "base/array.h"

struct fact {
	const char *value;
	const char *witness;
};

/* The instruction set of an ELF file, a kernel or a package. */
struct machine {
	uint16_t elf; /* e_machine; 0: not known */
	uint8_t bits; /* 32, 64; 0: not known */
	enum endian endian;
	uint32_t flags; /* e_flags; 0 for a raw kernel */
};

/* As the kernel and OpenWrt spell it: "mips", "mipsel", "mips64", "mips64el", "arm", "armeb",
 * "aarch64", "i386", "x86_64", "powerpc", "powerpc64", "powerpc64le", "riscv32", "riscv64",
 * "loongarch64"; NULL when not known, "machine 42" (in ARENA) for an e_machine without a
 * name. */
const char *machine_name(struct arena *arena, struct machine machine);
/* What an opkg/dpkg architecture ("mipsel_24kc", "ar71xx" has none, "x86_64",
 * "aarch64_cortex-a53", "amd64", "armhf") says about the machine; false when it says nothing
 * ("all", a target name). */
bool machine_of_package(const char *architecture, struct machine *ret);
/* Same e_machine, word size and byte order, those that both know. */
bool machine_fits(struct machine a, struct machine b);

#endif

/* SPDX-License-Identifier: ISC */
/* fact - a value together with the place of the bytes that it comes from. If a
 * value was not found, it is NULL, never a default, and the witness says where
 * the program looked. */
#ifndef KMODAUDIT_FACT_H
#define KMODAUDIT_FACT_H

#include "base/array.h"

struct fact {
	const char *value;
	const char *witness;
};

/* The instruction set of an ELF file, a kernel or a package. */
struct machine {
	uint16_t elf; /* e_machine; 0: unknown */
	uint8_t bits; /* 32 or 64; 0: unknown */
	enum endian endian;
	uint32_t flags; /* e_flags; 0 for a raw kernel */
};

/* The name of MACHINE as the kernel and OpenWrt spell it, such as "mips", "mipsel",
 * "arm", "aarch64", "i386", "x86_64", "powerpc", "riscv64". NULL if MACHINE is unknown;
 * "machine 42", in ARENA, for an e_machine without a name. */
const char *machine_name(struct arena *arena, struct machine machine);
/* The same for a refusal, with an unusual calling convention: "mips n32". */
const char *machine_words(struct arena *arena, struct machine machine);
/* The machine of an opkg, apk or dpkg architecture such as "mipsel_24kc",
 * "aarch64_cortex-a53" or "armhf". False if the architecture does not name a machine:
 * "all", or a target such as "ar71xx". */
bool machine_of_package(const char *architecture, struct machine *ret);
/* True if A and B have the same e_machine, word size, byte order and calling convention,
 * as far as both are known. */
bool machine_fits(struct machine a, struct machine b);

/* What the e_flags of a module's MACHINE say beside that: code for the calling convention of ARM
 * before EABI, and for 64-bit floating point registers of 32-bit MIPS. */
bool machine_is_arm(struct machine machine);
bool machine_is_oabi(struct machine machine);
bool machine_is_fp64(struct machine machine);

/* What a module shows of the compiler flags of its build, as bits. A module without a mark
 * may have been built with the flag all the same. */
enum module_mark {
	MARK_CFI = 1, /* indirect calls check the type in front of the function */
	MARK_LANDING = 2, /* functions begin with endbr64, or with bti on arm64 */
	/* arm64: code leaves the register of the shadow call stack alone, or pushes to it */
	MARK_STACK = 4,
	MARK_SPARES = 8, /* it leaves it alone */
	MARK_NORMAL = 16, /* the types of MARK_CFI are those with integers normalized */
};

#endif

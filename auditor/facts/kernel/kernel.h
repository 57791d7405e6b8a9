/* SPDX-License-Identifier: ISC */
/* kernel - what a decompressed kernel image says about itself: from an ELF vmlinux or from the
 * raw bytes. */
#ifndef KMODAUDIT_KERNEL_H
#define KMODAUDIT_KERNEL_H

#include "facts/config/config.h"
#include "facts/module/btf.h"
#include "facts/module/module.h"

/* The export table of a kernel: recovered from __ksymtab*, __kcrctab* in the image, or read
 * from Module.symvers or System.map beside it. */
struct kernel_exports {
	/* "fw.bin: uimage at 0x0: lzma: __ksymtab at 0x3a1b20"; NULL: none found, see why */
	const char *source;
	struct exports table; /* sorted by name */
	/* both ends of the table are certain: only then does absence mean anything */
	bool complete;
	/* the kernel was built with MODVERSIONS and the CRCs are known; has_crc is set on each
	 * export */
	bool crcs;
	/* whether it has CRCs at all is certain (a list of names like System.map leaves it
	 * open) */
	bool crcs_known;
	bool gpl_known; /* the gpl_only marks are certain */
	/* NULL, or why a table given by hand proves nothing: it contradicts the image's own */
	const char *doubt;
	const char *why; /* why there is no table, or why it is not complete */
	unsigned entry_size; /* bytes of a __ksymtab entry; 0: not from a table */
};

/* A kernel without TRIM_UNUSED_KSYMS or STRIP_KERNEL_EXPORTS exports over 4,000 symbols in all
 * that was measured, a trimmed one 667 to 981. */
enum { EXPORTS_WHOLE = 2000 };

struct kernel {
	struct fact release; /* uname -r, out of the banner: "4.14.275" */
	struct fact banner; /* "Linux version 4.14.275 (...) (gcc ...) #0 ..." one line */
	/* NULL where the kernel carries none (OpenWrt's MODULE_STRIPPED, or no MODULES) */
	struct fact vermagic;
	struct machine machine;
	const char *machine_witness; /* which bytes, or where we looked */
	struct kernel_exports exports;
	const struct btf *btf; /* NULL: none was found, though all of the image was searched */
	const char *btf_witness;
	const struct config *config; /* IKCONFIG, or NULL; its witness tells */
	const char *config_witness;
	const char *label; /* the container's name for it, or NULL */
	const char *witness;
};

/* BYTES: a decompressed kernel (ELF or raw). Facts go to ARENA; BYTES are not kept. Fails only
 * when they are no Linux kernel at all. ARCHITECTURE is a hint from a container header, or
 * NULL. */
bool kernel_read(struct arena *arena, struct span bytes, const char *witness, const char *label,
		 const char *architecture, struct kernel *ret, struct error *error);

/* ksymtab.c: the table out of an image; never fails, an empty result has WHY set. IMAGE is the
 * flattened or raw kernel; ARENA takes names, SCRATCH everything else. Method: docs/formats.md,
 * "Export tables". */
struct kernel_exports ksymtab_recover(struct arena *arena, struct span image, const char *witness,
				      struct machine hint, struct machine *ret_machine);

/* symvers.c: Module.symvers (crc \t name \t module \t export class [\t namespace]; kernel
 * scripts/mod/modpost.c) or System.map (address, type, name: __ksymtab_NAME and
 * __ksymtab_gpl_NAME, __crc_NAME), told apart by content. With VMLINUX_ONLY the rows of modules
 * are left out. */
bool symvers_read(struct arena *arena, const char *name, struct span text, bool vmlinux_only,
		  struct kernel_exports *ret, struct error *error);

#endif

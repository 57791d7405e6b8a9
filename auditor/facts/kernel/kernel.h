/* SPDX-License-Identifier: ISC */
/* kernel - the facts of a decompressed kernel, which is an ELF vmlinux or
 * a raw image. */
#ifndef KMODAUDIT_KERNEL_H
#define KMODAUDIT_KERNEL_H

#include "facts/config/config.h"
#include "facts/freebsd/kld_kernel.h"
#include "facts/btf/btf.h"
#include "facts/module/module.h"

/* The exports of a kernel: recovered from __ksymtab* and __kcrctab* in the image, or
 * read from a Module.symvers or System.map. */
struct kernel_exports {
	/* "fw.bin: uimage at 0x0: lzma: __ksymtab at 0x3a1b20"; NULL: no table was
	 * found, see WHY */
	const char *source;
	struct exports table; /* sorted by name */
	/* both ends of the table are certain, so a symbol that is not in it
	 * does not exist */
	bool complete;
	/* the kernel was built with MODVERSIONS and its CRCs are known; then each
	 * export has has_crc */
	bool crcs;
	/* it is certain whether the kernel has CRCs; a list of names, such as
	 * System.map, does not show it */
	bool crcs_known;
	bool gpl_known; /* the gpl_only flags are certain */
	/* NULL, or why a table given by hand is not used as proof: it contradicts
	 * the image's own */
	const char *doubt;
	const char *why; /* why there is no table, or why it is incomplete */
	/* bytes of a __ksymtab entry; 0: the exports do not come from a table */
	unsigned entry_size;
};

/* All measured kernels without TRIM_UNUSED_KSYMS or STRIP_KERNEL_EXPORTS export more
 * than 4,000 symbols, trimmed ones 667 to 981. */
enum { EXPORTS_WHOLE = 2000 };

struct kernel {
	enum loader loader;
	/* a FreeBSD kernel; NULL for Linux. Then EXPORTS are all its symbols, complete
	 * with its .symtab, and vermagic, BTF and config are none */
	const struct kld_kernel *kld;
	struct fact release; /* what uname -r prints, from the banner: "4.14.275" */
	struct fact banner; /* one line: "Linux version 4.14.275 (...) (gcc ...) #0 ..." */
	/* NULL if the kernel contains none (OpenWrt's MODULE_STRIPPED,
	 * or no MODULES) */
	struct fact vermagic;
	struct machine machine;
	const char *machine_witness; /* the bytes that show it, or where the program looked */
	struct kernel_exports exports;
	const struct btf *btf; /* NULL: none, although the whole image was searched */
	const char *btf_witness;
	const struct config *config; /* from IKCONFIG, or NULL */
	const char *config_witness;
	/* "y", "n", or NULL: not known. What the kernel's own messages show of the options
	 * MODULE_FORCE_LOAD and MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS */
	const char *force_load, *missing_imports;
	/* NULL, or that a raw kernel has two banners: facts may be those of another one */
	const char *second;
	const char *label; /* the name that the container gives the kernel, or NULL */
	const char *witness;
	/* NULL, or why the headers of an ELF vmlinux cannot be read: then the other
	 * facts come from its bytes alone, and some may be lost */
	const char *problem;
};

/* Reads BYTES, a decompressed kernel (ELF or raw), which are not kept. Facts are
 * allocated in ARENA. ARCHITECTURE is a hint from a container header, or NULL.
 * Fails only if BYTES are not a kernel of Linux or FreeBSD, or the records of the
 * latter are damaged. */
bool kernel_read(struct arena *arena, struct span bytes, const char *witness, const char *label,
		 const char *architecture, struct kernel *ret, struct error *error);

/* kernel_freebsd.c: the same for a FreeBSD kernel. */
bool kernel_freebsd_read(struct arena *arena, struct span bytes, const char *witness,
			 const char *label, struct kernel *ret, struct error *error);

/* ksymtab.c: recovers the export table of IMAGE, a flattened or raw kernel. HINT is the
 * machine as far as it is known; RET_MACHINE gets byte order and word size of the
 * table. Never fails: if no table is found, WHY has the reason. docs/formats.md,
 * "Export tables", describes the method. */
struct kernel_exports ksymtab_recover(struct arena *arena, struct span image, const char *witness,
				      struct machine hint, struct machine *ret_machine);

/* symvers.c: parses a Module.symvers (crc, name, module, export class, namespace;
 * kernel scripts/mod/modpost.c) or a System.map (address, type, name), which the
 * content distinguishes. With VMLINUX_ONLY the rows of modules are skipped. Errors
 * begin with NAME. */
bool symvers_read(struct arena *arena, const char *name, struct span text, bool vmlinux_only,
		  struct kernel_exports *ret, struct error *error);

#endif

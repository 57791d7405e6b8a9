/* SPDX-License-Identifier: ISC */
/* kld_kernel - the facts of a FreeBSD kernel: the interfaces that it provides, the
 * modules that it registers, its version and its symbols. */
#ifndef KMODAUDIT_KLD_KERNEL_H
#define KMODAUDIT_KLD_KERNEL_H

#include "facts/module/module.h"

struct kld_kernel {
	/* its records: VERSIONS are the interfaces, with "kernel", MODULES
	 * what it registers */
	const struct kld *records;
	/* __FreeBSD_version: the interface "kernel", else the variable osreldate.
	 * 0: not found */
	int32_t osreldate;
	const char *osreldate_witness;
	/* what uname -r prints, "14.2-RELEASE-p1"; the first line of the variable
	 * version; kern_ident, "GENERIC" */
	struct fact release, version, ident;
	/* of 32-bit ARM: "armv6" or "armv7", by the build attributes; else NULL */
	const char *arm;
	const char *config; /* the text of the section kern_conf (INCLUDE_CONFIG_FILE), or NULL */
	struct exports symbols; /* sorted by name */
	/* .symtab is there, so SYMBOLS has the local ones, which modules can
	 * use as well */
	bool symbols_whole;
	const char *symbols_witness;
};

/* True if BYTES begin with an ELF program that is a FreeBSD kernel: its loader is
 * "/red/herring" (sys/conf/kern.pre.mk), or it is an ET_EXEC of FreeBSD without a
 * loader that has its banner. */
bool kld_kernel_here(struct span bytes);

/* The release in the banner of a kernel, "14.2-RELEASE-p1", which a damaged one may
 * still have. Empty if there is none. */
struct span kld_kernel_release(struct span bytes);

/* Reads BYTES. Fails if they are no FreeBSD kernel or its records are damaged. */
bool kld_kernel_read(struct arena *arena, struct span bytes, const char *witness,
		     struct machine *ret_machine, struct kld_kernel *ret, struct error *error);

#endif

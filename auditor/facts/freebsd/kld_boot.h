/* SPDX-License-Identifier: ISC */
/* kld_boot - the facts of the directory boot of a FreeBSD image: its kernel's
 * interfaces, the directories in which the kernel searches modules, their
 * linker.hints, and loader.conf. */
#ifndef KMODAUDIT_KLD_BOOT_H
#define KMODAUDIT_KLD_BOOT_H

#include "facts/freebsd/kld_hints.h"
#include "facts/module/kld.h"

/* A module that the boot loader loads: NAME_load="YES" in loader.conf. */
struct kld_load {
	const char *name; /* "if_re" */
	const char *file; /* of NAME_name="/boot/modules/if_re.ko", or NULL */
	/* of the image's module that the boot loader finds, "boot/kernel/if_re.ko.gz";
	 * NULL: none, or the kernel has the interface NAME */
	const char *path;
	const char *witness;
};

struct kld_loads {
	struct kld_load *list;
	size_t count, room;
};

/* A link in place of a module that leads to no file: the kernel finds none there. */
struct kld_link {
	const char *path, *target, *witness; /* PATH: "boot/kernel/x.ko" */
};

struct kld_links {
	struct kld_link *list;
	size_t count, room;
};

enum kld_source {
	KLD_SOURCE_NONE, /* neither a kernel that can be read nor rows for it */
	KLD_SOURCE_KERNEL,
	/* the rows of linker.hints with the file "kernel": no symbols, and a version
	 * that is 0 in the kernel file may be any number (kldxref up to FreeBSD 10 read
	 * SHT_NOBITS as bytes) */
	KLD_SOURCE_HINTS,
};

struct kld_boot {
	/* the directory of the kernel that is judged and of
	 * its modules: "boot/kernel" */
	const char *directory;
	/* NULL, or what is wrong with the kernel file in DIRECTORY, with its place: it
	 * is there and cannot be read */
	const char *kernel_problem;
	enum kld_source source; /* of OSRELDATE, INTERFACES and REGISTERED */
	const char *source_witness; /* the file, or where the program looked */
	int32_t osreldate; /* 0: unknown */
	struct kld_versions interfaces; /* with "kernel", in the order of the file */
	/* from hints the names are NULL and only the labels are there */
	struct kld_modules registered;
	bool registered_whole; /* REGISTERED has all; false for hints of newer kldxref */
	/* kern.module_path as the boot loader sets it: DIRECTORY, then module_path of
	 * loader.conf, whose default is boot/modules. Without "/" at the start */
	struct strings module_path;
	const char *module_path_witness; /* the file that sets it; NULL: the default */
	struct kld_hints_list hints; /* of the directories of module_path, in that order */
	struct kld_loads loads; /* sorted by name; the last file that names one counts */
	struct kld_links broken; /* in the directories of module_path */
	const char *secured; /* the file that raises kern.securelevel above 0, or NULL */
	const char *secured_doubt; /* NULL, or the place because of which it may not */
	bool secured_early; /* by sysctl.conf, which rc obeys before KLDS are loaded */
	/* what is certainly in kld_list, which rc loads: "x", "x.ko" or a path */
	struct strings klds;
};

#endif

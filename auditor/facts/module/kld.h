/* SPDX-License-Identifier: ISC */
/* kld - what the kernel linker of FreeBSD reads from one file, a module or the kernel
 * itself: the records of its set modmetadata_set (sys/sys/module.h,
 * sys/sys/linker_set.h, sys/kern/kern_linker.c, linker_load_dependencies). */
#ifndef KMODAUDIT_KLD_H
#define KMODAUDIT_KLD_H

#include "base/array.h"

/* MDT_DEPEND: the file needs the interface NAME. The linker takes a provider of
 * PREFERRED at once, else the highest version from MINIMUM to MAXIMUM
 * (modlist_lookup2). The numbers are signed and may be anything, such as a maximum
 * below the minimum. */
struct kld_depend {
	const char *name;
	int32_t minimum, preferred, maximum;
};

struct kld_depends {
	struct kld_depend *list;
	size_t count, room;
};

/* MDT_VERSION: the file provides the interface NAME. "kernel"
 * has the __FreeBSD_version. */
struct kld_version {
	const char *name;
	int32_t version;
};

struct kld_versions {
	struct kld_version *list;
	size_t count, room;
};

/* MDT_MODULE: the file registers a module. */
struct kld_module {
	/* moduledata.name, "pci/em", which the kernel compares (kern_module.c,
	 * module_register); NULL: the pointer cannot be followed */
	const char *name;
	const char *label; /* the record's own text, "em_pci", which linker.hints has */
};

struct kld_modules {
	struct kld_module *list;
	size_t count, room;
};

/* MDT_PNP_INFO: a table of hardware that the file drives. */
struct kld_pnp {
	const char *bus, *fields; /* "pci", "U16:vendor;U16:device;D:#" */
	uint32_t entries;
};

struct kld_pnps {
	struct kld_pnp *list;
	size_t count, room;
};

/* Whether the kernel finds the records. Without records it checks no version. */
enum kld_set {
	KLD_SET_NONE, /* the file has no records: legal */
	KLD_SET_FOUND,
	/* ET_DYN or ET_EXEC with the section set_modmetadata_set, but without the
	 * symbols __start_set_modmetadata_set and __stop_set_modmetadata_set, by which
	 * alone link_elf.c finds the set. The records below are those of the section:
	 * the kernel does not see them */
	KLD_SET_HIDDEN,
};

/* All records are in the order of the set, repeated ones too. */
struct kld {
	uint16_t type; /* e_type: ET_REL, ET_DYN or ET_EXEC */
	uint16_t segments; /* PT_LOAD; link_elf.c of FreeBSD 12 accepts four */
	bool dynamic; /* it has PT_DYNAMIC, without which link_elf.c refuses an ET_DYN */
	enum kld_set set;
	struct kld_depends depends;
	struct kld_versions versions;
	struct kld_modules modules;
	struct kld_pnps pnps;
};

/* The first VERSION record with that name, or NULL. */
const struct kld_version *kld_provides(const struct kld *kld, const char *name);
/* The first DEPEND record with that name, or NULL. */
const struct kld_depend *kld_needs(const struct kld *kld, const char *name);

/* True if a provider of VERSION satisfies DEPEND as the only one of that name. */
bool kld_depend_fits(const struct kld_depend *depend, int32_t version);

/* "if_em" for "boot/kernel/if_em.ko": the file's name without its last ".ko". */
const char *kld_name_of_path(struct arena *arena, const char *path);

/* The words of __FreeBSD_version: "14.2" for 1402000 (sys/sys/param.h);
 * 502010 and later. */
const char *osreldate_words(struct arena *arena, int32_t version);

#endif

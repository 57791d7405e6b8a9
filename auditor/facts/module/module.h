/* SPDX-License-Identifier: ISC */
/* module - the facts of one kernel module (.ko), read from its bytes. */
#ifndef KMODAUDIT_MODULE_H
#define KMODAUDIT_MODULE_H

#include "base/digest.h"
#include "base/error.h"
#include "base/map.h"
#include "facts/module/fact.h"
#include "facts/module/kld.h"
#include "facts/module/loader.h"
#include "facts/module/series.h"
#include "facts/module/symbols.h"

/* What the section .gnu.linkonce.this_module shows: sizeof(struct module), and the offsets of
 * init and exit in it, taken from the section's relocations. These numbers depend on the
 * configuration of the kernel that the module was built for. */
struct this_module {
	bool known; /* the section exists */
	uint64_t size;
	/* libraries have neither; a module that cannot be unloaded has only init */
	bool has_init, has_exit;
	uint64_t init, exit;
	const char *init_name; /* by which the kernel calls init; NULL: not known */
};

/* The newest kernel series whose module loaders were read for the tables in relocations.c. */
enum { RELOCATIONS_MAJOR = 6, RELOCATIONS_MINOR = 12 };

/* Which series' loaders apply all relocations of a module. */
struct relocations {
	const char *refused; /* NULL, or the first relocation that no loader read here applies */
	bool grows; /* series after RELOCATIONS_MAJOR.MINOR may apply it */
	/* the first series whose loader applies all of them; valid only with LATE */
	struct series since;
	const char *late; /* NULL, or the relocation that requires SINCE */
};

/* The values of .modinfo that a verdict can depend on. NULL: the key is missing. */
struct modinfo {
	const char *name, *vermagic, *license, *srcversion, *intree, *retpoline, *livepatch,
		*staging, *version;
	struct strings depends; /* '-' replaced by '_' */
	struct strings softdep_pre, softdep_post;
	struct strings import_ns;
	struct strings alias;
};

struct module {
	/* with '-' replaced by '_': from modinfo, else from struct module, else from the file
	 * name without .ko[.gz|.xz|.zst]. FreeBSD: the file name without .ko, as it is */
	const char *name;
	const char *path; /* in its container: "lib/modules/4.14.275/nf_nat.ko" */
	const char *witness; /* "fw.bin: squashfs at 0x150000: lib/modules/4.14.275/nf_nat.ko" */
	/* NULL, or why the module cannot be read or loaded at all. Then only name, path, witness,
	 * size and file are valid, and machine if the ELF header was readable */
	const char *problem;
	bool damaged; /* it has a problem, and its bytes were those of a module */
	enum loader loader; /* by its bytes; LOADER_LINUX if it cannot be read */
	uint64_t size; /* of the file */
	/* FILE and SECTIONS distinguish it from all namesakes that it is compared with;
	 * zero if it has none: see struct module_reader, struct feeds */
	bool digested;
	struct sha256 file; /* of the whole file, decompressed */
	/* of the allocated sections except .modinfo, .gnu.linkonce.this_module, CRCs and notes:
	 * names, contents and relocations (by symbol name), in section order. Equal for twins */
	struct sha256 sections;
	struct machine machine;
	/* the records of a FreeBSD module; NULL for another. Then modinfo, the CRCs and this_module
	 * are empty, exports are all symbols that it defines, and an import's place is the order
	 * of relocation */
	const struct kld *kld;
	struct modinfo modinfo;
	struct imports imports; /* sorted by name */
	struct exports exports; /* sorted by name */
	bool versioned; /* it has a section __versions */
	struct span btf, btf_base; /* the sections .BTF and .BTF.base; empty: it has none */
	const char *writable_code; /* the first section that is both, or NULL */
	unsigned marks; /* enum module_mark, fact.h */
	bool unflagged; /* __ksymtab has entries, but __kflagstab is missing */
	bool has_layout; /* __versions has module_layout_symbol() */
	bool struct_module; /* that is "struct_module" */
	uint32_t layout_crc;
	bool extended; /* it has __version_ext_crcs or __version_ext_names */
	struct crc extended_layout; /* of "module_layout" in __version_ext_* */
	const char *extended_problem; /* NULL, or why a kernel that reads them refuses the module */
	struct this_module this_module;
	const char *misfit; /* of the image: NULL, or why it does not fit the image's kernel */
	bool unread; /* it was not looked at, and may be sound: the problem says why */
	struct relocations relocations;
	bool signature_damaged; /* it has the marker without a plausible module_signature */
	bool is_signed; /* the marker, with a plausible module_signature */
};

struct modules {
	struct module *list;
	size_t count, room;
};

struct package_keeper;
/* What module_read needs besides the bytes. Facts are allocated in ARENA, and names are interned
 * in NAMES. Not for use by two threads at once. */
struct module_reader {
	struct arena *arena;
	struct map *names;
	struct arena *scratch; /* reset by the caller between modules */
	/* names of the modules whose digests are needed, because the other side has a module of
	 * that name; NULL: all */
	const struct map *twins;
	bool undigested; /* no digest is computed, not even of bare modules */
	/* facts of packages from earlier runs (facts/package/package_file.h); NULL: none */
	const struct package_keeper *keeper;
};

/* True if PATH ends in .ko, .ko.gz, .ko.xz or .ko.zst. */
bool module_is_path(const char *path);
/* True if PATH, in the modules directory of RELEASE, is a module of Linux before 2.5 (ipv6.o). */
bool module_is_old_path(const char *path, struct span release);
/* True if BYTES are an ELF file of a module's form: ET_REL, or the ET_DYN of a FreeBSD module. */
bool module_here(struct span bytes, const char *path);

/* Reads a module from its uncompressed BYTES, which are not kept. It never fails: for a module
 * that cannot be read, PROBLEM has the reason. */
struct module module_read(struct module_reader *reader, const char *path, const char *witness,
			  struct span bytes);

/* The table from which a kernel of SERIES reads the CRCs of MODULE: since 6.14 __version_ext_* if
 * the module has it, otherwise __versions (kernel/module/version.c, check_version). An unknown
 * SERIES counts as 6.14. */
enum versions module_versions(const struct module *module, struct series series);
/* The CRC of IMPORT, or of module_layout, in that table. */
struct crc import_crc(const struct import *import, enum versions versions);
struct crc module_layout_crc(const struct module *module, enum versions versions);
/* "struct_module" before 2.6.30, else "module_layout" (kernel/module.c, check_modstruct_version) */
const char *module_layout_symbol(const struct module *module);

/* The import NAME, or NULL. */
struct import *imports_find(const struct imports *imports, const char *name);
/* True for symbols that the loader never looks up, because the linker defines them. */
bool import_ignored(const char *name);
/* True for the license strings with which a module may use GPL-only symbols
 * (include/linux/license.h). False for NULL. */
bool license_is_gpl(const char *license);

/* NAME with '_' for '-', as the kernel spells the names of modules. */
const char *module_name_spelled(struct arena *arena, struct span name);
/* The module's name: "nf_nat" for "lib/modules/x/nf-nat.ko.xz". The result is in ARENA. */
const char *module_name_of_path(struct arena *arena, const char *path);

#endif

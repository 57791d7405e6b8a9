/* SPDX-License-Identifier: ISC */
/* module - one .ko, read from its bytes. The only floor file that knows libelf is elf.c beside
 * it. */
#ifndef KMODAUDIT_MODULE_H
#define KMODAUDIT_MODULE_H

#include "base/digest.h"
#include "base/error.h"
#include "base/map.h"
#include "facts/module/fact.h"
#include "facts/module/series.h"
#include "facts/module/symbols.h"

/* .gnu.linkonce.this_module: sizeof(struct module) and where init and exit stand in it (from
 * the section's relocations). A number of the kernel that the module was built for. */
struct this_module {
	bool known; /* the section is there */
	uint64_t size;
	bool has_init, has_exit; /* libraries have neither; a module without exit has one */
	uint64_t init, exit;
};

/* The newest series whose module loaders were read for the tables of relocations.c. */
enum { RELOCATIONS_MAJOR = 6, RELOCATIONS_MINOR = 12 };

/* What the loader of the module's machine makes of its relocations. */
struct relocations {
	/* NULL, or the first that it applies in no series that was looked at */
	const char *refused;
	bool grows; /* later series than RELOCATIONS_MAJOR.MINOR may apply it */
	struct series since; /* the loader applies all of them since this one; valid with LATE */
	const char *late; /* NULL, or the relocation that SINCE is about */
};

/* Everything modinfo(8) would print that a verdict can hang on. NULL: the key is not there. */
struct modinfo {
	const char *name, *vermagic, *license, *srcversion, *intree, *retpoline, *livepatch,
		*staging, *version;
	struct strings depends; /* names with '_' for '-' */
	struct strings softdep_pre, softdep_post;
	struct strings import_ns;
	struct strings alias;
};

struct module {
	const char *
		/* '_' for '-': modinfo name, else struct module's own, else the file name
		 * without .ko[.gz|.xz|.zst] */
		name;
	const char *path; /* in its container: "lib/modules/4.14.275/nf_nat.ko" */
	const char *witness; /* "fw.bin: squashfs at 0x150000: lib/modules/4.14.275/nf_nat.ko" */
	const char *
		/* NULL, or why it cannot be read or loaded at all; then only name, path,
		 * witness, size, file are sure, and machine if the ELF header was readable */
		problem;
	uint64_t size; /* of the file */
	bool digested; /* the next two were computed: see module_reader */
	struct sha256 file; /* of the whole file, decompressed */
	struct sha256
		/* of the allocated sections, without .modinfo, .gnu.linkonce.this_module and
		 * notes: names, contents and relocations (symbol names, not numbers), in
		 * section order: equal on twins */
		sections;
	struct machine machine;
	struct modinfo modinfo;
	struct imports imports; /* sorted by name */
	struct exports exports; /* sorted by name */
	bool versioned; /* __versions is there */
	struct span btf, btf_base; /* its sections .BTF and .BTF.base; empty: it has none */
	bool unflagged; /* __ksymtab has entries, and there is no __kflagstab */
	bool has_layout; /* "module_layout" is in it */
	uint32_t layout_crc;
	bool extended; /* __version_ext_crcs or __version_ext_names is there */
	struct crc extended_layout; /* of "module_layout" in them */
	const char *extended_problem; /* NULL, or why a kernel that reads them refuses the module */
	struct this_module this_module;
	bool is_link; /* not a file: the problem says where it leads */
	struct relocations relocations;
	/* the trailer is there, and no plausible module_signature before it */
	bool signature_damaged;
	/* "~Module signature appended~" trailer, with a plausible module_signature */
	bool is_signed;
};

struct modules {
	struct module *list;
	size_t count, room;
};

/* What reading needs beside the bytes: facts go to ARENA, names through NAMES (one copy each).
 * Not for two threads. */
struct module_reader {
	struct arena *arena;
	struct map *names;
	struct arena *scratch; /* reset by the caller between modules */
	/* names of modules whose digests are wanted, since a module of that name is on the
	 * other side too; NULL: of all */
	const struct map *twins;
};

/* PATH ends in .ko, .ko.gz, .ko.xz or .ko.zst: by name only. */
bool module_is_path(const char *path);

/* Reads BYTES (uncompressed). Never fails: a module that cannot be read has PROBLEM set and the
 * reason in it. BYTES are not kept. */
struct module module_read(struct module_reader *reader, const char *path, const char *witness,
			  struct span bytes);

/* Where a kernel of SERIES reads the CRCs of MODULE: since 6.14 the extended ones where there
 * are any, before that __versions only (kernel/module/version.c, check_version). Where SERIES
 * is not known, as since 6.14. */
enum versions module_versions(const struct module *module, struct series series);
/* What IMPORT, and module_layout, have there. */
struct crc import_crc(const struct import *import, enum versions versions);
struct crc module_layout_crc(const struct module *module, enum versions versions);

/* Symbols that the loader never looks up: the linker's own (arch_ignore names of the module
 * loaders). */
bool import_ignored(const char *name);

/* The license strings under which the loader lets a module use GPL-only symbols
 * (include/linux/license.h). NULL (no tag) is not among them. */
bool license_is_gpl(const char *license);

/* Turns "nf-nat.ko.xz", "lib/modules/x/nf-nat.ko" into "nf_nat", in ARENA. */
const char *module_name_of_path(struct arena *arena, const char *path);

#endif

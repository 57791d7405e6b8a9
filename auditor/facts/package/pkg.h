/* SPDX-License-Identifier: ISC */
/* pkg - what a FreeBSD package says of itself (pkg(8): +MANIFEST in the package, a row
 * of a repository's catalogue), and what pkg makes of it on a system. */
#ifndef KMODAUDIT_PKG_H
#define KMODAUDIT_PKG_H

#include "facts/package/package.h"
#include "facts/ucl/ucl.h"

/* The names of the two manifests in a package, as the unpacker passes
 * them with PART_CONTROL. */
#define PKG_MANIFEST "+MANIFEST"
#define PKG_COMPACT_MANIFEST "+COMPACT_MANIFEST"

struct pkg_file {
	const char *path; /* without the leading "/" */
	const char *sum; /* as written (pkg_sum.h): "1$<sha256>"; NULL: not stated */
};

struct pkg_files {
	struct pkg_file *list;
	size_t count, room;
};

/* A member of the package whose bytes have another sum than its manifest states. */
struct pkg_difference {
	const char *path, *stated, *found;
};

struct pkg_differences {
	struct pkg_difference *list;
	size_t count, room;
};

/* struct package has name, version, dependencies ("deps" by name, "requires" as names
 * that begin with PKG_PROVIDE), and architecture, which is abi here. */
struct pkg {
	const char *abi; /* "FreeBSD:14:amd64", "FreeBSD:14:*"; NULL: not stated */
	const char *arch; /* the older form: "freebsd:14:x86:64"; NULL: not stated */
	const char *origin, *prefix; /* "graphics/drm-61-kmod", "/usr/local"; NULL: not stated */
	/* the annotation FreeBSD_version: __FreeBSD_version of the system that
	 * built it. TEXT is as written; NULL: not stated. The number is 0 if it is
	 * not one of 1..INT_MAX */
	const char *osversion_text;
	uint64_t osversion;
	const char *dep_formula; /* as written (pkg_formula.h); NULL: not stated */
	/* of a row: the sum of the package, as written, if it is no sha256; else NULL */
	const char *stated_sum;
	const char *listed_sum; /* of a file: its own sum, as pkg 2 lists it ("2$..."); else NULL */
	/* names of shared libraries: those that its programs use, and those that it has */
	struct strings shlibs_required, shlibs_provided;
	struct strings categories; /* "kld" for a port with USES=kmod */
	struct strings scripts; /* names: "post-install" */
	bool indexes; /* one that runs when it is installed calls kldxref */
	struct pkg_files files; /* of +MANIFEST, sorted by path; none in a catalogue */
	struct pkg_differences differences;
	/* paths that +MANIFEST lists and the archive lacks; that the archive has and it
	 * does not list: pkg refuses to extract these */
	struct strings lacking, unlisted;
	const char *witness; /* "x.pkg: +MANIFEST" */
};

/* The name by which "requires" and "provides" stand among dependencies: they are no
 * names of packages, and a blank keeps them apart. */
#define PKG_PROVIDE "provide "

/* Fills PACKAGE, with a new package->pkg, from a manifest or a row of a catalogue.
 * Fails if it is no object, lacks a name or a version, or if a value has another type
 * than pkg reads; the package then keeps its name unless the manifest has one. */
bool pkg_from_manifest(struct arena *arena, const struct ucl *manifest, const char *witness,
		       struct package *package, struct error *error);
/* TEXT with the byte for each "%xx"; "%00", and what is no code, stays. */
const char *percent_decoded(struct arena *arena, const char *text);
/* The path of a file as a manifest writes it, decoded and without the leading "/". */
const char *pkg_path(struct arena *arena, const char *text);
/* Adds what +MANIFEST lists and the archive lacks, and the reverse, to package->pkg. */
void pkg_files_compare(struct arena *arena, struct package *package);
/* Compares BYTES, the file at PATH of the archive, with the sum that
 * the manifest states. */
void pkg_file_compare(struct arena *arena, struct package *package, const char *path,
		      struct span bytes);
/* True if a row of a catalogue, which lists no files, may carry kernel modules
 * or a kernel. */
bool pkg_may_carry(const struct package *row);

/* What `pkg add` and `pkg install` do with a package, by its abi and FreeBSD_version
 * (libpkg/utils.c: is_valid_abi, is_valid_os_version). */
enum pkg_answer {
	PKG_ACCEPTS,
	PKG_ASKS, /* FreeBSD_version is newer by less than 100000; the default answer is no */
	PKG_REFUSES_VERSION, /* it is newer by 100000 or more, or is no number */
	PKG_REFUSES_ABI,
	PKG_UNKNOWN, /* the system's abi, version or pkg is not known */
};

/* SYSTEM_ABI: "FreeBSD:14:amd64", or NULL; SYSTEM: its __FreeBSD_version, or 0. *WHY
 * gets pkg's words, or what is not known; NULL with PKG_ACCEPTS. */
enum pkg_answer pkg_answers(struct arena *arena, const struct package *package,
			    const char *system_abi, uint64_t system, const char **why);
/* pkg's name of a system: "FreeBSD:14:amd64" of 1402000 and "amd64"; NULL without both.
 * MACHINE is the name in MACHINE_ARCH's form. */
const char *pkg_system_abi(struct arena *arena, uint64_t osversion, const char *machine);

#endif

/* SPDX-License-Identifier: ISC */
/* package - a package file (.ipk, .deb, .apk, .pkg), a bare .ko, or a row of a package database or
 * index. */
#ifndef KMODAUDIT_PACKAGE_H
#define KMODAUDIT_PACKAGE_H

#include "facts/config/config.h"
#include "facts/package/control.h"
#include "facts/kernel/loader_rules.h"
#include "facts/module/module.h"
#include "facts/providers/providers.h"
#include "facts/package/version.h"

struct autoload {
	const char *file; /* "etc/modules.d/42-ip6tables" */
	const char *module; /* with '_' for '-' */
};

struct autoloads {
	struct autoload *list;
	size_t count, room;
};

/* When a package was made, in seconds since 1970; 0: not said. A build sets all times to its
 * SOURCE_DATE_EPOCH, which is the date of the last commit (OpenWrt include/package-pack.mk). */
struct stamp {
	int64_t first, last; /* the least and greatest time of its members */
};

/* The fields of a package that `kmodaudit vet` wrote (vet/control_text.h); opkg ignores them. A
 * package of apk has them at the end of its description, " [X-Kmodaudit-Version: 1.0-r1]". */
#define VETTED_FIELDS "X-Kmodaudit-"

/* What such a package says of itself; any may be NULL. */
struct vetted {
	const char *version; /* before it was marked */
	const char *report; /* sha256 of the audit's report */
	const char *depends, *source; /* before vetting; the original file. Only of apk */
};

/* Reads the fields in DESCRIPTION, of a package of apk. RET_TEXT: what is before them. */
struct vetted vetted_read(struct arena *arena, struct span description, struct span *ret_text);

enum package_origin { PACKAGE_FILE, PACKAGE_BARE_MODULE, PACKAGE_INSTALLED, PACKAGE_INDEX_ROW };

struct package {
	enum package_origin origin;
	const char *name; /* of a bare module: the module's name */
	/* NULL: not stated; FILENAME is set only for a row of an index */
	const char *version, *architecture, *status, *filename;
	const char *section; /* NULL: not stated */
	struct formulas depends, conflicts;
	/* apk: it is installed automatically when all of the first and none of the second are */
	struct formulas install_if, install_if_not;
	struct formulas provides; /* one alternative each; RELATION_EQUAL if a version is stated */
	struct formulas replaces; /* packages whose files it may overwrite */
	/* apk: packages with the same origin may overwrite each other's files; NULL: not stated */
	const char *origin_name;
	uint64_t priority; /* apk: of several that provide a name, the highest is chosen */
	struct strings files; /* without the leading "/", sorted */
	struct modules modules; /* sorted by name */
	/* paths of modules that package_idle_drop left out */
	struct strings idle;
	/* the releases of all /lib/modules/<release>/ in which it installs files, sorted */
	struct strings releases;
	const char *crash; /* why opkg crashes when it reads the control file; NULL: it does not */
	struct autoloads autoload;
	struct loader_rules loader_rules; /* in files of the package */
	const char *modules_disabled; /* its file that sets kernel.modules_disabled, or NULL */
	const struct providers *providers; /* what the package's own files declare, or NULL */
	/* the kernel's config from configs.ko (kmod-ikconfig), or NULL */
	const struct config *config;
	struct stamp stamp;
	/* from Depends: kernel (= ...); for a vetted package, from Depends before vetting. Its
	 * version is NULL if there is no pin */
	struct abi abi;
	struct vetted vetted;
	/* as written: a second pin, on another version of the kernel than ABI; NULL: none */
	const char *other_pin;
	/* the path that the user gave, or where the file was found in the feed; NULL for a
	 * database row */
	const char *file;
	const char *witness;
	/* NULL, or one sentence that says where and why the package cannot be read */
	const char *problem;
	bool old_apk; /* PROBLEM: it has the format of apk-tools 2 */
	uint64_t size;
	/* zero for a bare module that was read with module_reader.twins */
	struct sha256 digest; /* of the file */
	const char *stated_sha256; /* SHA256sum of an index row, else NULL */
	uint64_t stated_size; /* Size of an index row; 0: not stated */
	/* the C: line of an apk index or database; for an apk file, computed from the file */
	const char *stated_identity;
	bool vouched; /* an index beside the file states a checksum, and the file has it */
	bool listed; /* an index beside the file has a row for it */
	bool absent; /* a row of an index whose file does not exist */
	bool apk; /* a package of apk-tools: its versions are compared in apk's order */
	uint32_t row; /* its last row in the indexes of its feed, from 1; 0: none */
	/* of FreeBSD (facts/package/pkg.h): its versions are compared in pkg's order; else NULL */
	struct pkg *pkg;
	size_t feed; /* index of its feed in the world */
};

struct packages {
	struct package *list;
	size_t count, room;
};

/* Fills PACKAGE from a stanza: name, version, architecture, status, dependencies, abi, filename,
 * stated_*. False if the stanza has no Package field. */
bool package_from_stanza(struct arena *arena, const struct stanza *stanza, const char *witness,
			 struct package *ret);

/* True if some dependency names a version of the kernel, even if only as an alternative. */
bool package_names_kernel(const struct package *package);
/* The kernel abi that PACKAGE depends on; of the package "kernel" its own version. */
struct abi package_own_abi(struct arena *arena, const struct package *package);
/* Sets abi and other_pin from dependencies of the form "kernel (= ...)", which are those in
 * BEFORE (Depends before vetting) if it is not NULL. A dependency with alternatives is no pin. */
void package_pin(struct arena *arena, struct package *package, const char *before,
		 const char *witness);

/* Reads the package file at PATH. It never fails: for a file that cannot be read, PROBLEM is set.
 * It resets reader->scratch. */
struct package package_read(struct module_reader *reader, const char *path);

/* The program that installs PACKAGE: "opkg", "apk", "pkg"; and the ending of its packages. */
const char *package_manager(const struct package *package);
const char *package_ending(const struct package *package);

/* The module NAME of PACKAGE, or NULL. */
const struct module *package_module(const struct package *package, const char *name);

/* True for a dependency on one exact version of the package kernel. */
bool dependency_is_kernel(const struct dependency *dependency);
/* <0, 0 or >0 if the version of A is older than, equal to or newer than B's: in apk's order if
 * both are apk packages, else in opkg's. */
int package_versions(const struct package *a, const struct package *b);
/* True if PACKAGE has DEPENDENCY's name and a version that satisfies it. */
bool package_is(const struct package *package, const struct dependency *dependency);
/* True if PACKAGE has DEPENDENCY's name, or provides it, with a version that satisfies it. */
bool package_satisfies(const struct package *package, const struct dependency *dependency);

/* True if a kernel of RELEASE never loads some of PACKAGE's modules, because PACKAGE has them for
 * another release and for this one. */
bool package_has_idle(const struct package *package, const char *release);
/* Moves these modules of PACKAGE, a copy, to its list idle. */
void package_idle_drop(struct arena *arena, struct package *package, const char *release);

#endif

/* SPDX-License-Identifier: ISC */
/* package - one .ipk (or .deb, or bare .ko), or one row of a package database or index. */
#ifndef KMODAUDIT_PACKAGE_H
#define KMODAUDIT_PACKAGE_H

#include "facts/config/config.h"
#include "facts/package/control.h"
#include "facts/module/module.h"
#include "facts/providers/providers.h"
#include "facts/package/version.h"

struct autoload {
	const char *file; /* "etc/modules.d/42-ip6tables" */
	const char *module; /* name with '_' */
};

struct autoloads {
	struct autoload *list;
	size_t count, room;
};

enum package_origin { PACKAGE_FILE, PACKAGE_BARE_MODULE, PACKAGE_INSTALLED, PACKAGE_INDEX_ROW };

struct package {
	enum package_origin origin;
	const char *name; /* a bare module's: the module's name */
	/* NULL: not said. filename: an index row's */
	const char *version, *architecture, *status, *filename;
	const char *section; /* likewise */
	struct formulas depends, conflicts;
	struct formulas install_if; /* apk: to be installed when all of these are */
	struct formulas provides; /* one alternative each; RELATION_EQUAL where versioned */
	struct formulas replaces; /* whose files it may overwrite */
	/* apk: packages of one origin may overwrite each other's files; NULL: not said */
	const char *origin_name;
	/* apk: of several that provide one name, the highest is chosen; 0: not said */
	uint64_t priority;
	struct strings files; /* without leading "/", sorted */
	struct modules modules; /* sorted by name */
	/* of /lib/modules/<release>/, sorted: where its modules would be installed */
	struct strings releases;
	struct autoloads autoload;
	const struct providers *providers; /* what its own files declare, or NULL */
	const struct config *config; /* the kernel's, out of configs.ko (kmod-ikconfig), or NULL */
	struct abi abi; /* from Depends: kernel (= ...); version NULL: it names none */
	const char *
		/* a second pin, on another version of the kernel than abi, as written; NULL:
		 * there is none */
		other_pin;
	/* path as the user gave it or as found under the feed; NULL for a database row */
	const char *file;
	const char *witness;
	/* NULL, or why the package cannot be read: one sentence that names the place */
	const char *problem;
	uint64_t size;
	/* zero of a bare module that was read with module_reader.twins */
	struct sha256 digest; /* of the file */
	const char *stated_sha256; /* an index row's SHA256sum, else NULL */
	uint64_t stated_size; /* an index row's Size, 0: not said */
	/* an apk index's or database's C: line; of an apk file what it really is */
	const char *stated_identity;
	bool vouched; /* an index beside it states its checksum, and it has that */
	bool listed; /* an index beside it has a row for it */
	bool absent; /* the row of an index whose file is not there */
	bool apk; /* of apk-tools: its versions are ordered as apk does */
	size_t feed; /* which feed of the world it came with */
};

struct packages {
	struct package *list;
	size_t count, room;
};

/* Fills name, version, architecture, depends, conflicts, provides, abi, filename, stated_* and
 * status from a stanza. False when it has no Package field. */
bool package_from_stanza(struct arena *arena, const struct stanza *stanza, const char *witness,
			 struct package *ret);

/* Some dependency names a version of the kernel, if only as an alternative. */
bool package_names_kernel(const struct package *package);
/* Sets abi and other_pin from depends: "kernel (= ...)" that stands alone. All such pins count;
 * one among alternatives is none. */
void package_pin(struct arena *arena, struct package *package, const char *witness);

/* Reads the package file at PATH. Never fails: what cannot be read has PROBLEM set. Bytes live
 * in reader->scratch, which is reset inside. */
struct package package_read(struct module_reader *reader, const char *path);

/* True for a dependency that is the kernel's own pin. */
bool dependency_is_kernel(const struct dependency *dependency);
/* <0, 0, >0 as A is of an older, the same, a newer version than B: in apk's order when both are
 * of apk, else in opkg's. */
int package_versions(const struct package *a, const struct package *b);
/* PACKAGE is called DEPENDENCY's name and has a version that fits. */
bool package_is(const struct package *package, const struct dependency *dependency);
/* PACKAGE is called DEPENDENCY's name, or provides it, in a version that fits. */
bool package_satisfies(const struct package *package, const struct dependency *dependency);

#endif

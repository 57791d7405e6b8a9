/* SPDX-License-Identifier: ISC */
/* version - the order of versions and the dependency formulas of opkg (libopkg/pkg.c,
 * verrevcmp; pkg_depends.c), and OpenWrt's kernel abi. */
#ifndef KMODAUDIT_VERSION_H
#define KMODAUDIT_VERSION_H

#include "facts/module/fact.h"

enum relation {
	RELATION_ANY, /* no version stated */
	RELATION_EQUAL,
	/* apk's <, and opkg's <<, which an equal version satisfies as well
	 * (version_constraints_satisfied) */
	RELATION_LESS,
	RELATION_LESS_EQUAL, /* <=, and opkg's < */
	RELATION_GREATER, /* apk's >, and opkg's >>, which an equal version satisfies as well */
	RELATION_GREATER_EQUAL, /* >=, and opkg's > */
	RELATION_FUZZY, /* apk's ~: the version begins with these parts */
	RELATION_FUZZY_LESS, /* apk's <~: less, or begins with these parts */
	RELATION_FUZZY_GREATER, /* apk's >~ */
	RELATION_IDENTITY, /* apk's ><: the package with this checksum, whatever its version */
};

struct dependency {
	const char *name;
	enum relation relation;
	const char *version; /* NULL with RELATION_ANY */
	bool apk; /* versions are compared in apk's order, not in opkg's */
};

/* One element of a Depends line. Any of its alternatives satisfies it. */
struct formula {
	struct dependency *list;
	size_t count, room;
	const char *text; /* as written, with single blanks */
	/* "foo *" of opkg: nothing need be there; what the feeds have comes along if all that it
	 * needs is installed */
	bool greedy;
	bool optional; /* it is greedy, or of Recommends: what nothing satisfies is left out */
};

struct formulas {
	struct formula *list;
	size_t count, room;
};

/* <0, 0 or >0 if A is older than, equal to or newer than B, in opkg's order. */
int version_compare(const char *a, const char *b);
/* True if VERSION satisfies DEPENDENCY. For apk a VERSION of NULL (provides without a
 * version) is older than any; opkg never has one. */
bool version_satisfies(const char *version, const struct dependency *dependency);
/* Parses "a (>= 1), b | c". A part that cannot be parsed becomes a dependency on its
 * whole text, which no package satisfies. */
struct formulas formulas_read(struct arena *arena, struct span text);
/* The same for Recommends: what the feeds have comes along as if it were in Depends. */
void formulas_recommend(struct arena *arena, struct span text, struct formulas *depends);
/* The same for Conflicts, whose versions count behind a "*", too. */
struct formulas formulas_read_conflicts(struct arena *arena, struct span text);
/* Parses Provides or Replaces: names between blanks and commas. */
struct formulas formulas_read_names(struct arena *arena, struct span text);
/* Why opkg crashes when it parses the list TEXT of dependencies or conflicts, its first line with
 * all blanks, as a clause about it; NULL if it does not. */
const char *formulas_crash(struct arena *arena, struct span text);

/* The identity of a kernel build, from a package version such as "4.14.275-1-<md5>" (to
 * 23.05) or "6.6.86~<md5>-r1" (from 24.10). */
struct abi {
	/* the package version without the hash: "4.14.275-1",
	 * "6.6.86-r1"; NULL: unknown */
	const char *version;
	/* 32 lower-case hex digits; NULL: none, as in "2.6.32.59-1", which
	 * identifies no build */
	const char *hash;
	const char *release; /* the kernel version at the start: "4.14.275" */
	const char *witness; /* the bytes that show it, or where the program looked */
};

struct abi abi_read(struct arena *arena, const char *version, const char *witness);
/* ABI as the package manager writes it; without a hash its version; NULL if it is not
 * known. */
const char *abi_text(struct arena *arena, const struct abi *abi);
/* True if both are known and have the same version and hash. */
bool abi_equal(const struct abi *a, const struct abi *b);
/* True if RELEASE (uname -r) is VERSION, or VERSION with a local suffix, as
 * "5.10.0-custom" for "5.10.0". */
bool release_fits(const char *release, const char *version);

#endif

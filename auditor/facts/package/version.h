/* SPDX-License-Identifier: ISC */
/* version - how opkg orders versions and reads dependency formulas (opkg libopkg/pkg.c
 * verrevcmp, pkg_depends.c). */
#ifndef KMODAUDIT_VERSION_H
#define KMODAUDIT_VERSION_H

#include "facts/module/fact.h"

enum relation {
	RELATION_ANY, /* no version named */
	RELATION_EQUAL,
	/* apk's <; opkg's <<, which an equal version meets, too
	 * (version_constraints_satisfied) */
	RELATION_LESS,
	RELATION_LESS_EQUAL, /* <=, and opkg's < */
	RELATION_GREATER, /* apk's >; opkg's >>, which an equal version meets, too */
	RELATION_GREATER_EQUAL, /* >=, and opkg's > */
	RELATION_FUZZY, /* apk's ~: begins with these parts */
	RELATION_FUZZY_LESS, /* apk's <~: less, or begins with these parts */
	RELATION_FUZZY_GREATER, /* apk's >~ */
	RELATION_IDENTITY, /* apk's ><: the package with this checksum, whatever its version */
};

struct dependency {
	const char *name;
	enum relation relation;
	const char *version; /* NULL with RELATION_ANY */
	bool apk; /* compared in apk's order, not in opkg's */
};

/* One conjunct of a Depends line: any of its alternatives will do. */
struct formula {
	struct dependency *list;
	size_t count, room;
	const char *text; /* as written, blanks folded */
};

struct formulas {
	struct formula *list;
	size_t count, room;
};

/* <0, 0, >0 as A is older, equal, newer. */
int version_compare(const char *a, const char *b);
/* VERSION NULL: not said. apk then takes it for one that is older than any (provides without a
 * version); opkg never asks. */
bool version_satisfies(const char *version, const struct dependency *dependency);
/* "a (>= 1), b | c" -> formulas; unreadable parts become a dependency on their whole text, so
 * that nothing is lost. */
struct formulas formulas_read(struct arena *arena, struct span text);

/* A kernel's package identity: out of "4.14.275-1-<md5>" (to 23.05) and "6.6.86~<md5>-r1" (from
 * 24.10). */
struct abi {
	/* "4.14.275-1", "6.6.86-r1": the package version without the hash; NULL: not known */
	const char *version;
	/* 32 lower-case hex digits; NULL: there is none (such as "2.6.32.59-1"): no identity */
	const char *hash;
	const char *release; /* "4.14.275": the kernel version in front */
	const char *witness; /* who says so, or where we looked */
};

struct abi abi_read(struct arena *arena, const char *version, const char *witness);
bool abi_equal(const struct abi *a, const struct abi *b); /* both known, same version and hash */

#endif

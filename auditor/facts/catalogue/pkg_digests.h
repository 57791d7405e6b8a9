/* SPDX-License-Identifier: ISC */
/* pkg_digests - digests of a FreeBSD repository of version 1: where each row of
 * packagesite.yaml begins, and a digest of what it says. pkg 1.0 to 1.3 read the rows
 * that it lists and no others; later versions do not read it. Private to facts/. */
#ifndef KMODAUDIT_PKG_DIGESTS_H
#define KMODAUDIT_PKG_DIGESTS_H

#include "base/array.h"
#include "base/error.h"

struct pkg_digest {
	const char *origin; /* "security/pfSense-rc" */
	const char *digest;
	uint64_t offset, length; /* of the row; length 0: not stated */
	const char *sum; /* of the package, as in the row; NULL: not stated */
	size_t line;
};

struct pkg_digests {
	struct pkg_digest *list;
	size_t count, room;
};

/* Reads TEXT, sorted by offset. Lines that cannot be read are counted in *BAD. */
bool pkg_digests_read(struct arena *arena, struct span text, struct pkg_digests *ret, size_t *bad,
		      struct error *error);

/* How digests and packagesite.yaml differ in one row. */
struct pkg_contradiction {
	const char *name; /* the package, or the origin where digests names no row */
	const char *path; /* of the package's file, as the row states it, or NULL */
	const char *what; /* "digest", "origin", "length", "sum"; NULL: it is in one of them only */
	const char *stated, *found; /* in digests, in packagesite.yaml; NULL: no row */
	size_t line; /* of digests; 0: none lists the row */
};

struct pkg_contradictions {
	struct pkg_contradiction *list;
	size_t count, room;
};

/* Compares DIGESTS with TEXT, packagesite.yaml, and adds what differs to RET. A digest
 * in a form that no version of pkg writes is not compared. */
void pkg_digests_compare(struct arena *arena, const struct pkg_digests *digests, struct span text,
			 struct pkg_contradictions *ret);

#endif

/* SPDX-License-Identifier: ISC */
/* pkg_filesite - filesite.yaml of a FreeBSD repository of version 1: the files of each
 * package. pkg does not read it; other programs search it for the package that has a
 * file. Private to facts/. */
#ifndef KMODAUDIT_PKG_FILESITE_H
#define KMODAUDIT_PKG_FILESITE_H

#include "base/array.h"
#include "base/error.h"

struct pkg_listed {
	const char *name, *version;
	struct strings modules; /* paths of its files that end in .ko, sorted */
	size_t number; /* of the object, from 1 */
};

struct pkg_filesite {
	struct pkg_listed *list;
	size_t count, room;
};

/* Reads TEXT. Objects without name or version are counted in *BAD. */
bool pkg_filesite_read(struct arena *arena, struct span text, struct pkg_filesite *ret, size_t *bad,
		       struct error *error);

#endif

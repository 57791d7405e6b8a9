/* SPDX-License-Identifier: ISC */
/* symbols - what modules and kernels export, and what modules import. */
#ifndef KMODAUDIT_SYMBOLS_H
#define KMODAUDIT_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A symbol that a kernel or module exports, from __ksymtab* and __kcrctab* (Linux
 * include/linux/export.h). */
struct export
{
	const char *name;
	const char *name_space; /* NULL: none */
	uint32_t crc; /* valid only if has_crc is set; 0 is a legal CRC */
	bool has_crc;
	bool gpl_only;
	bool local; /* FreeBSD: a symbol with STB_LOCAL, which its kernel finds as well */
};

struct exports {
	struct export *list;
	size_t count, room;
};

/* A CRC that may be missing: 0 is a legal CRC. */
struct crc {
	bool known;
	uint32_t value;
};

/* Which sections of a module have the CRCs of its imports. */
enum versions {
	VERSIONS_NONE,
	VERSIONS_BASIC, /* __versions */
	VERSIONS_EXTENDED, /* __version_ext_crcs and __version_ext_names, read since 6.14 */
};

/* A symbol that a module uses and does not define. */
struct import {
	const char *name;
	uint32_t crc; /* from __versions; valid only if has_crc is set */
	bool has_crc;
	struct crc extended; /* from __version_ext_crcs */
	bool weak; /* STB_WEAK: may stay unresolved */
	/* index of its first entry in the symbol table: the loader resolves symbols
	 * in this order */
	uint32_t place;
};

struct imports {
	struct import *list;
	size_t count, room;
};

/* The export with that name, or NULL. EXPORTS must be sorted with exports_sort. */
struct export *exports_find(const struct exports *exports, const char *name);
void exports_sort(struct exports *exports);

#endif

/* SPDX-License-Identifier: ISC */
/* symbols - what modules and kernels export, and what modules import. */
#ifndef KMODAUDIT_SYMBOLS_H
#define KMODAUDIT_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A symbol that somebody exports: from __ksymtab*, __kcrctab* (Linux include/linux/export.h,
 * kernel/module). */
struct export
{
	const char *name;
	const char *name_space; /* NULL: none */
	uint32_t crc; /* valid only with has_crc; 0 is a legal CRC */
	bool has_crc;
	bool gpl_only;
};

struct exports {
	struct export *list;
	size_t count, room;
};

/* A CRC that may be missing; 0 is a legal CRC. */
struct crc {
	bool known;
	uint32_t value;
};

/* Where a module keeps the CRCs of what it imports. */
enum versions {
	VERSIONS_NONE,
	VERSIONS_BASIC, /* __versions */
	VERSIONS_EXTENDED, /* __version_ext_crcs and __version_ext_names, read since 6.14 */
};

/* An undefined symbol of a module. */
struct import {
	const char *name;
	uint32_t crc; /* from __versions; valid only with has_crc */
	bool has_crc;
	struct crc extended; /* from __version_ext_crcs */
	bool weak; /* STB_WEAK: may stay unresolved */
	/* of the first such symbol in the symbol table: the loader resolves them in that
	 * order */
	uint32_t place;
};

struct imports {
	struct import *list;
	size_t count, room;
};

/* The export of that name, or NULL. EXPORTS must be sorted by name (exports_sort). */
struct export *exports_find(const struct exports *exports, const char *name);
void exports_sort(struct exports *exports);

#endif

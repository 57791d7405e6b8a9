/* SPDX-License-Identifier: ISC */
/* ksymtab - functions that together find the export table in a kernel image.
 * Private to facts/. */
#ifndef KMODAUDIT_KSYMTAB_H
#define KMODAUDIT_KSYMTAB_H

#include "facts/module/elf.h"
#include "facts/kernel/kernel.h"
#include "facts/module/load.h"

/* The form of the entries of a __ksymtab (Linux include/linux/export.h): { value, name
 * } up to 5.3, { value, name, namespace } since 5.4. Each field is a machine word, or
 * since 4.19 on some machines a 4-byte offset relative to itself (PREL32). */
struct form {
	bool relative;
	unsigned word; /* bytes in a field */
	unsigned fields; /* 2 or 3 in an entry */
	enum endian endian;
	uint64_t base; /* the address of the image's first byte; 0 if relative */
};

/* An image, with a bit for each byte at which an identifier that ends
 * with NUL begins. */
struct scan {
	struct span image;
	const uint64_t *names; /* one bit for each byte of the image */
	struct arena *scratch;
};

/* Consecutive entries, which may be several tables: __ksymtab first, then
 * __ksymtab_gpl and others. */
struct table {
	struct form form;
	size_t start, count;
	/* the number of entries at which a new table begins, because the
	 * order starts again */
	size_t breaks;
	/* index of the first entry of the second table; COUNT if there is only one */
	size_t second;
	bool is_sorted; /* by name; up to 2.6.38 the entries are in link order */
	/* names below this offset are strays, which say nothing about the table's form */
	size_t strays_end;
	size_t names_at; /* the lowest offset to which a name or namespace points */
};

/* The data between the last entry and the first string. */
struct tail {
	unsigned crc; /* bytes of a CRC; 0: there are none */
	bool flags; /* __kflagstab: one byte for each entry, in which bit 0 means GPL-only */
	size_t crcs_at, flags_at;
	bool known;
};

struct scan scan_begin(struct arena *scratch, struct span image);

static inline bool scan_is_name(const struct scan *scan, uint64_t offset)
{
	return offset < scan->image.size && (scan->names[offset >> 6] >> (offset & 63) & 1);
}

bool is_identifier_byte(uint8_t byte);

/* True if an identifier begins at OFFSET and is not the end of a longer one. */
static inline bool scan_is_start(const struct scan *scan, uint64_t offset)
{
	return scan_is_name(scan, offset) &&
	       (offset == 0 || !is_identifier_byte(scan->image.data[offset - 1]));
}

static inline size_t form_size(const struct form *form)
{
	return (size_t)form->word * form->fields;
}

/* The offset in the image to which field FIELD of the entry at OFFSET points. It is far
 * outside the image if the pointer is. */
uint64_t form_target(const struct scan *scan, const struct form *form, size_t offset,
		     unsigned field);
/* True if the bytes at OFFSET can be an entry. */
bool form_fits(const struct scan *scan, const struct form *form, size_t offset);
/* The namespace of the entry at OFFSET, or NULL. */
const char *form_namespace(struct arena *arena, const struct scan *scan, const struct form *form,
			   size_t offset);
/* The name of the entry at OFFSET, for which form_fits must be true. It points
 * into the image. */
const char *form_name(const struct scan *scan, const struct form *form, size_t offset);

/* Extends the entry at ANCHOR in both directions as far as entries fit. False if the
 * result does not look like an export table. */
bool table_grow(const struct scan *scan, const struct form *form, size_t anchor, struct table *ret);

/* ksymtab_tail.c: finds the CRCs and flags after the entries, and decides whether the
 * entries are exports at all. */
struct tail table_tail(const struct scan *scan, const struct table *table);
bool table_is_plausible(const struct scan *scan, const struct table *table);

/* ksymtab_find.c: the largest table of any form. ENDIANS: 1 little, 2 big, 3 both. */
bool table_find(const struct scan *scan, unsigned endians, struct table *ret);
/* ksymtab_base.c: finds runs of absolute pointers and the base address at which they
 * point to names. Replaces *BEST if it finds a larger table. */
void table_find_absolute(const struct scan *scan, enum endian endian, unsigned word,
			 unsigned fields, struct table *best);

/* ksymtab_rela.c: a copy of the image with its relative relocations applied; FOUND is
 * false if it has none. */
struct span rela_apply(struct arena *scratch, struct span image, enum endian endian, uint64_t *base,
		       bool *found);

/* ksymtab_elf.c: reads the exports from the sections or symbols of an ELF kernel. False
 * if it has neither. */
bool ksymtab_from_elf(struct arena *arena, struct arena *scratch, const struct elf *elf,
		      const char *witness, struct kernel_exports *ret);

#endif

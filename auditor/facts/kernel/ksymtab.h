/* SPDX-License-Identifier: ISC */
/* ksymtab - the pieces of the search for export tables in a kernel image. Private to facts/. */
#ifndef KMODAUDIT_KSYMTAB_H
#define KMODAUDIT_KSYMTAB_H

#include "facts/module/elf.h"
#include "facts/kernel/kernel.h"
#include "facts/module/load.h"

/*
 * How the entries of a __ksymtab lie (Linux include/linux/export.h):
 *   up to 5.3  { value, name }, from 5.4 { value, name, namespace }
 * each a machine word, or 4 bytes relative to themselves (PREL32, from 4.19 on some machines).
 */
struct form {
	bool relative;
	unsigned word; /* bytes of a field */
	unsigned fields; /* 2 or 3 */
	enum endian endian;
	uint64_t base; /* the address of the first byte of the image; 0 when relative */
};

/* An image, and which of its bytes begin an identifier that ends with NUL. */
struct scan {
	struct span image;
	const uint64_t *names; /* one bit a byte */
	struct arena *scratch;
};

/* A run of entries: one table after the other, __ksymtab first. */
struct table {
	struct form form;
	size_t start, count;
	/* how often the order starts anew: where one table ends and the next begins */
	size_t breaks;
	/* index of the first entry behind the first break; COUNT when there is none */
	size_t second;
	bool is_sorted; /* by name; up to 2.6.38 entries lie as they were linked */
	size_t names_at; /* the lowest place that a name or a namespace points to */
};

/* What lies between the last entry and the first string. */
struct tail {
	unsigned crc; /* bytes of a CRC; 0: none */
	bool flags; /* __kflagstab: a byte each, bit 0 says GPL-only */
	size_t crcs_at, flags_at;
	bool known;
};

struct scan scan_begin(struct arena *scratch, struct span image);

static inline bool scan_is_name(const struct scan *scan, uint64_t offset)
{
	return offset < scan->image.size && (scan->names[offset >> 6] >> (offset & 63) & 1);
}

bool is_identifier_byte(uint8_t byte);

/* A whole string begins there, not the tail of one. */
static inline bool scan_is_start(const struct scan *scan, uint64_t offset)
{
	return scan_is_name(scan, offset) &&
	       (offset == 0 || !is_identifier_byte(scan->image.data[offset - 1]));
}

static inline size_t form_size(const struct form *form)
{
	return (size_t)form->word * form->fields;
}

/* Where field FIELD of the entry at OFFSET points to, as an offset into the image (far outside
 * when it points there). */
uint64_t form_target(const struct scan *scan, const struct form *form, size_t offset,
		     unsigned field);
/* Whether an entry can be at OFFSET. */
bool form_fits(const struct scan *scan, const struct form *form, size_t offset);
/* The name in the image; the entry must fit. */
const char *form_name(const struct scan *scan, const struct form *form, size_t offset);

/* The table around the entry at ANCHOR, as far as entries fit; false when what is found does
 * not look like one. */
bool table_grow(const struct scan *scan, const struct form *form, size_t anchor, struct table *ret);

/* ksymtab_tail.c: what lies behind the entries, and whether it is sure enough that they are
 * exports at all. */
struct tail table_tail(const struct scan *scan, const struct table *table);
bool table_is_plausible(const struct scan *scan, const struct table *table);

/* ksymtab_find.c: the largest table of any form in the image; ENDIANS: 1 little, 2 big, 3 both. */
bool table_find(const struct scan *scan, unsigned endians, struct table *ret);
/* ksymtab_base.c: runs of absolute pointers, and the base that makes names of them. Keeps the
 * larger of *BEST and what it finds. */
void table_find_absolute(const struct scan *scan, enum endian endian, unsigned word,
			 unsigned fields, struct table *best);

/* ksymtab_rela.c: the image with its relative relocations applied, or no bytes when it has none. */
struct span rela_apply(struct arena *scratch, struct span image, enum endian endian, uint64_t *base,
		       bool *found);

/* ksymtab.c: names, CRCs and marks of a table into RET. */
void table_export(struct arena *arena, const struct scan *scan, const struct table *table,
		  struct kernel_exports *ret);

/* ksymtab_elf.c: by the sections or the symbols of an ELF kernel; false when it has neither. */
bool ksymtab_from_elf(struct arena *arena, struct arena *scratch, const struct elf *elf,
		      const char *witness, struct kernel_exports *ret);

#endif

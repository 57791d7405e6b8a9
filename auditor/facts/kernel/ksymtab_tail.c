/* SPDX-License-Identifier: ISC */
/* Finds kcrctab, flags and strings behind the entries of a ksymtab and decides whether
 * a candidate is plausible (Linux include/asm-generic/vmlinux.lds.h, RO_DATA). */
#include "facts/kernel/ksymtab.h"

enum {
	MANY = 64, /* entries; this many in two sorted runs are not a coincidence */
	/* entries; this many in the order of their strings, in two runs,
	 * are not either */
	ORDERED = 32,
};

/* True if the bytes are strings and padding. */
static bool is_text(const struct scan *scan, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		uint8_t byte = scan->image.data[i];

		if (byte != 0 && !is_identifier_byte(byte) && !strchr(":,-*", byte))
			return false;
	}
	return true;
}

static bool is_words(const struct scan *scan, const struct form *form, size_t from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (load64(scan->image.data + from + i * 8, form->endian) >> 32)
			return false;
	return true;
}

static bool is_flags(const struct scan *scan, size_t from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (scan->image.data[from + i] > 1)
			return false;
	return true;
}

/* The data after the entries (Linux include/asm-generic/vmlinux.lds.h, RO_DATA):
 *   entries | [ CRCs, u32 each; unsigned long up to 4.10 ] | [ flags, u8 each ] | strings
 * Strings of dropped exports may come before the first one in use. */
struct tail table_tail(const struct scan *scan, const struct table *table)
{
	size_t end = table->start + table->count * form_size(&table->form),
	       strings = table->names_at;
	size_t gap = strings > end ? strings - end : 0, count = table->count;

	if (strings < end || strings > scan->image.size)
		return (struct tail){.known = false};
	if (table->breaks == 0 && gap >= count && gap < 4 * count && is_flags(scan, end, count) &&
	    is_text(scan, end + count, strings))
		return (struct tail){.known = true, .flags = true, .flags_at = end};
	if (is_text(scan, end, strings))
		return (struct tail){.known = true};
	if (gap >= 8 * count && table->form.word == 8 && is_words(scan, &table->form, end, count) &&
	    is_text(scan, end + 8 * count, strings))
		return (struct tail){.known = true, .crc = 8, .crcs_at = end};
	if (gap >= 5 * count && table->breaks == 0 && is_flags(scan, end + 4 * count, count) &&
	    is_text(scan, end + 5 * count, strings))
		return (struct tail){.known = true,
				     .crc = 4,
				     .crcs_at = end,
				     .flags = true,
				     .flags_at = end + 4 * count};
	if (gap >= 4 * count && is_text(scan, end + 4 * count, strings))
		return (struct tail){.known = true, .crc = 4, .crcs_at = end};
	return (struct tail){.known = false};
}

static int value_compare(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static bool has_gplonly(const struct scan *scan, const struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const char *name =
			form_name(scan, &table->form, table->start + i * form_size(&table->form));

		if (strncmp(name, "GPLONLY_", 8) == 0)
			return true;
	}
	return false;
}

bool table_is_plausible(const struct scan *scan, const struct table *table)
{
	uint64_t *values = arena_raw(scan->scratch, table->count * sizeof *values);
	size_t same = 0, names = 0;

	/* In an export table values are distinct and do not point to the starts of
	 * strings, unlike in the many other lists of pointers to names in a kernel. */
	for (size_t i = 0; i < table->count; i++) {
		values[i] = form_target(scan, &table->form,
					table->start + i * form_size(&table->form), 0);
		names += scan_is_start(scan, values[i]);
	}
	qsort(values, table->count, sizeof *values, value_compare);
	for (size_t i = 1; i < table->count; i++)
		same += values[i] == values[i - 1];
	if (same > table->count / 4 || names > table->count / 4)
		return false;
	if (table_tail(scan, table).known)
		return table->is_sorted ? table->breaks <= 1 || table->count >= MANY
					: (table->breaks > 0 && table->count >= ORDERED) ||
						  has_gplonly(scan, table);
	return (table->is_sorted && table->breaks == 1 && table->count >= MANY) ||
	       has_gplonly(scan, table);
}

/* SPDX-License-Identifier: ISC */
/* Decodes single __ksymtab entries and extends a match to the whole table: its ends,
 * its order, and where one table follows another. */
#include "facts/kernel/ksymtab.h"

enum {
	TABLE_LEAST = 8, /* entries; fewer can be a coincidence */
	BREAKS_MOST = 4, /* plain, gpl, and up to 5.11 also unused, unused_gpl, gpl_future */
	SPURIOUS_MOST = 3,
	STRAYS_MOST = 32, /* one name in so many */
};

static bool is_identifier_start(uint8_t byte)
{
	return byte == '_' || byte == '.' || byte == '$' || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z');
}

bool is_identifier_byte(uint8_t byte)
{
	return is_identifier_start(byte) || (byte >= '0' && byte <= '9');
}

struct scan scan_begin(struct arena *scratch, struct span image)
{
	uint64_t *names = arena_get(scratch, (image.size / 64 + 1) * sizeof *names);
	uint8_t kinds[256];
	bool ends_well = false;

	for (unsigned i = 0; i < 256; i++)
		kinds[i] = is_identifier_start((uint8_t)i) ? 2 : is_identifier_byte((uint8_t)i);
	for (size_t i = image.size; i-- > 0;) {
		uint8_t kind = kinds[image.data[i]];

		ends_well = kind ? ends_well : image.data[i] == 0;
		if (kind == 2 && ends_well)
			names[i >> 6] |= (uint64_t)1 << (i & 63);
	}
	return (struct scan){image, names, scratch};
}

uint64_t form_target(const struct scan *scan, const struct form *form, size_t offset,
		     unsigned field)
{
	size_t at = offset + (size_t)field * form->word;
	uint64_t value = load_word(scan->image.data + at, form->word, form->endian);

	if (form->relative)
		return at + (uint64_t)(int64_t)(int32_t)value;
	return form->word == 4 ? (uint32_t)(value - form->base) : value - form->base;
}

/* The offset of the namespace; UINT64_MAX for none. Exports made in assembly have
 * a null pointer. */
static uint64_t namespace_of(const struct scan *scan, const struct form *form, size_t offset)
{
	size_t at = offset + (size_t)2 * form->word;

	if (form->fields < 3 || load_word(scan->image.data + at, form->word, form->endian) == 0)
		return UINT64_MAX;
	return form_target(scan, form, offset, 2);
}

const char *form_namespace(struct arena *arena, const struct scan *scan, const struct form *form,
			   size_t offset)
{
	struct span text;

	return span_string(scan->image, namespace_of(scan, form, offset), &text) && text.size > 0
		       ? arena_string(arena, text)
		       : NULL;
}

bool form_fits(const struct scan *scan, const struct form *form, size_t offset)
{
	if (offset > scan->image.size || form_size(form) > scan->image.size - offset ||
	    !scan_is_name(scan, form_target(scan, form, offset, 1)))
		return false;

	uint64_t space = namespace_of(scan, form, offset);

	/* none, an empty string, "NETDEV_INTERNAL" or "module:kvm-intel,kvm-amd" */
	return space == UINT64_MAX || (space < scan->image.size &&
				       (scan->image.data[space] == 0 || scan_is_name(scan, space) ||
					span_starts(span_skip(scan->image, space), "module:")));
}

const char *form_name(const struct scan *scan, const struct form *form, size_t offset)
{
	return (const char *)scan->image.data + form_target(scan, form, offset, 1);
}

static size_t entry_at(const struct table *table, size_t index)
{
	return table->start + index * form_size(&table->form);
}

static uint64_t name_at(const struct scan *scan, const struct table *table, size_t index)
{
	return form_target(scan, &table->form, entry_at(table, index), 1);
}

/* The names of a table are in __ksymtab_strings, behind it, with few exceptions: up to 2.6.35
 * three exports of ARM have theirs in .rodata (arch/arm/kernel/armksyms.c,
 * EXPORT_SYMBOL_ALIAS). Returns the end of the table if at most one name in STRAYS_MOST is
 * before it, otherwise 0. */
static size_t strays_end(const struct scan *scan, const struct table *table)
{
	size_t end = entry_at(table, table->count), strays = 0;

	for (size_t i = 0; i < table->count; i++)
		strays += name_at(scan, table, i) < end;
	return strays <= table->count / STRAYS_MOST ? end : 0;
}

/* True if entry INDEX starts a new table, because it does not follow the entry LAST. Within one
 * table names increase, or in an unsorted table the addresses of names do. */
static bool is_break(const struct scan *scan, const struct table *table, size_t last, size_t index)
{
	uint64_t before = name_at(scan, table, last), here = name_at(scan, table, index);

	if (!table->is_sorted)
		return here <= before && here >= table->strays_end;
	return strcmp((const char *)scan->image.data + before,
		      (const char *)scan->image.data + here) >= 0;
}

static bool order_find(const struct scan *scan, struct table *table)
{
	for (unsigned sorted = 2; sorted-- > 0;) {
		struct table tried = *table;
		size_t front = SPURIOUS_MOST, last = 0;

		tried.is_sorted = sorted;
		/* up to SPURIOUS_MOST entries before an early break, or of which the last has
		 * a stray name, are other data that happens to decode as entries */
		while (front > 0 && (tried.count <= TABLE_LEAST + front ||
				     (!is_break(scan, &tried, front - 1, front) &&
				      name_at(scan, &tried, front - 1) >= tried.strays_end)))
			front--;
		tried.start = entry_at(&tried, front);
		tried.count -= front;
		tried.breaks = 0;
		tried.second = tried.count;
		for (size_t i = 1; i < tried.count && tried.breaks <= BREAKS_MOST; i++) {
			if (is_break(scan, &tried, last, i) && tried.breaks++ == 0)
				tried.second = i;
			if (sorted || name_at(scan, &tried, i) >= tried.strays_end)
				last = i;
		}
		if (tried.breaks <= BREAKS_MOST) {
			*table = tried;
			return true;
		}
	}
	return false;
}

/* True if all names but strays are within one area, as in __ksymtab_strings, and the values
 * of an absolute table are in the image or shortly after it (.bss). Up to a quarter may be
 * elsewhere: per-CPU offsets. */
static bool targets_agree(const struct scan *scan, struct table *table)
{
	const struct form *form = &table->form;
	uint64_t lowest = UINT64_MAX, highest = 0;
	size_t near = 0;

	for (size_t i = 0; i < table->count; i++) {
		size_t at = entry_at(table, i);
		uint64_t name = form_target(scan, form, at, 1),
			 value = form_target(scan, form, at, 0);
		uint64_t space = namespace_of(scan, form, at);

		if (name >= table->strays_end) {
			highest = name > highest ? name : highest;
			lowest = name < lowest ? name : lowest;
		}
		lowest = space < lowest ? space : lowest;
		near += value < 8 * (uint64_t)scan->image.size + (64u << 20);
	}
	table->names_at = lowest;
	return highest - lowest <= 64 * (uint64_t)table->count + 65536 &&
	       near >= table->count - table->count / 4;
}

bool table_grow(const struct scan *scan, const struct form *form, size_t anchor, struct table *ret)
{
	struct table table = {.form = *form, .start = anchor};
	size_t size = form_size(form), end = anchor;

	while (table.start >= size && form_fits(scan, form, table.start - size))
		table.start -= size;
	while (form_fits(scan, form, end))
		end += size;
	table.count = (end - table.start) / size;
	table.strays_end = strays_end(scan, &table);
	if (table.count < TABLE_LEAST || !order_find(scan, &table) ||
	    !targets_agree(scan, &table) || !table_is_plausible(scan, &table))
		return false;
	*ret = table;
	return true;
}

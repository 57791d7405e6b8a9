/* SPDX-License-Identifier: ISC */
/* Parses Module.symvers (Linux scripts/mod/modpost.c) and System.map into a table of
 * exports with CRCs. */
#include "facts/kernel/kernel.h"

struct row {
	struct span crc, name, module, class, name_space;
};

/* Parses a row of Module.symvers (scripts/mod/modpost.c):
 *   crc \t name \t module \t export class [\t namespace]
 * 5.3 and early 5.4 have the namespace after the name; before 2.6.18 there is no class. */
static bool row_parse(struct span line, struct row *row)
{
	struct span columns[5] = {{NULL, 0}};
	size_t count = 0;

	for (struct span rest = line; count < 5; count++) {
		if (!span_split(rest, '\t', &columns[count], &rest)) {
			columns[count++] = rest;
			break;
		}
	}
	*row = (struct row){columns[0], columns[1], columns[2], columns[3], columns[4]};
	if (count == 5 && !span_starts(row->class, "EXPORT_") && span_starts(columns[4], "EXPORT_"))
		*row = (struct row){columns[0], columns[1], columns[3], columns[4], columns[2]};
	return count >= 3 && row->crc.size > 2 && row->name.size > 0 && span_starts(row->crc, "0x");
}

static bool two_kernels(const char *path, const struct export *export, uint32_t crc,
			struct error *error)
{
	return fail(error, "%s: it is of two kernels: %s has the CRCs 0x%08x and 0x%08x", path,
		    export->name, export->crc, crc);
}

/* One kernel exports a name once (scripts/mod/modpost.c, "exported twice"). Two rows
 * with different CRCs are of two builds, and none of them proves anything. */
static bool exports_unique(const char *name, struct exports *exports, struct error *error)
{
	size_t kept = 0;

	exports_sort(exports);
	for (size_t i = 0; i < exports->count; i++) {
		const struct export *last = kept ? &exports->list[kept - 1] : NULL,
				    *next = &exports->list[i];

		if (!last || strcmp(last->name, next->name) != 0)
			exports->list[kept++] = *next;
		else if (last->crc != next->crc)
			return two_kernels(name, last, next->crc, error);
	}
	exports->count = kept;
	return true;
}

static bool rows_read(struct arena *arena, const char *name, struct span text, bool vmlinux_only,
		      struct kernel_exports *ret, struct error *error)
{
	struct span line;
	bool any_crc = false, all_classes = true;

	for (size_t number = 1; span_line(&text, &line); number++) {
		struct row row;
		uint64_t crc;

		if (line.size == 0)
			continue;
		if (!row_parse(line, &row) || !span_number(row.crc, 16, &crc) || crc > UINT32_MAX)
			return fail(error, "%s: line %zu is not a row of Module.symvers", name,
				    number);
		any_crc |= crc != 0;
		if (vmlinux_only && !span_is(row.module, "vmlinux"))
			continue;
		all_classes &= row.class.size > 0;

		struct export *export = array_add(arena, &ret->table);

		export->name = arena_string(arena, row.name);
		export->name_space =
			row.name_space.size ? arena_string(arena, row.name_space) : NULL;
		export->crc = (uint32_t)crc;
		export->gpl_only = span_starts(row.class, "EXPORT_SYMBOL_GPL") ||
				   span_is(row.class, "EXPORT_UNUSED_SYMBOL_GPL");
	}
	array_each(export, &ret->table)
		export->has_crc = any_crc;
	ret->crcs = any_crc;
	ret->crcs_known = true;
	ret->gpl_known = all_classes;
	return true;
}

/* The addresses at which, according to System.map, the GPL-only table and the CRC table
 * begin and end. */
struct marks {
	uint64_t gpl_from, gpl_to, crc_from, crc_to;
	bool gpl, crcs;
};

struct map_line {
	uint64_t address;
	char type; /* as nm(1) has it: 'A' for an absolute symbol */
	struct span name;
};

/* parses "address type name" */
static bool map_line_parse(struct span line, struct map_line *ret)
{
	struct span address, type;

	if (!span_token(&line, &address) || !span_token(&line, &type) || type.size != 1 ||
	    !span_token(&line, &ret->name))
		return false;
	ret->type = (char)type.data[0];
	return span_number(address, 16, &ret->address);
}

static struct marks marks_read(struct span text)
{
	struct marks marks = {.gpl = false};
	struct span line;
	unsigned gpl = 0, crcs = 0;

	while (span_line(&text, &line)) {
		struct map_line at;

		if (!map_line_parse(line, &at) ||
		    !(span_starts(at.name, "__start___k") || span_starts(at.name, "__stop___k")))
			continue;
		if (span_is(at.name, "__start___ksymtab_gpl"))
			gpl++, marks.gpl_from = at.address;
		else if (span_is(at.name, "__stop___ksymtab_gpl"))
			gpl++, marks.gpl_to = at.address;
		else if (span_is(at.name, "__start___kcrctab"))
			crcs++, marks.crc_from = at.address;
		else if (span_is(at.name, "__stop___kcrctab"))
			crcs++, marks.crc_to = at.address;
	}
	marks.gpl = gpl == 2;
	marks.crcs = crcs == 2;
	return marks;
}

static bool crcs_attach(const char *path, struct kernel_exports *ret, struct span text,
			struct error *error)
{
	static const char prefix[] = "__crc_";
	struct span line;

	while (span_line(&text, &line)) {
		struct map_line at;
		char name[512];

		if (!map_line_parse(line, &at) || !span_starts(at.name, prefix) ||
		    at.name.size >= sizeof name || (at.type != 'A' && at.type != 'a'))
			continue;
		memcpy(name, at.name.data, at.name.size);
		name[at.name.size] = '\0';

		struct export *export = exports_find(&ret->table, name + sizeof prefix - 1);

		if (!export)
			continue;
		if (export->has_crc && export->crc != (uint32_t)at.address)
			return two_kernels(path, export, (uint32_t)at.address, error);
		export->crc = (uint32_t)at.address;
		export->has_crc = ret->crcs = ret->crcs_known = true;
	}
	return true;
}

/* Reads a System.map. It has a symbol __ksymtab_NAME for each export, whose address
 * is in the plain or in the GPL-only table. The address of __crc_NAME is the CRC
 * (up to 5.18) where the symbol is absolute; since 5.19, and with MODULE_REL_CRCS, it is
 * the place of the CRC. */
static bool map_read(struct arena *arena, const char *name, struct span text,
		     struct kernel_exports *ret, struct error *error)
{
	static const char prefix[] = "__ksymtab_";
	struct marks marks = marks_read(text);
	struct span rest = text, line;

	while (span_line(&rest, &line)) {
		struct map_line at;

		if (!map_line_parse(line, &at) || !span_starts(at.name, prefix) ||
		    at.name.size == sizeof prefix - 1)
			continue;

		struct export *export = array_add(arena, &ret->table);

		export->name = arena_string(arena, span_skip(at.name, sizeof prefix - 1));
		export->gpl_only =
			marks.gpl && at.address >= marks.gpl_from && at.address < marks.gpl_to;
	}
	if (ret->table.count == 0)
		return fail(error,
			    "%s: neither a Module.symvers nor a System.map with __ksymtab_ symbols",
			    name);
	if (!exports_unique(name, &ret->table, error) || !crcs_attach(name, ret, text, error))
		return false;
	ret->crcs_known |= marks.crcs && marks.crc_from == marks.crc_to;
	ret->gpl_known = marks.gpl;
	return true;
}

bool symvers_read(struct arena *arena, const char *name, struct span text, bool vmlinux_only,
		  struct kernel_exports *ret, struct error *error)
{
	struct kernel_exports read = {.source = name,
				      .complete = text.size > 0 && span_last_line(text).size == 0};
	struct span last = span_last_line(text), rest, line;
	struct row row;
	uint64_t crc;

	if (!read.complete)
		read.why = arena_format(arena, "%s: its last line does not end: it may be cut off",
					name);

	/* A last line that does not end is left out, unless it is a row with all
	 * columns: an editor may have taken the end of the line. "EXPORT_SYMBOL" may
	 * have been longer. */
	bool last_whole =
		row_parse(last, &row) &&
		(span_starts(row.class, "EXPORT_SYMBOL_GPL") ||
		 (span_is(row.class, "EXPORT_SYMBOL") && last.data[last.size - 1] == '\t'));

	rest = text = last_whole ? text : span_head(text, text.size - last.size);
	if (span_line(&rest, &line) && row_parse(line, &row) && span_number(row.crc, 16, &crc) &&
	    crc <= UINT32_MAX) {
		if (!rows_read(arena, name, text, vmlinux_only, &read, error))
			return false;
		if (read.table.count == 0)
			return fail(error, "%s: no row for vmlinux", name);
		if (!exports_unique(name, &read.table, error))
			return false;
	} else if (!map_read(arena, name, text, &read, error)) {
		return false;
	}
	*ret = read;
	return true;
}

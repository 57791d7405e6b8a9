/* SPDX-License-Identifier: ISC */
/* Recovers the export table of a raw kernel: runs the search over byte orders and
 * relocated images, then reads names, CRCs and namespaces of the table found. */
#include "facts/kernel/ksymtab.h"

/* True if the CRC table contains offsets to the CRCs (MODULE_REL_CRCS, 4.11 to 5.18,
 * powerpc). If the words were CRCs, not all of them would point into the image. */
static bool crcs_are_relative(const struct scan *scan, const struct table *table,
			      const struct tail *tail)
{
	for (size_t i = 0; i < table->count; i++) {
		size_t at = tail->crcs_at + i * 4;
		int32_t value = (int32_t)load32(scan->image.data + at, table->form.endian);
		uint64_t target = at + (uint64_t)(int64_t)value;

		if (target > scan->image.size - 4)
			return false;
	}
	return true;
}

/* Linux 2.4 has one table, and prefixes the names of GPL-only exports with GPLONLY_. */
static bool gplonly_cut(struct exports *exports)
{
	static const char prefix[] = "GPLONLY_";
	bool any = false;

	array_each(export, exports) {
		if (strncmp(export->name, prefix, sizeof prefix - 1) != 0)
			continue;
		export->name += sizeof prefix - 1;
		export->gpl_only = any = true;
	}
	return any;
}

/* Stores names, CRCs and flags of a table in RET. */
static void table_export(struct arena *arena, const struct scan *scan, const struct table *table,
			 struct kernel_exports *ret)
{
	struct tail tail = table_tail(scan, table);
	bool relative = tail.crc == 4 && crcs_are_relative(scan, table, &tail);

	for (size_t i = 0; i < table->count; i++) {
		size_t at = table->start + i * form_size(&table->form);
		struct export *export = array_add(arena, &ret->table);

		export->name = arena_string(arena, span_text(form_name(scan, &table->form, at)));
		export->name_space = form_namespace(arena, scan, &table->form, at);
		export->gpl_only = i >= table->second;
		export->has_crc = tail.crc != 0;
		if (tail.crc) {
			size_t crc_at = tail.crcs_at + i * tail.crc;
			uint32_t crc = (uint32_t)load_word(scan->image.data + crc_at, tail.crc,
							   table->form.endian);

			if (relative)
				crc = load32(scan->image.data +
						     (crc_at + (uint64_t)(int64_t)(int32_t)crc),
					     table->form.endian);
			export->crc = crc;
		}
		if (tail.flags)
			export->gpl_only = scan->image.data[tail.flags_at + i] & 1;
	}
	ret->entry_size = (unsigned)form_size(&table->form);
	ret->crcs = tail.crc != 0;
	ret->crcs_known = ret->complete = tail.known;
	ret->gpl_known = tail.flags || table->breaks == 1;
	if (!tail.known)
		ret->why =
			arena_format(arena,
				     "neither CRCs nor strings follow the last entry at 0x%zx: the "
				     "end of the table is uncertain",
				     table->start + (table->count - 1) * form_size(&table->form));
	if (table->breaks == 0 && gplonly_cut(&ret->table))
		ret->gpl_known = true;
	exports_sort(&ret->table);
}

/* For kernels that relocate themselves, whose pointers are still zero: applies the
 * relocations and searches again. The first guess of the base address may be wrong by
 * some pages; then the table that was found shows the right one. */
static bool find_relocated(struct scan *scan, enum endian endian, struct table *ret,
			   bool *ret_found)
{
	uint64_t base = 0;

	for (unsigned round = 0; round < 2; round++) {
		struct span relocated =
			rela_apply(scan->scratch, scan->image, endian, &base, ret_found);
		struct table table;

		if (!*ret_found)
			return false;

		struct scan again = scan_begin(scan->scratch, relocated);

		if (!table_find(&again, endian == ENDIAN_LITTLE ? 1 : 2, &table))
			return false;
		if (table.form.relative || table.form.base == base) {
			*scan = again;
			*ret = table;
			return true;
		}
		base = table.form.base;
	}
	return false;
}

struct kernel_exports ksymtab_recover(struct arena *arena, struct span image, const char *witness,
				      struct machine hint, struct machine *ret_machine)
{
	_cleanup_arena_ struct arena scratch = {.top = NULL};
	struct scan scan = scan_begin(&scratch, image);
	struct kernel_exports ret = {.source = NULL};
	struct table table;
	bool little = false, big = false;
	unsigned endians = hint.endian == ENDIAN_BIG ? 2 : 1;

	if (hint.elf == EM_NONE || hint.bits == 0)
		endians = 3;
	*ret_machine = hint;
	if (!table_find(&scan, endians, &table) &&
	    !find_relocated(&scan, ENDIAN_LITTLE, &table, &little) &&
	    !find_relocated(&scan, ENDIAN_BIG, &table, &big)) {
		ret.why = arena_format(arena, "no __ksymtab in %s: %zu bytes searched%s", witness,
				       image.size,
				       little || big ? ", also with its relocations applied" : "");
		return ret;
	}
	table_export(arena, &scan, &table, &ret);
	ret_machine->endian = table.form.endian;
	if (table.form.relative) {
		ret.source =
			arena_format(arena, "%s: __ksymtab at 0x%zx (%u-byte relative entries)",
				     witness, table.start, ret.entry_size);
		return ret;
	}
	ret.source = arena_format(
		arena, "%s: __ksymtab at 0x%zx (%u-byte entries, image at 0x%llx)", witness,
		table.start, ret.entry_size, (unsigned long long)table.form.base);
	ret_machine->bits = (uint8_t)(table.form.word * 8);
	return ret;
}

/* SPDX-License-Identifier: ISC */
/* Reads the exports of a module from __ksymtab*, __kcrctab* and __kflagstab with their
 * relocations, or from __ksymtab_NAME symbols (Linux include/linux/export.h). */
#include "facts/module/load.h"
#include "facts/module/module_elf.h"

/* The suffixes of __ksymtab and __kcrctab sections. */
static const char *const suffixes[] = {"", "_gpl", "_unused", "_unused_gpl", "_gpl_future"};

bool ksymtab_is_gpl(const char *suffix)
{
	return strcmp(suffix, "_gpl") == 0 || strcmp(suffix, "_unused_gpl") == 0;
}

/* The form of the entries: FIELD bytes in a field, FIELDS fields in an
 * entry, COUNT entries. */
struct layout {
	unsigned field, fields;
	size_t count;
};

/* What a field points to. */
struct target {
	struct span text;
	size_t section;
	bool there;
};

static uint64_t in_place(const struct elf *elf, const struct elf_section *section, uint64_t offset,
			 unsigned field)
{
	uint64_t value = 0;

	if (elf->sections.list[section->relocations].type == SHT_RELA ||
	    !span_word(section->bytes, offset, field, elf->machine.endian, &value))
		return 0;
	/* Addends are signed, and addresses wrap in the width of the target. */
	return field == 4 ? (uint64_t)(int64_t)(int32_t)value : value;
}

/* The string at the address that RELOCATION refers to. A PC-relative relocation needs
 * no other treatment: its addend counts from the field itself. */
static struct target target_of(const struct elf *elf, const struct elf_section *section,
			       const struct elf_relocation *relocation, unsigned field)
{
	struct target target = {.there = true};

	if (relocation->symbol >= elf->symbol_count)
		return target;

	struct elf_symbol symbol = elf_symbol(elf, relocation->symbol);
	uint64_t at = symbol.value + relocation->addend +
		      in_place(elf, section, relocation->offset, field);

	if (symbol.section == SHN_UNDEF || symbol.section >= elf->sections.count)
		return target;
	target.section = symbol.section;
	if (!span_string(elf->sections.list[symbol.section].bytes, at, &target.text))
		target.text = (struct span){NULL, 0};
	return target;
}

static bool is_name(struct span text)
{
	if (text.size == 0)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] <= ' ' || text.data[i] >= 0x7f)
			return false;
	return true;
}

/* The targets of all fields of SECTION, if its entries have the form LAYOUT. NULL if an
 * entry has no name: then LAYOUT is wrong. */
static struct target *targets_read(struct arena *scratch, const struct elf *elf,
				   const struct elf_section *section, const struct layout *layout)
{
	struct target *targets =
		arena_get(scratch, layout->count * layout->fields * sizeof *targets);
	size_t relocations = elf_relocation_count(elf, section);

	for (size_t i = 0; i < relocations; i++) {
		struct elf_relocation relocation = elf_relocation(elf, section, i);
		uint64_t field = relocation.offset / layout->field;

		if (relocation.offset % layout->field == 0 &&
		    field < layout->count * layout->fields)
			targets[field] = target_of(elf, section, &relocation, layout->field);
	}
	for (size_t i = 0; i < layout->count; i++) {
		const struct target *entry = &targets[i * layout->fields];

		if (!entry[0].there || !entry[1].there || !is_name(entry[1].text) ||
		    entry[1].section != targets[1].section || entry[0].section == entry[1].section)
			return NULL;
	}
	return targets;
}

/* Finds the form of the entries: { value, name } up to 5.3, { value, name, namespace }
 * since 5.4. Each field is a machine word, or since 4.19 a 4-byte offset relative to
 * itself (HAVE_ARCH_PREL32_RELOCATIONS). Linux include/linux/export.h. */
static struct target *layout_find(struct arena *scratch, const struct elf *elf,
				  const struct elf_section *section, struct layout *ret)
{
	for (unsigned fields = 2; fields <= 3; fields++)
		for (unsigned field = 4; field <= elf->machine.bits / 8u; field += 4) {
			struct layout layout = {field, fields,
						section->bytes.size / (field * fields)};

			if (section->bytes.size % (field * fields) != 0)
				continue;

			struct target *targets = targets_read(scratch, elf, section, &layout);

			if (targets) {
				*ret = layout;
				return targets;
			}
		}
	return NULL;
}

/* Gives the COUNT exports of LIST their CRCs from the fields of SECTION, a __kcrctab. A field is
 * the CRC itself (since 5.19), the value of an absolute symbol __crc_NAME, or with
 * MODULE_REL_CRCS (4.11 to 5.18, powerpc) the address of the CRC. */
static void crcs_attach(const struct elf *elf, const struct elf_section *section,
			struct export *list, size_t count)
{
	unsigned field = count ? (unsigned)(section->bytes.size / count) : 0;
	size_t relocations = elf_relocation_count(elf, section);
	uint64_t value;

	if ((field != 4 && field != 8) || section->bytes.size % count != 0)
		return;
	for (size_t i = 0; i < count; i++) {
		list[i].has_crc =
			span_word(section->bytes, i * field, field, elf->machine.endian, &value);
		list[i].crc = (uint32_t)value;
	}
	for (size_t i = 0; i < relocations; i++) {
		struct elf_relocation relocation = elf_relocation(elf, section, i);
		size_t index = relocation.offset / field;

		if (relocation.offset % field != 0 || index >= count)
			continue;

		struct elf_symbol symbol = {.section = SHN_UNDEF};

		if (relocation.symbol < elf->symbol_count)
			symbol = elf_symbol(elf, relocation.symbol);
		value = symbol.value + relocation.addend +
			in_place(elf, section, relocation.offset, field);
		list[index].has_crc = true;
		if (symbol.section == SHN_ABS || symbol.section == SHN_UNDEF)
			list[index].crc = (uint32_t)value;
		else
			list[index].has_crc =
				symbol.section < elf->sections.count &&
				span_u32(elf->sections.list[symbol.section].bytes, value,
					 elf->machine.endian, &list[index].crc);
	}
}

bool ksymtab_unflagged(const struct elf *elf)
{
	const struct elf_section *section = elf_section(elf, "__ksymtab");

	return section && section->bytes.size > 0 && !elf_section(elf, "__kflagstab");
}

static bool table_read(struct module_reader *reader, const struct elf *elf, const char *suffix,
		       struct exports *ret, struct error *error)
{
	const char *name = arena_format(reader->scratch, "__ksymtab%s", suffix);
	const struct elf_section *section = elf_section(elf, name);
	const struct elf_section *crcs =
		elf_section(elf, arena_format(reader->scratch, "__kcrctab%s", suffix));
	struct layout layout;

	if (!section || section->bytes.size == 0)
		return true;

	struct target *targets = layout_find(reader->scratch, elf, section, &layout);
	size_t first = ret->count;
	const struct elf_section *flags = suffix[0] ? NULL : elf_section(elf, "__kflagstab");

	if (!targets)
		return fail(error, "section %s has entries whose names cannot be read", name);
	for (size_t i = 0; i < layout.count; i++) {
		const struct target *entry = &targets[i * layout.fields];
		struct export *export = array_add(reader->arena, ret);

		export->name = map_intern(reader->names, reader->arena, entry[1].text);
		export->gpl_only = ksymtab_is_gpl(suffix);
		if (layout.fields == 3 && entry[2].text.size > 0)
			export->name_space =
				map_intern(reader->names, reader->arena, entry[2].text);
	}
	if (crcs)
		crcs_attach(elf, crcs, array_from(ret, first), layout.count);
	if (flags && flags->bytes.size != layout.count)
		return fail(error, "section __kflagstab has %zu bytes for %zu exports",
			    flags->bytes.size, layout.count);
	for (size_t i = 0; flags && i < layout.count; i++)
		ret->list[first + i].gpl_only = flags->bytes.data[i] & KFLAG_GPL_ONLY;
	return true;
}

/* A symbol __ksymtab_NAME is in the table that exports NAME. The value of an absolute
 * symbol __crc_NAME is its CRC. */
void symbol_exports_read(struct module_reader *reader, const struct elf *elf, struct exports *ret)
{
	static const char entry[] = "__ksymtab_", crc[] = "__crc_";

	for (size_t i = 0; i < elf->symbol_count; i++) {
		struct elf_symbol symbol = elf_symbol(elf, i);

		if (strncmp(symbol.name, entry, sizeof entry - 1) != 0 ||
		    symbol.section == SHN_UNDEF || symbol.section >= elf->sections.count)
			continue;

		const char *section = elf->sections.list[symbol.section].name;

		if (strncmp(section, "__ksymtab", 9) != 0 ||
		    strcmp(section, "__ksymtab_strings") == 0)
			continue;

		struct export *export = array_add(reader->arena, ret);

		export->name = map_intern(reader->names, reader->arena,
					  span_text(symbol.name + sizeof entry - 1));
		export->gpl_only = ksymtab_is_gpl(section + strlen("__ksymtab"));
	}
	exports_sort(ret);
	for (size_t i = 0; i < elf->symbol_count; i++) {
		struct elf_symbol symbol = elf_symbol(elf, i);

		if (symbol.section != SHN_ABS || strncmp(symbol.name, crc, sizeof crc - 1) != 0)
			continue;

		struct export *export = exports_find(ret, symbol.name + sizeof crc - 1);

		if (export) {
			export->crc = (uint32_t)symbol.value;
			export->has_crc = true;
		}
	}
}

bool module_exports_read(struct module_reader *reader, const struct elf *elf, struct exports *ret,
			 struct error *error)
{
	struct error first;

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (table_read(reader, elf, suffixes[i], ret, &first))
			continue;
		*ret = (struct exports){.list = NULL};
		symbol_exports_read(reader, elf, ret);
		return ret->count > 0 || fail(error, "%s", first.text);
	}
	exports_sort(ret);
	return true;
}

static int export_compare(const void *a, const void *b)
{
	const struct export *left = a, *right = b;

	return strcmp(left->name, right->name);
}

void exports_sort(struct exports *exports)
{
	array_sort(exports, export_compare);
}

struct export *exports_find(const struct exports *exports, const char *name)
{
	struct export key = {.name = name};

	return exports->count
		       ? bsearch(&key, exports->list, exports->count, sizeof key, export_compare)
		       : NULL;
}

/* SPDX-License-Identifier: ISC */
/* Reads what a FreeBSD module takes from other files and what it offers: names only,
 * because FreeBSD has no symbol CRCs (sys/kern/link_elf_obj.c and link_elf.c,
 * relocate_file and lookup_symbol). */
#include "facts/module/kld_elf.h"
#include "base/text.h"
#include "facts/module/module_elf.h"

/* The linker gives __start_X and __stop_X the bounds of the own section X of an ET_REL
 * (link_elf_obj.c, link_elf_fix_link_set). Without such a section, and in an ET_DYN, they are
 * symbols as others. */
static bool is_bound(const struct elf *elf, const char *name)
{
	static const char *const begins[] = {"__start_", "__stop_"};

	for (size_t i = 0; elf->type == ET_REL && i < sizeof begins / sizeof *begins; i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0 &&
		    elf_section(elf, name + strlen(begins[i])))
			return true;
	return false;
}

static void import_note(const struct kld_reading *reading, uint32_t index, bool *seen,
			struct imports *ret)
{
	const struct elf *table = &reading->memory.dynamic;

	if (index == 0 || index >= table->symbol_count || seen[index])
		return;
	seen[index] = true;

	struct elf_symbol symbol = elf_symbol(table, index);

	if (symbol.section != SHN_UNDEF || !symbol.name[0] || is_bound(table, symbol.name))
		return;

	struct import *import = array_add(reading->reader->arena, ret);

	import->name =
		map_intern(reading->reader->names, reading->reader->arena, span_text(symbol.name));
	import->weak = symbol.bind == STB_WEAK;
	import->place = (uint32_t)ret->count;
}

/* link_elf_obj.c applies all SHT_REL sections first, then all SHT_RELA sections, and
 * only those of sections that are in memory. */
static void section_imports(const struct kld_reading *reading, bool in_place, bool *seen,
			    struct imports *ret)
{
	const struct elf *elf = reading->memory.elf;

	for (size_t i = 1; i < elf->sections.count; i++) {
		if (!(elf->sections.list[i].flags & SHF_ALLOC))
			continue;
		array_each(relocation, &reading->memory.relocations[i])
			if (relocation->in_place == in_place)
				import_note(reading, relocation->entry.symbol, seen, ret);
	}
}

/* The name of a common symbol that a relocation uses; NULL: none. Its value is an alignment, which
 * link_elf_obj.c takes for an address (elf_obj_lookup). FreeBSD links modules with "ld -r -d",
 * which gives each common symbol a place (sys/conf/kmod.mk). */
static const char *common_find(const struct kld_reading *reading)
{
	const struct elf *elf = reading->memory.elf, *table = &reading->memory.dynamic;

	for (size_t i = 1; elf->type == ET_REL && i < elf->sections.count; i++) {
		if (!(elf->sections.list[i].flags & SHF_ALLOC))
			continue;
		array_each(relocation, &reading->memory.relocations[i]) {
			uint32_t index = relocation->entry.symbol;

			if (index < table->symbol_count &&
			    elf_symbol(table, index).section == SHN_COMMON)
				return elf_symbol(table, index).name;
		}
	}
	return NULL;
}

static void exports_of(const struct kld_reading *reading, const struct elf *table,
		       struct map *known, struct exports *ret)
{
	for (size_t i = 1; i < table->symbol_count; i++) {
		struct elf_symbol symbol = elf_symbol(table, i);

		if (symbol.section == SHN_UNDEF || !symbol.name[0] || symbol.type == STT_FILE)
			continue;

		const char *name = map_intern(reading->reader->names, reading->reader->arena,
					      span_text(symbol.name));

		if (map_put(known, reading->reader->scratch, name, (uint32_t)ret->count) !=
		    ret->count)
			continue;

		struct export *export = array_add(reading->reader->arena, ret);

		export->name = name;
		export->local = symbol.bind == STB_LOCAL;
	}
}

void kld_exports(const struct kld_reading *reading, struct exports *ret)
{
	struct map known = {0};

	if (reading->memory.elf->type != ET_REL)
		exports_of(reading, &reading->memory.dynamic, &known, ret);
	exports_of(reading, reading->memory.elf, &known, ret);
	exports_sort(ret);
}

/* FreeBSD's names keep '-' and further dots: "iwlwifi-3160-17.ucode" (kern_linker.c,
 * linker_load compares file names). */
const char *kld_name_of_path(struct arena *arena, const char *path)
{
	struct span name = span_text(path_last(path));
	size_t end = span_find(name, 0, SPAN_OF(".ko"));

	for (size_t at = end; at != SIZE_MAX; at = span_find(name, at + 1, SPAN_OF(".ko")))
		end = at;
	return arena_string(arena, end == SIZE_MAX || end == 0 ? name : span_head(name, end));
}

bool kld_module_read(struct module_reader *reader, const struct elf *elf, uint64_t file_size,
		     struct module *module, struct error *error)
{
	struct kld_reading reading;

	module->loader = LOADER_FREEBSD;
	module->name = kld_name_of_path(reader->arena, module->path);
	if (!kld_begin(reader, elf, file_size, &reading, error))
		return false;
	if (common_find(&reading))
		return fail(error,
			    "symbol %s is common, and the kernel takes its alignment for its "
			    "address: link it with ld -d",
			    common_find(&reading));

	/* The symbols that relocations of allocated sections name and the file does not
	 * define; PLACE is their order, in which the kernel looks them up. kld_records
	 * sorts the relocations. */
	const struct kld_memory *memory = &reading.memory;
	bool *seen = arena_get(reader->scratch, memory->dynamic.symbol_count + 1);

	if (elf->type == ET_REL) {
		section_imports(&reading, true, seen, &module->imports);
		section_imports(&reading, false, seen, &module->imports);
	} else {
		array_each(relocation, &memory->relocations[0])
			import_note(&reading, relocation->entry.symbol, seen, &module->imports);
	}
	imports_unique(&module->imports);
	kld_exports(&reading, &module->exports);
	if (!kld_records(&reading, error))
		return false;
	module->kld = reading.kld;
	return true;
}

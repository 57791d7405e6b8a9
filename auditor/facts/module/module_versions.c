/* SPDX-License-Identifier: ISC */
/* Reads the CRCs of a module's imports from __versions (Linux include/linux/module.h,
 * modversion_info) and __version_ext_* (kernel/module/main.c). */
#include "facts/module/load.h"
#include "facts/module/module_elf.h"

enum { VERSION_SIZE = 64 };

enum versions module_versions(const struct module *module, struct series series)
{
	if (module->extended && series_since(series, 6, 14) != SINCE_NO)
		return VERSIONS_EXTENDED;
	return module->versioned ? VERSIONS_BASIC : VERSIONS_NONE;
}

struct crc import_crc(const struct import *import, enum versions versions)
{
	if (versions == VERSIONS_EXTENDED)
		return import->extended;
	return (struct crc){import->has_crc && versions == VERSIONS_BASIC, import->crc};
}

struct crc module_layout_crc(const struct module *module, enum versions versions)
{
	if (versions == VERSIONS_EXTENDED)
		return module->extended_layout;
	return (struct crc){module->has_layout && versions == VERSIONS_BASIC, module->layout_crc};
}

const char *module_layout_symbol(const struct module *module)
{
	return module->struct_module ? "struct_module" : "module_layout";
}

static void crc_note(struct crc *crc, uint32_t value)
{
	if (!crc->known)
		*crc = (struct crc){true, value};
}

/* Records a CRC. If a name is repeated, its first CRC counts, as for the loader. */
static void version_note(struct module_reader *reader, struct module *module, struct span name,
			 uint32_t crc, enum versions versions)
{
	/* on 64-bit powerpc the loader ignores the dot of function entry symbols
	 * on both sides */
	if (module->machine.elf == EM_PPC64 && span_starts(name, "."))
		name = span_skip(name, 1);

	const char *symbol = map_intern(reader->names, reader->arena, name);
	struct import *found = imports_find(&module->imports, symbol);
	bool layout = strcmp(symbol, "module_layout") == 0;

	if (versions == VERSIONS_EXTENDED) {
		if (layout)
			crc_note(&module->extended_layout, crc);
		if (found)
			crc_note(&found->extended, crc);
		return;
	}
	if ((layout || strcmp(symbol, "struct_module") == 0) &&
	    (!module->has_layout || (layout && module->struct_module))) {
		module->has_layout = true;
		module->struct_module = !layout;
		module->layout_crc = crc;
	}
	if (found && !found->has_crc) {
		found->has_crc = true;
		found->crc = crc;
	}
}

/* __versions is an array of struct modversion_info (Linux include/linux/module.h):
 *   { unsigned long crc; char name[64 - sizeof(unsigned long)]; } ...
 * The loader compares all bits of the long with the 32 bits of the kernel's CRC. */
static bool basic_read(struct module_reader *reader, const struct elf_section *section,
		       struct module *module, struct error *error)
{
	unsigned word = module->machine.bits / 8;

	if (section->bytes.size % VERSION_SIZE != 0)
		return fail(error, "section __versions is not a whole number of entries");
	for (size_t at = 0; at < section->bytes.size; at += VERSION_SIZE) {
		const uint8_t *entry = section->bytes.data + at;
		struct span name = {entry + word, VERSION_SIZE - word};
		uint64_t crc = load_word(entry, word, module->machine.endian);

		if (crc > UINT32_MAX)
			return fail(error,
				    "section __versions has a CRC of more than 32 bits at "
				    "0x%zx, which no kernel's symbol has",
				    at);
		name.size = strnlen((const char *)name.data, name.size);
		if (name.size > 0)
			version_note(reader, module, name, (uint32_t)crc, VERSIONS_BASIC);
	}
	return true;
}

/* The extended tables have one name for each CRC, otherwise the loader refuses the module (Linux
 * kernel/module/main.c, elf_validity_cache_index_versions):
 *   __version_ext_crcs: u32 ...      __version_ext_names: "name" NUL ... */
static bool extended_read(struct module_reader *reader, struct span crcs, struct span names,
			  struct module *module, struct error *error)
{
	size_t at = 0;

	for (size_t i = 0; i < crcs.size / 4; i++) {
		struct span name;

		if (!span_string(names, at, &name))
			return fail(error, "section __version_ext_names has fewer names than "
					   "__version_ext_crcs");
		version_note(reader, module, name,
			     load32(crcs.data + i * 4, module->machine.endian), VERSIONS_EXTENDED);
		at += name.size + 1;
	}
	return true;
}

/* The loader's find_sec considers only allocated sections. */
static const struct elf_section *section_allocated(const struct elf *elf, const char *name)
{
	for (size_t i = 1; i < elf->sections.count; i++)
		if ((elf->sections.list[i].flags & SHF_ALLOC) &&
		    strcmp(elf->sections.list[i].name, name) == 0)
			return &elf->sections.list[i];
	return NULL;
}

bool module_versions_read(struct module_reader *reader, const struct elf *elf,
			  struct module *module, struct error *error)
{
	const struct elf_section *basic = section_allocated(elf, "__versions");
	const struct elf_section *crcs = section_allocated(elf, "__version_ext_crcs");
	const struct elf_section *names = section_allocated(elf, "__version_ext_names");
	struct error extended;

	module->versioned = basic != NULL;
	module->extended = crcs || names;
	if (!crcs != !names)
		module->extended_problem =
			"only one of __version_ext_crcs and __version_ext_names exists";
	else if (crcs && !extended_read(reader, crcs->bytes, names->bytes, module, &extended))
		module->extended_problem = arena_string(reader->arena, span_text(extended.text));
	return !basic || basic_read(reader, basic, module, error);
}

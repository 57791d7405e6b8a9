#include "facts/load.h"
#include "facts/module_elf.h"

enum { VERSION_SIZE = 64 };

static int import_compare(const void *a, const void *b)
{
	const struct import *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static void version_note(struct module_reader *reader, struct module *module, struct span name, uint32_t crc)
{
	/* 64-bit powerpc: the loader drops the dot of function entry symbols on both sides */
	if (module->machine.elf == EM_PPC64 && span_starts(name, "."))
		name = span_skip(name, 1);

	struct import key = {.name = map_intern(reader->names, reader->arena, name)};
	struct import *found = module->imports.count ? bsearch(&key, module->imports.list, module->imports.count,
							       sizeof key, import_compare)
						     : NULL;

	if (strcmp(key.name, "module_layout") == 0 && !module->has_layout) {
		module->has_layout = true;
		module->layout_crc = crc;
	}
	if (found && !found->has_crc) {
		found->has_crc = true;
		found->crc = crc;
	}
}

/*
 *   { unsigned long crc; char name[64 - sizeof(unsigned long)]; } ...
 * Linux include/linux/module.h, struct modversion_info
 */
static bool basic_read(struct module_reader *reader, const struct elf_section *section, struct module *module,
		       struct error *error)
{
	unsigned word = module->machine.bits / 8;

	if (section->bytes.size % VERSION_SIZE != 0)
		return fail(error, "section __versions is not a whole number of entries");
	for (size_t at = 0; at < section->bytes.size; at += VERSION_SIZE) {
		const uint8_t *entry = section->bytes.data + at;
		struct span name = {entry + word, VERSION_SIZE - word};
		uint64_t crc = load_word(entry, word, module->machine.endian);

		name.size = strnlen((const char *)name.data, name.size);
		if (name.size > 0)
			version_note(reader, module, name, (uint32_t)crc);
	}
	return true;
}

/*
 *   __version_ext_crcs: u32 ...      __version_ext_names: "name" NUL ...
 * Linux kernel/module/main.c, elf_validity_cache_index_versions: as many of the one as of the other, or -ENOEXEC
 */
static bool extended_read(struct module_reader *reader, struct span crcs, struct span names, struct module *module,
			  struct error *error)
{
	size_t at = 0;

	if (crcs.size % 4 != 0)
		return fail(error, "section __version_ext_crcs is not a whole number of entries");
	for (size_t i = 0; i < crcs.size / 4; i++) {
		struct span name;

		if (!span_string(names, at, &name))
			return fail(error, "section __version_ext_names has fewer names than __version_ext_crcs");
		version_note(reader, module, name, load32(crcs.data + i * 4, module->machine.endian));
		at += name.size + 1;
	}
	if (at != names.size)
		return fail(error, "section __version_ext_names has more names than __version_ext_crcs");
	return true;
}

bool module_versions_read(struct module_reader *reader, const struct elf *elf, struct module *module,
			  struct error *error)
{
	const struct elf_section *basic = elf_section(elf, "__versions");
	const struct elf_section *crcs = elf_section(elf, "__version_ext_crcs");
	const struct elf_section *names = elf_section(elf, "__version_ext_names");

	module->versioned = basic || crcs || names;
	if (!crcs != !names)
		return fail(error, "of __version_ext_crcs and __version_ext_names only one is there");
	if (crcs && !extended_read(reader, crcs->bytes, names->bytes, module, error))
		return false;
	return !basic || basic_read(reader, basic, module, error);
}

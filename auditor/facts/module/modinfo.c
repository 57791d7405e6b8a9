/* SPDX-License-Identifier: ISC */
/* Parses what a module says of itself: the key=value strings of .modinfo, such as vermagic and
 * depends (Linux kernel/module/main.c, module_next_tag_pair), and its struct module. */
#include "facts/module/module_elf.h"
#include "base/text.h"

static const char *dash_to_underscore(struct module_reader *reader, struct span name)
{
	char *copy = arena_chars(reader->scratch, name);

	for (size_t i = 0; i < name.size; i++)
		if (copy[i] == '-')
			copy[i] = '_';
	return map_intern(reader->names, reader->arena, span_from(copy, name.size));
}

/* the value of softdep=, such as "pre: a b post: c" */
static void softdep_read(struct module_reader *reader, struct span value, struct modinfo *ret)
{
	struct strings *list = NULL;
	struct span word;

	while (span_token(&value, &word)) {
		if (span_is(word, "pre:"))
			list = &ret->softdep_pre;
		else if (span_is(word, "post:"))
			list = &ret->softdep_post;
		else if (list)
			*array_add(reader->arena, list) = dash_to_underscore(reader, word);
	}
}

/* If a key is repeated, the first value counts, as in the kernel's get_modinfo. False
 * if KEY is not one of these. */
static bool single_read(struct module_reader *reader, struct span key, struct span value,
			struct modinfo *ret)
{
	const struct {
		const char *key;
		const char **place;
	} singles[] = {
		{"name", &ret->name},		{"vermagic", &ret->vermagic},
		{"license", &ret->license},	{"srcversion", &ret->srcversion},
		{"intree", &ret->intree},	{"retpoline", &ret->retpoline},
		{"livepatch", &ret->livepatch}, {"staging", &ret->staging},
		{"version", &ret->version},
	};

	for (size_t i = 0; i < sizeof singles / sizeof *singles; i++) {
		if (!span_is(key, singles[i].key))
			continue;
		if (!*singles[i].place)
			*singles[i].place = map_intern(reader->names, reader->arena, value);
		return true;
	}
	return false;
}

/* .modinfo is a sequence of key=value strings, separated by one or more NULs (Linux
 * kernel/module/main.c, module_next_tag_pair). */
void modinfo_read(struct module_reader *reader, struct span section, struct modinfo *ret)
{
	struct span entry, key, value, name;

	while (span_item(&section, '\0', &entry)) {
		if (!span_split(entry, '=', &key, &value) || single_read(reader, key, value, ret))
			continue;
		if (span_is(key, "softdep"))
			softdep_read(reader, value, ret);
		else if (span_is(key, "import_ns"))
			*array_add(reader->arena, &ret->import_ns) =
				map_intern(reader->names, reader->arena, value);
		else if (span_is(key, "alias"))
			*array_add(reader->arena, &ret->alias) =
				map_intern(reader->names, reader->arena, value);
		/* depends is such as "a,b-c" */
		while (span_is(key, "depends") && span_item(&value, ',', &name))
			if (span_trim(name).size > 0)
				*array_add(reader->arena, &ret->depends) =
					dash_to_underscore(reader, span_trim(name));
	}
	if (ret->name)
		ret->name = dash_to_underscore(reader, span_text(ret->name));
}

bool license_is_gpl(const char *license)
{
	static const char *const compatible[] = {"GPL",
						 "GPL v2",
						 "GPL and additional rights",
						 "Dual BSD/GPL",
						 "Dual MIT/GPL",
						 "Dual MPL/GPL",
						 NULL};

	return license && text_among(license, compatible);
}

/* ---- struct module ---- */

static void slot_set(struct this_module *ret, bool is_exit, uint64_t offset)
{
	*(is_exit ? &ret->has_exit : &ret->has_init) = true;
	*(is_exit ? &ret->exit : &ret->init) = offset;
}

/* Finds the offsets of init and exit in struct module. The section is zero except for
 * the module's name, and init and exit are its only pointers, init first. If their
 * symbols still have names, the names decide. */
static void slots_read(const struct elf *elf, const struct elf_section *section,
		       struct this_module *ret)
{
	size_t count = elf_relocation_count(elf, section), unnamed = 0;
	uint64_t offsets[2] = {0};

	*ret = (struct this_module){.known = true, .size = section->size};
	for (size_t i = 0; i < count; i++) {
		struct elf_relocation relocation = elf_relocation(elf, section, i);
		const char *name = relocation.symbol < elf->symbol_count
					   ? elf_symbol(elf, relocation.symbol).name
					   : "";

		if (strcmp(name, "init_module") == 0 || strcmp(name, "cleanup_module") == 0)
			slot_set(ret, name[0] == 'c', relocation.offset);
		else if (unnamed < 2)
			offsets[unnamed++] = relocation.offset;
		else
			return;
	}
	if (unnamed == 1)
		slot_set(ret, ret->has_init, offsets[0]);
	if (unnamed == 2 && !ret->has_init && !ret->has_exit) {
		slot_set(ret, false, offsets[0] < offsets[1] ? offsets[0] : offsets[1]);
		slot_set(ret, true, offsets[0] < offsets[1] ? offsets[1] : offsets[0]);
	}
}

/* The first symbol at the address of init is that by which the kernel names it (Linux
 * kernel/module/kallsyms.c, find_kallsyms_symbol). A section's symbol has no name, and its
 * offset may be elsewhere; on 64-bit PowerPC with ELFv1 init is a descriptor. */
static const char *init_named(struct module_reader *reader, const struct elf *elf,
			      const struct elf_section *section, uint64_t offset)
{
	struct elf_symbol init = {.name = "", .section = SHN_UNDEF};
	size_t count = elf_relocation_count(elf, section);

	/* the symbol to which the relocation at init refers */
	for (size_t i = 0; i < count; i++) {
		struct elf_relocation relocation = elf_relocation(elf, section, i);

		if (relocation.offset != offset || relocation.symbol >= elf->symbol_count)
			continue;
		init = elf_symbol(elf, relocation.symbol);
		break;
	}
	if (!init.name[0] || init.section == SHN_UNDEF || init.section >= SHN_LORESERVE ||
	    (elf->machine.elf == EM_PPC64 && elf->machine.endian == ENDIAN_BIG))
		return NULL;
	for (size_t i = 1; i < elf->symbol_count; i++) {
		struct elf_symbol symbol = elf_symbol(elf, i);

		if (symbol.name[0] && symbol.name[0] != '$' && symbol.section == init.section &&
		    symbol.value == init.value)
			return map_intern(reader->names, reader->arena, span_text(symbol.name));
	}
	return NULL;
}

void this_module_read(struct module_reader *reader, const struct elf *elf,
		      const struct elf_section *section, struct this_module *ret)
{
	slots_read(elf, section, ret);
	if (ret->has_init)
		ret->init_name = init_named(reader, elf, section, ret->init);
}

/* The name inside struct module, which starts
 *     enum module_state state; struct list_head list; char name[64 - sizeof(unsigned long)]; */
const char *this_module_name(struct arena *arena, const struct elf *elf,
			     const struct elf_section *section)
{
	uint64_t at = elf->machine.bits == 64 ? 24 : 12;
	struct span name = span_head(span_skip(section->bytes, at), 64 - elf->machine.bits / 8u);

	name.size = name.data ? strnlen((const char *)name.data, name.size) : 0;
	return name.size ? module_name_spelled(arena, name) : NULL;
}

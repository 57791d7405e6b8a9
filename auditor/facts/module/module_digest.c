/* SPDX-License-Identifier: ISC */
/* Computes a digest over the allocated sections of a module and their relocations that
 * ignores stripping, modinfo, symbol versions and notes. */
#include "facts/module/module_elf.h"
#include "base/text.h"

struct digesting {
	const struct elf *elf;
	struct sha256_state *state;
	/* by section: its number among the counted sections, from 1; 0
	 * for the others */
	uint32_t *numbers;
	struct {
		uint8_t *list;
		size_t count, room;
	} bytes;
};

static void flush(struct digesting *digesting)
{
	sha256_add(digesting->state, span_from(digesting->bytes.list, digesting->bytes.count));
	digesting->bytes.count = 0;
}

static void put(struct digesting *digesting, const void *data, size_t size)
{
	if (digesting->bytes.count + size > digesting->bytes.room) {
		flush(digesting);
		sha256_add(digesting->state, span_from(data, size));
		return;
	}
	memcpy(digesting->bytes.list + digesting->bytes.count, data, size);
	digesting->bytes.count += size;
}

static void put_number(struct digesting *digesting, uint64_t number)
{
	uint64_t little = htole64(number);

	put(digesting, &little, sizeof little);
}

static void put_text(struct digesting *digesting, const char *text)
{
	put(digesting, text, strlen(text) + 1);
}

/* strip-kmod renames local symbols and makes most global symbols local. So an undefined
 * symbol is identified by its name, and any other by its section and offset. */
static void relocation_put(struct digesting *digesting, const struct elf_relocation *relocation)
{
	const struct elf *elf = digesting->elf;
	struct elf_symbol symbol = {.name = ""};
	uint32_t number = 0, type = htole32(relocation->type);
	uint64_t offset = htole64(relocation->offset), value;
	uint8_t record[24];

	if (relocation->symbol < elf->symbol_count)
		symbol = elf_symbol(elf, relocation->symbol);
	value = htole64(relocation->addend + (symbol.section == SHN_UNDEF ? 0 : symbol.value));
	if (symbol.section != SHN_UNDEF && symbol.section < elf->sections.count)
		number = htole32(digesting->numbers[symbol.section]);
	memcpy(record, &offset, 8);
	memcpy(record + 8, &value, 8);
	memcpy(record + 16, &type, 4);
	memcpy(record + 20, &number, 4);
	put(digesting, record, sizeof record);
	if (number != 0)
		return;
	put_text(digesting, symbol.section == SHN_UNDEF ? symbol.name : "\n");
	if (symbol.section != SHN_UNDEF)
		put_text(digesting, symbol.section < elf->sections.count
					    ? elf->sections.list[symbol.section].name
					    : "");
}

struct sha256 module_digest(struct arena *scratch, const struct elf *elf)
{
	/* Left out is what a rebuild may change without changing the code: names, CRCs,
	 * build ids. */
	static const char *const left_out[] = {
		".modinfo",	      ".gnu.linkonce.this_module", "__versions",
		"__version_ext_crcs", "__version_ext_names",	   NULL};
	struct digesting digesting = {.elf = elf, .state = sha256_begin()};
	uint32_t number = 0;

	digesting.bytes.room = 16384;
	digesting.bytes.list = arena_raw(scratch, digesting.bytes.room);
	digesting.numbers = arena_get(scratch, elf->sections.count * sizeof *digesting.numbers);
	for (size_t i = 1; i < elf->sections.count; i++) {
		const struct elf_section *section = &elf->sections.list[i];

		if (section->flags & SHF_ALLOC && strncmp(section->name, ".note", 5) != 0 &&
		    !text_among(section->name, left_out))
			digesting.numbers[i] = ++number;
	}
	for (size_t i = 1; i < elf->sections.count; i++) {
		const struct elf_section *section = &elf->sections.list[i];
		size_t count = elf_relocation_count(elf, section);

		if (digesting.numbers[i] == 0)
			continue;
		put_text(&digesting, section->name);
		put_number(&digesting, section->type);
		put_number(&digesting, section->flags & (SHF_WRITE | SHF_EXECINSTR));
		put_number(&digesting, section->size);
		flush(&digesting);
		sha256_add(digesting.state, section->bytes);
		put_number(&digesting, count);
		for (size_t j = 0; j < count; j++) {
			struct elf_relocation relocation = elf_relocation(elf, section, j);

			relocation_put(&digesting, &relocation);
		}
	}
	flush(&digesting);
	return sha256_end(digesting.state);
}

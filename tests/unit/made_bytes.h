/* SPDX-License-Identifier: ISC */
/* Helpers that append bytes, and make ELF files of them. */
#ifndef TESTS_MADE_BYTES_H
#define TESTS_MADE_BYTES_H

#include "base/arena.h"
#include "facts/module/fact.h"

#include <elf.h>
#include <string.h>

enum { BYTES_MOST = 1 << 18 };

struct bytes {
	uint8_t data[BYTES_MOST];
	size_t size;
	unsigned word; /* 4 or 8 */
	enum endian endian;
};

static inline struct bytes *bytes_new(struct arena *arena, struct machine machine)
{
	struct bytes *bytes = arena_new(arena, struct bytes);

	bytes->word = machine.bits / 8u;
	bytes->endian = machine.endian;
	return bytes;
}

static inline void set_number(struct bytes *bytes, size_t at, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		bytes->data[at + i] =
			(uint8_t)(value >> 8 * (bytes->endian == ENDIAN_BIG ? size - 1 - i : i));
}

static inline size_t put_number(struct bytes *bytes, uint64_t value, unsigned size)
{
	size_t at = bytes->size;

	set_number(bytes, at, value, size);
	bytes->size += size;
	return at;
}

static inline size_t put_word(struct bytes *bytes, uint64_t value)
{
	return put_number(bytes, value, bytes->word);
}

/* including its NUL */
static inline size_t put_text(struct bytes *bytes, const char *text)
{
	size_t at = bytes->size, size = strlen(text) + 1;

	memcpy(bytes->data + at, text, size);
	bytes->size += size;
	return at;
}

static inline size_t put_zeros(struct bytes *bytes, size_t count)
{
	size_t at = bytes->size;

	bytes->size += count;
	return at;
}

static inline void align_to(struct bytes *bytes, size_t alignment)
{
	bytes->size = (bytes->size + alignment - 1) / alignment * alignment;
}

static inline struct span bytes_span(const struct bytes *bytes)
{
	return span_from(bytes->data, bytes->size);
}

struct made_section {
	const char *name;
	uint32_t type;
	uint64_t flags;
	struct span bytes;
	uint32_t link, info;
};

/* section 0 is added at the start, the section names at the end */
static inline struct span made_elf(struct arena *arena, struct machine machine, uint16_t type,
				   const struct made_section *sections, size_t count)
{
	struct bytes *out = bytes_new(arena, machine), *names = bytes_new(arena, machine);
	bool wide = machine.bits == 64;
	size_t offsets[64], name_at[64];

	put_text(names, "");
	put_zeros(out, wide ? 64 : 52);
	for (size_t i = 0; i < count; i++) {
		name_at[i] = put_text(names, sections[i].name);
		align_to(out, 8);
		offsets[i] = out->size;
		if (sections[i].bytes.size)
			memcpy(out->data + out->size, sections[i].bytes.data,
			       sections[i].bytes.size);
		out->size += sections[i].bytes.size;
	}

	size_t shstrtab = put_text(names, ".shstrtab"), names_at = out->size;

	memcpy(out->data + out->size, names->data, names->size);
	out->size += names->size;
	align_to(out, 8);

	size_t headers = put_zeros(out, wide ? 64 : 40);

	for (size_t i = 0; i <= count; i++) {
		bool last = i == count;

		put_number(out, last ? shstrtab : name_at[i], 4);
		put_number(out, last ? SHT_STRTAB : sections[i].type, 4);
		put_word(out, last ? 0 : sections[i].flags);
		put_word(out, 0);
		put_word(out, last ? names_at : offsets[i]);
		put_word(out, last ? names->size : sections[i].bytes.size);
		put_number(out, last ? 0 : sections[i].link, 4);
		put_number(out, last ? 0 : sections[i].info, 4);
		put_word(out, 1);
		put_word(out, 0);
	}

	size_t end = out->size;

	memcpy(out->data, "\177ELF", 4);
	out->data[4] = wide ? ELFCLASS64 : ELFCLASS32;
	out->data[5] = machine.endian == ENDIAN_BIG ? ELFDATA2MSB : ELFDATA2LSB;
	out->data[6] = EV_CURRENT;
	out->size = 16;
	put_number(out, type, 2);
	put_number(out, machine.elf, 2);
	put_number(out, EV_CURRENT, 4);
	put_word(out, 0);
	put_word(out, 0);
	put_word(out, headers);
	put_number(out, machine.flags, 4);
	put_number(out, wide ? 64 : 52, 2);
	put_number(out, 0, 2);
	put_number(out, 0, 2);
	put_number(out, wide ? 64 : 40, 2);
	put_number(out, count + 2, 2);
	put_number(out, count + 1, 2);
	out->size = end;
	return bytes_span(out);
}

#endif

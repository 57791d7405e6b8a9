/* SPDX-License-Identifier: ISC */
/* Makes kernel images: code, a banner, and export tables of any form. */
#ifndef TESTS_MADE_KERNEL_H
#define TESTS_MADE_KERNEL_H

#include "unit/made_bytes.h"

#include <stdio.h>

enum { PLAIN = 60, GPL = 40, EXPORTS = PLAIN + GPL, STRAY = 20 };

enum crcs { CRCS_NONE, CRCS_U32, CRCS_LONG, CRCS_RELATIVE };

/* The form of the tables. */
struct kernel_form {
	struct machine machine;
	uint64_t base;
	bool relative;
	unsigned fields;
	enum crcs crcs;
	bool unsorted; /* up to 2.6.38 */
	unsigned strays; /* names that are not with the others but before the tables */
	bool flags; /* one table and __kflagstab */
	bool gplonly; /* 2.4 */
	bool zeroed; /* the pointers come from relocations */
};

/* Offsets in the image. */
struct made_kernel {
	struct bytes *image;
	size_t table, entry, strings;
};

/* "sym_041": names increase within each table; in unsorted tables they go up and down */
static inline void made_name(const struct kernel_form *form, unsigned index, char *ret, size_t room)
{
	unsigned number = form->unsorted || form->gplonly ? index * 37 % EXPORTS
			  : form->flags			  ? index
			  : index < PLAIN		  ? index * 2
							  : (index - PLAIN) * 2 + 1;

	snprintf(ret, room, "%ssym_%03u", form->gplonly && index >= PLAIN ? "GPLONLY_" : "",
		 number);
}

static inline uint32_t made_crc(unsigned index)
{
	return index == 7 ? 0 : 0xc0de0000 + index * 77;
}

static inline void put_pointer(struct bytes *out, const struct kernel_form *form, size_t target)
{
	if (form->zeroed)
		put_word(out, 0);
	else if (form->relative)
		put_number(out, target - out->size, 4);
	else
		put_word(out, form->base + target);
}

static inline void put_crcs(struct bytes *out, const struct kernel_form *form)
{
	for (unsigned i = 0; i < EXPORTS && form->crcs; i++) {
		if (form->crcs == CRCS_RELATIVE)
			put_number(out, 0x1000 + i * 4 - out->size, 4);
		else
			put_number(out, made_crc(i), form->crcs == CRCS_LONG ? 8 : 4);
	}
	for (unsigned i = 0; i < EXPORTS && form->flags; i++)
		put_number(out, i >= PLAIN, 1);
}

/* code that machine_of_image recognises; CRCs for MODULE_REL_CRCS are in it */
static inline void put_code(struct bytes *out, const struct kernel_form *form)
{
	put_zeros(out, 0x1000);
	for (unsigned i = 0; i < EXPORTS; i++)
		put_number(out, made_crc(i), 4);
	for (unsigned i = 0; i < 200; i++) {
		if (form->machine.elf == EM_MIPS)
			put_number(out, form->machine.bits == 64 ? 0xffbf0010 : 0xafbf0014, 4);
		else if (form->machine.elf == EM_ARM)
			put_number(out, 0xe92d4010, 4);
		else if (form->machine.elf == EM_PPC)
			put_number(out, 0x90010024, 4);
		else if (form->machine.elf == EM_AARCH64)
			put_number(out, 0xd65f03c0, 4);
		else if (form->machine.elf == EM_X86_64)
			put_number(out, 0xe5894855, 4);
		else if (form->machine.elf == EM_S390)
			put_number(out, 0xeb6ff030, 4);
	}
	put_text(out, "Linux version %s (%s)");
	put_text(out, "needs Linux version 2.4 or later");
	put_text(out, "Linux version 6.1.192-lab (lab@host) (gcc 12.2.0, GNU ld 2.40) #1 SMP Thu "
		      "Jan 1\n");
	align_to(out, 0x2000);
}

static inline void put_strays(struct bytes *out, const struct kernel_form *form, size_t *places)
{
	for (unsigned i = STRAY; i < STRAY + form->strays; i++) {
		char name[64];

		made_name(form, i, name, sizeof name);
		places[i] = put_text(out, name);
	}
	align_to(out, 0x100);
}

static inline size_t put_strings(struct bytes *out, const struct kernel_form *form, size_t *places)
{
	size_t empty;

	for (unsigned k = 0; k < EXPORTS; k++) {
		/* in link order the strings of both tables are mixed */
		unsigned i = form->unsorted ? (k + PLAIN) % EXPORTS : k;
		char name[64];

		if (i >= STRAY && i < STRAY + form->strays)
			continue;
		made_name(form, i, name, sizeof name);
		/* a name may be the end of a longer one */
		places[i] = i == 5 ? put_text(out, "long_") + 5 : out->size;
		out->size = places[i];
		put_text(out, name);
	}
	empty = out->size - 1;
	put_text(out, "MY_NS");
	return empty;
}

static inline void put_entries(struct bytes *out, const struct kernel_form *form,
			       const size_t *places, size_t empty)
{
	for (unsigned i = 0; i < EXPORTS; i++) {
		put_pointer(out, form, 0x1200 + i * 4);
		put_pointer(out, form, places[i]);
		if (form->fields == 3 && i == 9)
			put_number(out, 0, form->relative ? 4 : out->word);
		else if (form->fields == 3)
			put_pointer(out, form, i == 8 ? empty + 1 : empty);
	}
}

static inline struct made_kernel made_kernel(struct arena *arena, const struct kernel_form *form)
{
	struct bytes *out = bytes_new(arena, form->machine);
	struct made_kernel made = {.image = out,
				   .entry = (form->relative ? 4 : out->word) * form->fields};
	size_t places[EXPORTS], empty, end;

	put_code(out, form);
	put_strays(out, form, places);
	/* binary data right before the tables, and no NUL before the first string */
	made.table = put_zeros(out, made.entry * EXPORTS);
	put_crcs(out, form);
	made.strings = out->size;
	empty = put_strings(out, form, places);
	align_to(out, 8);
	end = out->size;
	out->size = made.table;
	put_entries(out, form, places, empty);
	out->size = end;
	if (form->zeroed)
		for (unsigned i = 0; i < EXPORTS * 3; i++) {
			size_t at = i < EXPORTS	      ? made.table + i * made.entry
				    : i < 2 * EXPORTS ? made.table + (i - EXPORTS) * made.entry + 8
						      : 0x1200 + i * 8;

			put_word(out, form->base + at);
			put_word(out, 1027);
			put_word(out, form->base + (i < EXPORTS	      ? 0x1200 + i * 4
						    : i < 2 * EXPORTS ? places[i - EXPORTS]
								      : 0x1200));
		}
	put_zeros(out, 64);
	return made;
}

#endif

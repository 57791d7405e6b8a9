/* SPDX-License-Identifier: ISC */
/* Applies the relative relocations (Elf64_Rela) that a self-relocating 64-bit kernel
 * carries, so that the pointers of its __ksymtab can be read. */
#include "facts/kernel/ksymtab.h"

enum { RELA_SIZE = 24, RELA_LEAST = 256 };

static uint64_t rela_word(struct span image, size_t offset, enum endian endian)
{
	return load64(image.data + offset, endian);
}

/* True if a relative relocation is at OFFSET, of one of the 64-bit machines whose
 * kernels are stored with zero pointers. */
static bool is_rela(struct span image, size_t offset, enum endian endian)
{
	if (offset > image.size || image.size - offset < RELA_SIZE)
		return false;

	uint64_t info = rela_word(image, offset + 8, endian);

	/* R_AARCH64_RELATIVE, R_RISCV_RELATIVE and R_LARCH_RELATIVE,
	 * R_PPC64_RELATIVE */
	return (info == 1027 || info == 3 || info == 22) && rela_word(image, offset, endian) >> 63;
}

/* Finds the longest run of Elf64_Rela { offset, info, addend } with equal info. */
static size_t rela_find(struct span image, enum endian endian, size_t *ret_count)
{
	size_t best = 0, most = 0;

	for (size_t at = 0; at + RELA_SIZE <= image.size; at += 8) {
		size_t count = 0;

		while (is_rela(image, at + count * RELA_SIZE, endian))
			count++;
		if (count > most) {
			most = count;
			best = at;
		}
		if (count > 1)
			at += (count - 1) * RELA_SIZE;
	}
	*ret_count = most;
	return best;
}

struct span rela_apply(struct arena *scratch, struct span image, enum endian endian, uint64_t *base,
		       bool *found)
{
	size_t count, at = rela_find(image, endian, &count);

	*found = count >= RELA_LEAST;
	if (!*found)
		return (struct span){NULL, 0};

	uint64_t lowest = UINT64_MAX;

	for (size_t i = 0; i < count; i++) {
		uint64_t offset = rela_word(image, at + i * RELA_SIZE, endian);

		lowest = offset < lowest ? offset : lowest;
	}
	if (*base == 0)
		*base = lowest & ~(uint64_t)0xffff;

	struct span copy = arena_copy(scratch, image);
	uint8_t *bytes = (uint8_t *)(uintptr_t)copy.data;

	for (size_t i = 0; i < count; i++) {
		uint64_t place = rela_word(image, at + i * RELA_SIZE, endian) - *base;

		if (place <= image.size && image.size - place >= 8)
			memcpy(bytes + place, image.data + at + i * RELA_SIZE + 16, 8);
	}
	return copy;
}

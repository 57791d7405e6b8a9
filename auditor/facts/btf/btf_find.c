/* SPDX-License-Identifier: ISC */
/* Finds the BTF of a kernel: takes the section .BTF, or searches a raw image for the
 * largest valid BTF header. */
#include "facts/btf/btf.h"

#include <string.h>

/* TRIES limits the headers that are tried in one image. A kernel has one BTF of its
 * own, and a few small ones of BPF programs that it contains. */
enum { TRIES = 64, SIZE_MOST = 64 << 20 };

static const struct series any = {0};

static const struct btf *btf_keep(struct arena *arena, struct span bytes, enum endian endian)
{
	struct arena own = {0}; /* of which nothing is kept if the BTF is not valid */
	struct btf *btf = arena_new(&own, struct btf);
	struct btf_fault fault;

	if (!btf_read(&own, arena_copy(&own, bytes), endian, NULL, any, btf, &fault)) {
		arena_free(&own);
		return NULL;
	}
	arena_adopt(arena, &own);
	return btf;
}

const struct btf *btf_of_section(struct arena *arena, struct span bytes, enum endian endian)
{
	return bytes.size > SIZE_MOST ? NULL : btf_keep(arena, bytes, endian);
}

/* The range of a BTF whose header is at AT: from its hdr_len, and the offset and size of its last
 * section. */
static bool candidate_cut(struct span image, size_t at, enum endian endian, struct span *ret)
{
	uint32_t header = 0, offset = 0, size = 0;
	uint64_t end = 0;

	if (!span_u32(image, at + 4, endian, &header) || header < 24 || header > 64)
		return false;
	/* type_off, str_off, layout_off, each with a length behind it */
	for (size_t i = 8; i + 8 <= header && i <= 24; i += 8) {
		if (!span_u32(image, at + i, endian, &offset) ||
		    !span_u32(image, at + i + 4, endian, &size))
			return false;
		if (end < (uint64_t)offset + size)
			end = (uint64_t)offset + size;
	}
	return header + end <= SIZE_MOST && span_cut(image, at, header + end, ret);
}

struct best {
	struct span bytes;
	size_t at;
	uint32_t count;
	enum endian endian;
};

static void endian_search(struct span image, enum endian endian, struct best *best)
{
	static const struct span marks[] = {{(const uint8_t *)"\x9f\xeb\x01\x00", 4},
					    {(const uint8_t *)"\xeb\x9f\x01\x00", 4}};
	unsigned tries = 0;

	for (size_t at = span_find(image, 0, marks[endian]); at != SIZE_MAX && tries < TRIES;
	     at = span_find(image, at + 4, marks[endian])) {
		_cleanup_arena_ struct arena scratch = {0};
		struct btf_fault fault;
		struct span bytes;
		struct btf btf;

		if (!candidate_cut(image, at, endian, &bytes))
			continue;
		tries++;
		if (btf_read(&scratch, bytes, endian, NULL, any, &btf, &fault) &&
		    btf.count > best->count)
			*best = (struct best){bytes, at, btf.count, endian};
	}
}

const struct btf *btf_find(struct arena *arena, struct span image, const char *witness,
			   const char **ret_witness)
{
	struct best best = {.count = 0};

	endian_search(image, ENDIAN_LITTLE, &best);
	endian_search(image, ENDIAN_BIG, &best);
	if (best.count == 0)
		return NULL;
	*ret_witness = arena_format(arena, "%s: BTF at 0x%zx", witness, best.at);
	return btf_keep(arena, best.bytes, best.endian);
}

/* SPDX-License-Identifier: ISC */
/* Finds device trees that were appended to a kernel, for boards whose boot loader passes
 * none: they may have the kernel's command line. */
#include "unpack/firmware/payload.h"

/* zImage | tree                                   ARM_APPENDED_DTB, Documentation of arch/arm
 * vmlinux.bin | tree, both compressed together    MIPS_RAW_APPENDED_DTB; append-dtb of OpenWrt
 *
 * The header of a tree (Devicetree Specification, 5.2), big-endian: 0 d00dfeed, 4 total size,
 * 8 offset of the structure, 12 offset of the strings, 20 version, 24 last compatible one. */
enum { TREE_HEADER = 40, TREES_MOST = 8, VERSION_LEAST = 16, VERSION_MOST = 17 };

static bool tree_here(struct span bytes, struct span *ret)
{
	uint32_t size, structure, strings, version, compatible;

	return span_has(bytes, 0, TREE_MAGIC) && span_u32(bytes, 4, ENDIAN_BIG, &size) &&
	       span_u32(bytes, 8, ENDIAN_BIG, &structure) &&
	       span_u32(bytes, 12, ENDIAN_BIG, &strings) &&
	       span_u32(bytes, 20, ENDIAN_BIG, &version) &&
	       span_u32(bytes, 24, ENDIAN_BIG, &compatible) && version >= VERSION_LEAST &&
	       compatible <= VERSION_MOST && size > TREE_HEADER && structure >= TREE_HEADER &&
	       structure < size && strings < size && span_cut(bytes, 0, size, ret);
}

bool appended_behind(const struct place *place, struct span bytes, struct error *error)
{
	struct span tree;

	for (unsigned i = 0; i < TREES_MOST && tree_here(bytes, &tree); i++) {
		const char *path = arena_format(place->scratch, "appended/%u.dtb", i);
		enum want want = place_want(place, path, tree.size);

		bytes = span_skip(bytes, tree.size);
		if (want != WANT_NOTHING &&
		    !place_entry(place, path, ENTRY_FILE, NULL, tree, tree.size, want, error))
			return false;
	}
	return true;
}

bool appended_end(const struct place *place, struct span bytes, struct error *error)
{
	size_t end = bytes.size; /* of the last byte that is no padding */
	struct span tree;

	while (end >= VECTOR_SIZE) {
		vector last = vector_at(bytes.data + end - VECTOR_SIZE);

		if (vector_any((last != 0) & (last != 0xff)))
			break;
		end -= VECTOR_SIZE;
	}
	while (end > 0 && (bytes.data[end - 1] == 0 || bytes.data[end - 1] == 0xff))
		end--;
	for (size_t at = span_find(bytes, 0, TREE_MAGIC); at != SIZE_MAX;
	     at = span_find(bytes, at + 1, TREE_MAGIC)) {
		struct span from = span_skip(bytes, at);

		if (!tree_here(from, &tree))
			continue;
		if (at + tree.size >= end || tree_here(span_skip(from, tree.size), &tree))
			return appended_behind(place, from, error);
	}
	return true;
}

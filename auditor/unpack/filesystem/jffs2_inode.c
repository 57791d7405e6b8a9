/* SPDX-License-Identifier: ISC */
/* Puts the contents of a JFFS2 inode together from its nodes; see jffs2.c. */
#include "unpack/filesystem/jffs2.h"
#include "base/array.h"
#include "unpack/place.h"

#include <string.h>

enum { PIECE_MOST = 1 << 20 };

/* The place of the first data node of INODE; *COUNT of them follow each other. */
static size_t nodes_of(const struct jffs2 *fs, uint64_t inode, size_t *count)
{
	size_t low = array_lower(node, &fs->nodes, node->inode < inode), end;

	for (end = low; end < fs->nodes.count && fs->nodes.list[end].inode == inode;)
		end++;
	*count = end - low;
	return low;
}

bool jffs2_size(void *context, uint64_t inode, uint64_t *ret, struct error *error)
{
	const struct jffs2 *fs = context;
	size_t count, first = nodes_of(fs, inode, &count);

	if (count == 0)
		return fail(error, "inode %llu is missing: truncated or data corrupted",
			    (unsigned long long)inode);
	*ret = fs->nodes.list[first + count - 1].whole;
	return true;
}

static bool piece_read(const struct jffs2 *fs, struct arena *arena, const struct jffs2_node *node,
		       struct span *ret, struct error *error)
{
	struct span bytes = span_skip(fs->bytes, node->at), in;
	uint32_t stored = 0, crc = 0, length = 0;
	uint8_t method = 0;

	length = head_u32(bytes, 0x04, fs->endian);
	stored = head_u32(bytes, 0x30, fs->endian);
	method = head_u8(bytes, 0x38);
	crc = head_u32(bytes, 0x3c, fs->endian);
	if (!span_cut(span_head(bytes, length), JFFS2_DATA, stored, &in) ||
	    node->size > (method == JFFS2_ZEROS ? LIMIT_FILE : PIECE_MOST))
		return fail(error, "%u bytes do not fit in the file: data corrupted", stored);
	if (jffs2_crc(in) != crc)
		return fail(error, "crc32 of its data differs: data corrupted");
	if (!jffs2_decode(arena, method, in, node->size, ret, error))
		return false;
	return ret->size == node->size ||
	       fail(error, "it decompresses to %zu bytes, not %u: data corrupted", ret->size,
		    node->size);
}

static int offset_compare(const void *a, const void *b)
{
	const struct jffs2_node *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static bool is_covered(struct arena *arena, const struct jffs2_node *nodes, size_t count,
		       uint64_t size)
{
	struct jffs2_node *sorted = arena_raw(arena, count * sizeof *sorted + 1);
	uint64_t end = 0;

	memcpy(sorted, nodes, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, offset_compare);
	for (size_t i = 0; i < count && end < size && sorted[i].offset <= end; i++) {
		uint64_t own = (uint64_t)sorted[i].offset + sorted[i].size;

		end = own > end ? own : end;
	}
	return end >= size;
}

bool jffs2_bytes(void *context, uint64_t inode, uint64_t size, struct span *ret,
		 struct error *error)
{
	struct jffs2 *fs = context;
	_cleanup_arena_ struct arena arena = {0};
	uint8_t *bytes = arena_get(&fs->tree->scratch, size + 1);
	size_t count, first = nodes_of(fs, inode, &count);

	if (!is_covered(&arena, &fs->nodes.list[first], count, size))
		return fail(error, "some of its nodes are missing: truncated or data corrupted");
	for (size_t i = first; i < first + count; i++) {
		const struct jffs2_node *node = &fs->nodes.list[i];
		struct span piece;

		if (node->offset >= size || node->size == 0)
			continue;
		arena_reset(&arena);
		/* nodes of zeros have no bytes in the image, so they are counted separately */
		if (!place_account(&fs->tree->place, node->size, error) ||
		    !piece_read(fs, &arena, node, &piece, error))
			return within(error, "node at 0x%llx of it", (unsigned long long)node->at);
		piece = span_head(piece, size - node->offset);
		memcpy(bytes + node->offset, piece.data, piece.size);
	}
	*ret = span_from(bytes, size);
	return true;
}

bool jffs2_zero(void *context, uint64_t inode, bool *ret, struct error *error)
{
	const struct jffs2 *fs = context;
	_cleanup_arena_ struct arena arena = {0};
	size_t count, first = nodes_of(fs, inode, &count);
	struct span number;

	*ret = false;
	if (count == 0)
		return fail(error, "inode %llu is missing: truncated or data corrupted",
			    (unsigned long long)inode);
	if (!piece_read(fs, &arena, &fs->nodes.list[first + count - 1], &number, error))
		return false;
	*ret = number.size > 0 && span_filled(number, 0);
	return true;
}

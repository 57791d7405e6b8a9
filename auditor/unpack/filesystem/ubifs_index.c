/* SPDX-License-Identifier: ISC */
/* Checks the index of a UBIFS, which shows whether a node was lost; see ubifs.c. */
#include "unpack/filesystem/ubifs.h"

static bool index_check(struct ubifs *fs, uint64_t at, unsigned level, struct error *error)
{
	struct ubifs_header node, leaf;
	uint16_t count = 0, own = 0;

	if (!ubifs_node(fs->bytes, at, &node) || node.type != NODE_INDEX ||
	    !span_u16(node.bytes, 0x18, ENDIAN_LITTLE, &count) ||
	    !span_u16(node.bytes, 0x1a, ENDIAN_LITTLE, &own) || own >= level)
		return fail(error,
			    "no valid index node at 0x%llx of it: truncated or data corrupted",
			    (unsigned long long)at);
	if (++fs->visits > fs->bytes.size / HEADER)
		return fail(error, "the index contains a loop: data corrupted");
	for (uint64_t i = 0; i < count; i++) {
		uint32_t leb, offset;

		if (!span_u32(node.bytes, 0x1c + i * BRANCH, ENDIAN_LITTLE, &leb) ||
		    !span_u32(node.bytes, 0x20 + i * BRANCH, ENDIAN_LITTLE, &offset))
			return fail(error, "index node at 0x%llx of it is too short",
				    (unsigned long long)at);

		uint64_t below = leb * fs->leb_size + offset;
		if (own > 0 && !index_check(fs, below, own, error))
			return false;
		if (own == 0 && !ubifs_node(fs->bytes, below, &leaf))
			return fail(error,
				    "no valid node at 0x%llx of it, where the index has one: "
				    "truncated or data corrupted",
				    (unsigned long long)below);
	}
	return true;
}

bool ubifs_index_check(struct ubifs *fs, struct error *error)
{
	uint64_t newest = 0;
	uint32_t leb = 0, offset = 0;

	for (uint64_t at = fs->leb_size; at < 3 * fs->leb_size && at < fs->bytes.size; at += 8) {
		struct ubifs_header node;

		if (!ubifs_node(fs->bytes, at, &node) || node.type != NODE_MASTER ||
		    node.sequence < newest)
			continue;
		newest = node.sequence;
		leb = head_u32(node.bytes, 0x30, ENDIAN_LITTLE);
		offset = head_u32(node.bytes, 0x34, ENDIAN_LITTLE);
	}
	if (leb == 0)
		return fail(
			error,
			"no valid master node in its blocks 1 and 2: truncated or data corrupted");
	return index_check(fs, leb * fs->leb_size + offset, LEVELS_MOST, error);
}

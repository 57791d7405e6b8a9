/* SPDX-License-Identifier: ISC */
/* Reads a UBIFS volume by scanning its main area for nodes and gives its tree to
 * logfs.c (format: Linux fs/ubifs/ubifs-media.h). */
#include "base/array.h"
#include "base/digest.h"
#include "unpack/filesystem/ubifs.h"

#include <string.h>

/* UBIFS (Linux fs/ubifs/ubifs-media.h), little-endian. Logical erase blocks with nodes, which
 * begin at multiples of 8:
 *
 *   0x00 31 18 10 06   0x04 crc32 of everything after it   0x08 sequence number u64
 *   0x10 length        0x14 type
 *
 *   0 inode   0x18 key   0x30 size u64   0x68 mode   0x70 bytes of data
 *       0xa0 data: a link's target, a device's number
 *   1 data    0x18 key   0x28 size   0x2c u16 compression: 0 none, 1 lzo, 2 deflate, 3 zstd
 *       0x30 bytes
 *   2 name    0x18 key   0x28 inode u64, 0: removed
 *       0x31 type: 0 file, 1 directory, 2 link, 4 characters   0x32 u16 length   0x38 name
 *   3 attribute   like a name: key of the holder, 0x28 the inode whose data is the value
 *   4 cut     0x18 inode   0x30 new size u64
 *   5 padding 0x18 bytes of it
 *   6 super   0x24 block size   0x28 blocks   0x38 blocks of the log
 *       0x3c of the table of blocks   0x40 of orphans
 *   7 master  0x30 root of the index: block, offset, length
 *   9 index   0x18 u16 branches   0x1a u16 level
 *       0x1c branches of 20 bytes: block, offset, length, key
 *
 * A key is the inode's number u32 and a u32 with the type in its upper 3 bits and the number of a
 * 4 KiB block in the rest. The super block is block 0, masters are 1 and 2; log, table and orphans
 * follow, then the main area, which is the only part that is scanned. Of nodes with the same key
 * the one with the highest sequence number counts, as after a replay of the journal. A block of
 * zeros has no node, so all nodes in the index must exist: a missing one would read as zeros. */
bool ubifs_node(struct span bytes, uint64_t at, struct ubifs_header *ret)
{
	uint32_t length, crc, inode = 0, block = 0;

	if (!span_has(bytes, at, SPAN_OF("\x31\x18\x10\x06")) ||
	    !span_u32(bytes, at + 0x10, ENDIAN_LITTLE, &length) || length < HEADER ||
	    !span_cut(bytes, at, length, &ret->bytes))
		return false;
	crc = head_u32(ret->bytes, 4, ENDIAN_LITTLE);
	ret->sequence = head_u64(ret->bytes, 8, ENDIAN_LITTLE);
	ret->type = head_u8(ret->bytes, 0x14);
	inode = head_u32(ret->bytes, 0x18, ENDIAN_LITTLE);
	block = head_u32(ret->bytes, 0x1c, ENDIAN_LITTLE);
	ret->inode = inode;
	ret->block = block & 0x1fffffff;
	return crc == (uint32_t)~crc32_of(0, span_skip(ret->bytes, 8));
}

static bool ubifs_probe(struct span bytes)
{
	struct ubifs_header node;

	return ubifs_node(bytes, 0, &node) && node.type == NODE_SUPER;
}

static bool super_read(struct ubifs *fs, struct error *error)
{
	struct ubifs_header node;
	uint32_t size, count, log, table, orphans;

	if (!ubifs_node(fs->bytes, 0, &node) || !span_u32(node.bytes, 0x24, ENDIAN_LITTLE, &size) ||
	    !span_u32(node.bytes, 0x28, ENDIAN_LITTLE, &count) ||
	    !span_u32(node.bytes, 0x38, ENDIAN_LITTLE, &log) ||
	    !span_u32(node.bytes, 0x3c, ENDIAN_LITTLE, &table) ||
	    !span_u32(node.bytes, 0x40, ENDIAN_LITTLE, &orphans))
		return fail(error, "its super block is too short");
	fs->leb_size = size;
	fs->leb_count = count;
	fs->first = 3ull + log + table + orphans;
	if (size < BLOCK || size > LEB_MOST || fs->first >= count)
		return fail(error, "its super block states %u blocks of %u bytes: data corrupted",
			    count, size);
	return true;
}

static bool name_add(struct ubifs *fs, const struct ubifs_header *node, struct error *error)
{
	static const enum logfs_kind kinds[] = {LOGFS_FILE, LOGFS_DIRECTORY, LOGFS_LINK,
						LOGFS_OTHER, LOGFS_DEVICE};
	struct logfs_name about = {
		.parent = node->inode, .version = node->sequence, .kind = LOGFS_OTHER};
	struct span name;
	uint16_t size;
	uint8_t type;

	if (!span_u64(node->bytes, 0x28, ENDIAN_LITTLE, &about.inode) ||
	    !span_u8(node->bytes, 0x31, &type) ||
	    !span_u16(node->bytes, 0x32, ENDIAN_LITTLE, &size) ||
	    !span_cut(node->bytes, 0x38, size, &name))
		return fail(error, "a name is longer than its node");
	if (type < sizeof kinds / sizeof *kinds)
		about.kind = kinds[type];
	return logfs_add(fs->tree, name, about, error);
}

static void attribute_add(struct ubifs *fs, const struct ubifs_header *node)
{
	const struct span class = SPAN_OF("trusted.");
	struct attribute attribute = {.holder = node->inode, .version = node->sequence};
	struct span name;
	uint16_t size;

	if (!span_u64(node->bytes, 0x28, ENDIAN_LITTLE, &attribute.value) ||
	    !span_u16(node->bytes, 0x32, ENDIAN_LITTLE, &size) ||
	    !span_cut(node->bytes, 0x38, size, &name) || !span_has(name, 0, class))
		return;
	attribute.number = attribute_number(span_skip(name, class.size));
	attribute.gone = attribute.value == 0;
	if (attribute.number > 0)
		*array_add(&fs->tree->arena, &fs->attributes) = attribute;
}

static bool node_keep(struct ubifs *fs, const struct ubifs_header *node, uint64_t at,
		      struct error *error)
{
	struct arena *arena = &fs->tree->arena;
	struct ubifs_node kept = {node->inode, node->sequence, at, node->block};
	uint64_t size = 0;

	if (node->type == NODE_NAME)
		return name_add(fs, node, error);
	if (node->type == NODE_XATTR)
		attribute_add(fs, node);
	if (node->type == NODE_INODE) {
		kept.block = 0;
		*array_add(arena, &fs->inodes) = kept;
	}
	if (node->type == NODE_DATA)
		*array_add(arena, &fs->data) = kept;
	if (node->type == NODE_CUT && span_u64(node->bytes, 0x30, ENDIAN_LITTLE, &size)) {
		kept.block = (uint32_t)((size + BLOCK - 1) / BLOCK);
		*array_add(arena, &fs->cuts) = kept;
	}
	return true;
}

static bool block_scan(struct ubifs *fs, uint64_t start, uint64_t end, struct error *error)
{
	for (uint64_t at = start; at < end;) {
		struct ubifs_header node;
		uint32_t padding = 0;

		/* between nodes there are ones, or 0xce if there is no room for a padding node */
		if (span_has(fs->bytes, at, SPAN_OF("\xff\xff\xff\xff\xff\xff\xff\xff")) ||
		    span_has(fs->bytes, at, SPAN_OF("\xce\xce\xce\xce\xce\xce\xce\xce"))) {
			at += 8;
			continue;
		}
		if (!ubifs_node(span_head(fs->bytes, end), at, &node))
			return fail(error, "no valid node at 0x%llx of it: data corrupted",
				    (unsigned long long)at);
		if (node.type == NODE_PADDING)
			padding = head_u32(node.bytes, 0x18, ENDIAN_LITTLE);
		if (!node_keep(fs, &node, at, error))
			return within(error, "node at 0x%llx of it", (unsigned long long)at);
		at = (at + node.bytes.size + padding + 7) / 8 * 8;
	}
	return true;
}

/* sorts the newest first */
static int node_compare(const void *a, const void *b)
{
	const struct ubifs_node *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	return x->sequence > y->sequence ? -1 : x->sequence < y->sequence;
}

static void nodes_settle(struct ubifs_nodes *nodes)
{
	size_t kept = 0;

	array_sort(nodes, node_compare);
	array_each(node, nodes)
		if (kept == 0 || nodes->list[kept - 1].inode != node->inode ||
		    nodes->list[kept - 1].block != node->block)
			nodes->list[kept++] = *node;
	nodes->count = kept;
}

static size_t nodes_from(const struct ubifs_nodes *nodes, uint64_t inode)
{
	return array_lower(node, nodes, node->inode < inode);
}

/* ---- files ---- */

static bool inode_find(const struct ubifs *fs, uint64_t inode, struct ubifs_header *ret,
		       struct error *error)
{
	size_t at = nodes_from(&fs->inodes, inode);

	if (at >= fs->inodes.count || fs->inodes.list[at].inode != inode ||
	    !ubifs_node(fs->bytes, fs->inodes.list[at].offset, ret))
		return fail(error, "inode %llu is missing: truncated or data corrupted",
			    (unsigned long long)inode);
	return true;
}

static bool inode_size(void *context, uint64_t inode, uint64_t *ret, struct error *error)
{
	const struct ubifs *fs = context;
	struct ubifs_header node;

	return inode_find(fs, inode, &node, error) &&
	       (span_u64(node.bytes, 0x30, ENDIAN_LITTLE, ret) ||
		fail(error, "its inode is too short"));
}

/* The data in the inode itself: a device's number, an attribute's value or
 * a link's target. */
static struct span inode_inlined(const struct ubifs *fs, uint64_t inode)
{
	struct ubifs_header node;
	struct span bytes;
	struct error ignored;
	uint32_t size;

	if (inode_find(fs, inode, &node, &ignored) &&
	    span_u32(node.bytes, 0x70, ENDIAN_LITTLE, &size) &&
	    span_cut(node.bytes, 0xa0, size, &bytes))
		return bytes;
	return (struct span){NULL, 0};
}

static bool inode_zero(void *context, uint64_t inode, bool *ret, struct error *error)
{
	const struct ubifs *fs = context;
	struct span number = inode_inlined(fs, inode);

	if (number.size == 0)
		return fail(error, "a device without a number: truncated or data corrupted");
	*ret = span_filled(number, 0);
	return true;
}

static enum logfs_mark inode_mark(void *context, uint64_t inode)
{
	const struct ubifs *fs = context;
	const struct attributes *attributes = &fs->attributes;
	enum logfs_mark mark = LOGFS_PLAIN;

	for (size_t i = attributes_from(attributes, inode, 0);
	     i < attributes->count && attributes->list[i].holder == inode; i++) {
		const struct attribute *attribute = &attributes->list[i];
		enum logfs_mark own = attribute_mark((unsigned)attribute->number,
						     inode_inlined(fs, attribute->value));

		mark = own > mark ? own : mark;
	}
	return mark;
}

static bool is_cut(const struct ubifs *fs, const struct ubifs_node *node)
{
	for (size_t i = nodes_from(&fs->cuts, node->inode); i < fs->cuts.count; i++) {
		const struct ubifs_node *cut = &fs->cuts.list[i];

		if (cut->inode != node->inode || cut->block > node->block)
			return false;
		if (cut->sequence > node->sequence)
			return true;
	}
	return false;
}

static bool block_decode(struct arena *arena, struct span node, struct span *ret,
			 struct error *error)
{
	static const enum compression methods[] = {COMPRESSION_NONE, COMPRESSION_LZO1X,
						   COMPRESSION_DEFLATE, COMPRESSION_ZSTD};
	uint32_t size;
	uint16_t method;

	*ret = span_skip(node, 0x30);
	if (!span_u32(node, 0x28, ENDIAN_LITTLE, &size) ||
	    !span_u16(node, 0x2c, ENDIAN_LITTLE, &method) || size > BLOCK)
		return fail(error, "an invalid data node: data corrupted");
	if (method >= sizeof methods / sizeof *methods)
		return fail(error, "unknown compression %u", method);
	if (method > 0 && !decompress(arena, methods[method], *ret, BLOCK, ret, NULL, error))
		return false;
	return ret->size == size ||
	       fail(error, "it decompresses to %zu bytes, not %u: data corrupted", ret->size, size);
}

static bool inode_read(void *context, uint64_t inode, uint64_t size, struct span *ret,
		       struct error *error)
{
	struct ubifs *fs = context;
	_cleanup_arena_ struct arena arena = {0};
	struct ubifs_header node;
	uint8_t *bytes = arena_get(&fs->tree->scratch, size + 1);
	struct span piece;
	uint32_t inlined = 0;

	*ret = span_from(bytes, size);
	if (!inode_find(fs, inode, &node, error))
		return false;
	inlined = head_u32(node.bytes, 0x70, ENDIAN_LITTLE);
	if (inlined > 0 && span_cut(node.bytes, 0xa0, size, &piece))
		memcpy(bytes, piece.data, piece.size);
	for (size_t i = nodes_from(&fs->data, inode);
	     i < fs->data.count && fs->data.list[i].inode == inode; i++) {
		const struct ubifs_node *data = &fs->data.list[i];
		uint64_t at = (uint64_t)data->block * BLOCK;

		if (at >= size || is_cut(fs, data))
			continue;
		arena_reset(&arena);
		if (!ubifs_node(fs->bytes, data->offset, &node) ||
		    !block_decode(&arena, node.bytes, &piece, error))
			return within(error, "data node at 0x%llx of it",
				      (unsigned long long)data->offset);
		piece = span_head(piece, size - at);
		memcpy(bytes + at, piece.data, piece.size);
	}
	return true;
}

static bool ubifs_scan(struct ubifs *fs, struct error *error)
{
	uint64_t end = fs->leb_count * fs->leb_size;

	if (end > fs->bytes.size)
		end = fs->bytes.size;
	for (uint64_t at = fs->first * fs->leb_size; at < end; at += fs->leb_size)
		if (!block_scan(fs, at, at + fs->leb_size < end ? at + fs->leb_size : end, error))
			return false;
	nodes_settle(&fs->inodes);
	nodes_settle(&fs->data);
	nodes_settle(&fs->cuts);
	attributes_settle(&fs->attributes);
	return ubifs_index_check(fs, error);
}

static uint64_t ubifs_extent(struct span bytes)
{
	struct ubifs fs = {.bytes = bytes};
	struct error ignored;
	uint64_t size;

	if (!super_read(&fs, &ignored))
		return bytes.size;
	size = fs.leb_count * fs.leb_size;
	return size < bytes.size ? size : bytes.size;
}

static bool ubifs_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_logfs_ struct logfs tree = {
		.size = inode_size, .read = inode_read, .zero = inode_zero, .mark = inode_mark};
	struct ubifs fs = {.place = place, .bytes = bytes};
	const char *what = place_at(place, "ubifs", place->offset);

	if (!super_read(&fs, error))
		return within(error, "%s", what);
	place_layout(
		place, 0, fs.leb_count * fs.leb_size, "ubifs",
		arena_format(place->scratch, "%llu byte blocks", (unsigned long long)fs.leb_size));
	if (!logfs_enter(&tree, place, what, &fs, error))
		return false;
	fs.tree = &tree;

	bool ok = ubifs_scan(&fs, error) && logfs_walk(&tree, ROOT, error);
	return ok || within(error, "%s", what);
}

const struct format format_ubifs = {.kind = "ubifs",
				    .begins = {SPAN_OF("\x31\x18\x10\x06")},
				    .probe = ubifs_probe,
				    .read = ubifs_read,
				    .extent = ubifs_extent};

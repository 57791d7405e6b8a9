/* SPDX-License-Identifier: ISC */
/* Finds the nodes of a JFFS2 file system, little or big endian, and gives its tree to logfs.c
 * (format: Linux include/uapi/linux/jffs2.h). */
#include "base/array.h"
#include "base/digest.h"
#include "unpack/firmware/flash.h"
#include "unpack/filesystem/jffs2.h"

#include <string.h>

/* JFFS2 (Linux include/uapi/linux/jffs2.h), in the byte order of the device. Nodes begin at
 * multiples of 4, with ones between them:
 *
 *   0x00 u16 0x1985   0x02 u16 type   0x04 length
 *       0x08 crc32 of these 8 bytes with bit 0x2000 of the type set
 *
 *   0xe001 name   0x0c parent   0x10 version   0x14 inode, 0: removed   0x1c u8 length
 *                 0x1d type: 4, 8, 10 as in dirent
 *                 0x20 crc32 of the first 32 bytes   0x24 crc32 of the name   0x28 name
 *   0xe002 data   0x0c inode   0x10 version   0x1c size of the file   0x2c offset
 *                 0x30 stored size   0x34 size
 *                 0x38 u8 compression: 0 none, 1 zeros, 2 rtime, 6 zlib, 7 lzo, 8 lzma
 *                 0x3c crc32 of the stored bytes   0x40 crc32 of the first 60 bytes   0x44 bytes
 *
 *   0xe008, 0xe009 attributes: jffs2_attributes.c
 *
 * The data of a device is its number, u16 or u32. 0x2003 marks a clean block, 0x2004 is padding,
 * 0x2006 a summary. A node whose type has bit 0x2000 cleared is obsolete. All crc32 start at 0
 * and are not inverted. lzma is OpenWrt's patch: a raw stream with lc 0, lp 0, pb 0 and a
 * dictionary of 8 KiB. Every byte of a file is in some node, even those of holes; a byte without a
 * node was lost. */
enum {
	TYPE_NAME = 0xe001,
	TYPE_DATA = 0xe002,
	TYPE_CLEAN = 0x2003,
	TYPE_ACCURATE = 0x2000,
	HEADER = 12
};
enum { ROOT = 1 }; /* the inode of the root directory, which has no name */
enum { BLOCK_LEAST = 4096 }; /* bytes of an erase block */

uint32_t jffs2_crc(struct span span)
{
	return ~crc32_of(UINT32_MAX, span);
}

static bool is_type(uint16_t type)
{
	switch (type | TYPE_ACCURATE) {
	case TYPE_NAME:
	case TYPE_DATA:
	case TYPE_CLEAN:
	case 0x2004:
	case 0x2006:
	case 0xe008:
	case 0xe009:
		return true;
	default:
		return false;
	}
}

static bool is_marker(uint16_t type)
{
	return (type | TYPE_ACCURATE) == TYPE_CLEAN;
}

static bool header_here(const struct jffs2 *fs, uint64_t at, uint16_t *type, uint32_t *size)
{
	uint16_t magic;
	uint32_t crc;
	struct span head;
	uint8_t copy[8];

	if (!span_cut(fs->bytes, at, HEADER, &head))
		return false;
	magic = head_u16(head, 0, fs->endian);
	*type = head_u16(head, 2, fs->endian);
	*size = head_u32(head, 4, fs->endian);
	crc = head_u32(head, 8, fs->endian);
	memcpy(copy, head.data, sizeof copy);
	copy[fs->endian == ENDIAN_BIG ? 2 : 3] |= TYPE_ACCURATE >> 8;
	return magic == 0x1985 && is_type(*type) && *size >= HEADER &&
	       crc == jffs2_crc(span_from(copy, sizeof copy));
}

static bool endian_find(struct jffs2 *fs)
{
	uint16_t type;
	uint32_t size;

	fs->endian = span_has(fs->bytes, 0, SPAN_OF("\x19\x85")) ? ENDIAN_BIG : ENDIAN_LITTLE;
	return header_here(fs, 0, &type, &size);
}

/* True if the bytes begin with a name or data, which the marker of a clean block may precede.
 * OpenWrt puts such a marker after a squashfs, with nothing after it; that is not a file system.
 * On NOR flash the kernel makes the marker obsolete when it writes the first node behind it, and
 * each node that a later one replaces (fs/jffs2/nodemgmt.c). */
static bool jffs2_probe(struct span bytes)
{
	struct jffs2 fs = {.bytes = bytes};
	uint16_t type;
	uint32_t size;

	if ((!span_has(bytes, 0, SPAN_OF("\x19\x85")) &&
	     !span_has(bytes, 0, SPAN_OF("\x85\x19"))) ||
	    !endian_find(&fs) || !header_here(&fs, 0, &type, &size))
		return false;
	if (!is_marker(type))
		return true;
	return header_here(&fs, (size + 3ull) / 4 * 4, &type, &size) && !is_marker(type);
}

static bool name_add(struct jffs2 *fs, struct span node, struct error *error)
{
	struct logfs_name about = {.kind = LOGFS_OTHER};
	uint32_t parent, version, inode, node_crc, name_crc;
	uint8_t size, type;
	struct span name;

	if (!span_u32(node, 0x0c, fs->endian, &parent) ||
	    !span_u32(node, 0x10, fs->endian, &version) ||
	    !span_u32(node, 0x14, fs->endian, &inode) || !span_u8(node, 0x1c, &size) ||
	    !span_u8(node, 0x1d, &type) || !span_u32(node, 0x20, fs->endian, &node_crc) ||
	    !span_u32(node, 0x24, fs->endian, &name_crc) || !span_cut(node, 0x28, size, &name))
		return fail(error, "a name is longer than its node: data corrupted");
	if (jffs2_crc(span_head(node, 32)) != node_crc || jffs2_crc(name) != name_crc)
		return fail(error, "crc32 of a name differs: data corrupted");
	about.parent = parent;
	about.version = version;
	about.inode = inode;
	if (type == 2)
		about.kind = LOGFS_DEVICE;
	if (type == 4 || type == 8 || type == 10)
		about.kind = type == 4 ? LOGFS_DIRECTORY : type == 8 ? LOGFS_FILE : LOGFS_LINK;
	return logfs_add(fs->tree, name, about, error);
}

static bool data_add(struct jffs2 *fs, struct span node, uint64_t at, struct error *error)
{
	struct jffs2_node data = {.at = at};
	uint32_t crc;

	if (!span_u32(node, 0x0c, fs->endian, &data.inode) ||
	    !span_u32(node, 0x10, fs->endian, &data.version) ||
	    !span_u32(node, 0x1c, fs->endian, &data.whole) ||
	    !span_u32(node, 0x2c, fs->endian, &data.offset) ||
	    !span_u32(node, 0x34, fs->endian, &data.size) ||
	    !span_u32(node, 0x40, fs->endian, &crc) || node.size < JFFS2_DATA)
		return fail(error, "a data node is too short: data corrupted");
	if (jffs2_crc(span_head(node, 60)) != crc)
		return fail(error, "crc32 of a data node's header differs: data corrupted");
	*array_add(&fs->tree->arena, &fs->nodes) = data;
	return true;
}

static enum logfs_mark inode_mark(void *context, uint64_t inode)
{
	const struct jffs2 *fs = context;

	return jffs2_mark(&fs->attributes, inode);
}

static bool nodes_scan(struct jffs2 *fs, struct error *error)
{
	uint64_t stray = UINT64_MAX;

	for (uint64_t at = 0; at + HEADER <= fs->bytes.size;) {
		uint16_t type;
		uint32_t size;
		struct span node;

		if (!header_here(fs, at, &type, &size)) {
			if (stray == UINT64_MAX &&
			    !span_has(fs->bytes, at, SPAN_OF("\xff\xff\xff\xff")))
				stray = at;
			at += 4;
			continue;
		}
		/* after the last node there may be ones or other data; between nodes only ones */
		if (stray != UINT64_MAX)
			return fail(error, "no valid node at 0x%llx of it: data corrupted",
				    (unsigned long long)stray);
		if (!span_cut(fs->bytes, at, size, &node))
			return fail(error, "node at 0x%llx of it: truncated",
				    (unsigned long long)at);
		fs->tree->changed |= !(type & TYPE_ACCURATE);
		if ((type == TYPE_NAME && !name_add(fs, node, error)) ||
		    (type == TYPE_DATA && !data_add(fs, node, at, error)))
			return within(error, "node at 0x%llx of it", (unsigned long long)at);
		jffs2_attribute(&fs->tree->arena, &fs->attributes, type, node, fs->endian);
		at += (size + 3ull) / 4 * 4;
		fs->end = at;
	}
	return true;
}

/* The file system ends with its last node, or before something else. A partition has whole erase
 * blocks, so another format that begins in a gap between nodes belongs to the next partition,
 * and nodes after it to another file system. */
static uint64_t jffs2_extent(struct span bytes)
{
	struct jffs2 fs = {.bytes = bytes};
	uint64_t end = 0, at = 0;
	uint16_t type;
	uint32_t size;

	endian_find(&fs);
	while (at + HEADER <= bytes.size) {
		if (header_here(&fs, at, &type, &size)) {
			at += (size + 3ull) / 4 * 4;
			end = at;
			continue;
		}
		if (at % BLOCK_LEAST == 0 && at > 0 && flash_starts(span_skip(bytes, at)))
			break;
		at += 4;
	}
	/* with the rest of its last block, which shows whether that was lost */
	end = (end + BLOCK_LEAST - 1) / BLOCK_LEAST * BLOCK_LEAST;
	return end < bytes.size ? end : bytes.size;
}

static int node_compare(const void *a, const void *b)
{
	const struct jffs2_node *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->version < y->version ? -1 : x->version > y->version;
}

/* The last node is followed by ones up to the end of its erase block, which no writer leaves
 * out: mkfs.jffs2 fills it up, and a device reads it as erased. Anything else, or nothing, means
 * that nodes are lost. */
static void end_check(const struct jffs2 *fs)
{
	uint64_t end = (fs->end + BLOCK_LEAST - 1) / BLOCK_LEAST * BLOCK_LEAST;

	for (uint64_t at = fs->end; at < end; at++)
		if (!span_has(fs->bytes, at, SPAN_OF("\xff"))) {
			place_unread(&fs->tree->place,
				     "it ends at 0x%llx of it with %s instead of erased flash: "
				     "truncated or data corrupted",
				     (unsigned long long)at,
				     at < fs->bytes.size ? "other bytes" : "the file");
			return;
		}
}

static bool jffs2_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_logfs_ struct logfs tree = {
		.size = jffs2_size, .read = jffs2_bytes, .zero = jffs2_zero, .mark = inode_mark};
	struct jffs2 fs = {.bytes = bytes, .tree = &tree};
	const char *what = place_at(place, "jffs2", place->offset);

	endian_find(&fs);
	place_layout(place, 0, 0, "jffs2",
		     fs.endian == ENDIAN_BIG ? "big endian" : "little endian");
	if (!logfs_enter(&tree, place, what, &fs, error))
		return false;

	if (!nodes_scan(&fs, error))
		return within(error, "%s", what);
	array_sort(&fs.nodes, node_compare);
	jffs2_attributes_settle(&fs.attributes);
	end_check(&fs);

	uint64_t *inodes = arena_raw(&tree.arena, fs.nodes.count * sizeof *inodes + 1);
	for (size_t i = 0; i < fs.nodes.count; i++)
		inodes[i] = fs.nodes.list[i].inode;
	logfs_named(&tree, ROOT, inodes, fs.nodes.count);
	return logfs_walk(&tree, ROOT, error) || within(error, "%s", what);
}

const struct format format_jffs2 = {.kind = "jffs2",
				    .begins = {SPAN_OF("\x85\x19"), SPAN_OF("\x19\x85")},
				    .probe = jffs2_probe,
				    .read = jffs2_read,
				    .extent = jffs2_extent};

/* SPDX-License-Identifier: ISC */
/* Reads cramfs, the compressed read-only file system of many devices before squashfs
 * (format: Linux fs/cramfs/README, include/uapi/linux/cramfs_fs.h, fs/cramfs/inode.c). */
#include "unpack/filesystem/logfs.h"

#include <string.h>

/* In the byte order of the machine that made it:
 *
 *   0x00 0x28cd3d45    0x04 u32 size     0x08 u32 flags   0x0c u32 future
 *   0x10 "Compressed ROMFS"
 *   0x20 u32 crc32     0x24 u32 edition  0x28 u32 blocks  0x2c u32 files
 *   0x30 name of the volume, 16 bytes    0x40 inode of the root directory
 *
 * Offsets count from the start, 512 bytes before this header if there is a boot sector. An inode,
 * whose members begin at the low bits of a little-endian word and at the high bits of a
 * big-endian one:
 *
 *   0x00 mode:16, uid:16   0x04 size:24, gid:8   0x08 name:6, data:26
 *
 * NAME and DATA count units of 4 bytes. A directory's data are inodes, each with its name behind
 * it, padded with zeros. A file's data are u32 ends of its blocks, then the blocks, each a zlib
 * stream; one without bytes is a hole. All blocks but the last have the size of a page of the
 * machine, which is stated nowhere. The crc32 is of all bytes, with 0 in its own place; the flag
 * 1 states that there is one, and that the size is true. */
enum {
	SUPER = 0x4c,
	CRC = 0x20,
	ROOT = 0x40,
	INODE = 12,
	BOOT = 512,
	FLAG_SIZE = 0x1,
	FLAGS_KNOWN = 0x7ff, /* 0x800: ends of blocks have flags of their own */
	PAGE_LEAST = 4096,
	PAGE_MOST = 65536,
	MODE_KIND = 0xf000,
	MODE_DIRECTORY = 0x4000,
	MODE_FILE = 0x8000,
	MODE_LINK = 0xa000,
};

struct cramfs {
	struct span bytes;
	enum endian endian;
	uint64_t super; /* offset of the header: 0 or BOOT */
	uint32_t flags, page; /* 0: not yet known */
	struct logfs *tree;
};

struct cramfs_inode {
	uint32_t mode, size, name;
	uint64_t data;
};

static bool super_at(struct span bytes, uint64_t at, enum endian *ret)
{
	*ret = span_has(bytes, at, SPAN_OF("\x45\x3d\xcd\x28")) ? ENDIAN_LITTLE : ENDIAN_BIG;
	return (*ret == ENDIAN_LITTLE || span_has(bytes, at, SPAN_OF("\x28\xcd\x3d\x45"))) &&
	       span_has(bytes, at + 0x10, SPAN_OF("Compressed ROMFS"));
}

static bool super_find(struct span bytes, uint64_t *ret_at, enum endian *ret_endian)
{
	*ret_at = super_at(bytes, 0, ret_endian) ? 0 : BOOT;
	return *ret_at == 0 || super_at(bytes, BOOT, ret_endian);
}

static bool cramfs_probe(struct span bytes)
{
	enum endian endian;
	uint64_t at;

	return super_find(bytes, &at, &endian);
}

/* All bytes, if the size is not true or there are fewer. */
static uint64_t cramfs_extent(struct span bytes)
{
	enum endian endian;
	uint32_t size = 0, flags = 0;
	uint64_t at;

	if (!super_find(bytes, &at, &endian) || !span_u32(bytes, at + 4, endian, &size) ||
	    !span_u32(bytes, at + 8, endian, &flags) || !(flags & FLAG_SIZE) || size < at + SUPER ||
	    size > bytes.size)
		return bytes.size;
	return size;
}

static bool super_check(struct cramfs *fs, struct error *error)
{
	struct span head, own;
	uint32_t size, crc;

	if (!span_cut(fs->bytes, fs->super, SUPER, &head))
		return fail(error, "truncated inside of its header");
	size = head_u32(head, 4, fs->endian);
	fs->flags = head_u32(head, 8, fs->endian);
	crc = head_u32(head, CRC, fs->endian);
	if (fs->flags & ~(uint32_t)FLAGS_KNOWN)
		return fail(error, "flags 0x%x are not supported", fs->flags);
	if (!(fs->flags & FLAG_SIZE))
		return true;
	if (!span_cut(fs->bytes, 0, size, &fs->bytes))
		return fail(error, "truncated: it has %u bytes, %zu are here", size,
			    fs->bytes.size);
	own = span_skip(fs->bytes, fs->super);
	return (own.size >= SUPER && crc32_without(own, CRC) == crc) ||
	       fail(error, "its crc32 differs: data corrupted");
}

/* ---- inodes ---- */

static bool inode_at(const struct cramfs *fs, uint64_t at, struct cramfs_inode *ret,
		     struct error *error)
{
	bool big = fs->endian == ENDIAN_BIG;
	struct span head;

	if (!span_cut(fs->bytes, at, INODE, &head))
		return fail(error, "its inode at 0x%llx is behind the end: data corrupted",
			    (unsigned long long)at);

	uint32_t kind = head_u32(head, 0, fs->endian), size = head_u32(head, 4, fs->endian),
		 place = head_u32(head, 8, fs->endian);
	ret->mode = big ? kind >> 16 : kind & 0xffff;
	ret->size = big ? size >> 8 : size & 0xffffff;
	ret->name = (big ? place >> 26 : place & 0x3f) * 4;
	ret->data = (big ? place & 0x3ffffff : place >> 6) * 4ull;
	return true;
}

static enum logfs_kind kind_of(uint32_t mode)
{
	switch (mode & MODE_KIND) {
	case MODE_DIRECTORY:
		return LOGFS_DIRECTORY;
	case MODE_FILE:
		return LOGFS_FILE;
	case MODE_LINK:
		return LOGFS_LINK;
	default:
		return LOGFS_OTHER;
	}
}

/* Adds the names in the directory whose inode is at PARENT. Of two equal names the
 * kernel finds the first. */
static bool names_of(struct cramfs *fs, uint64_t parent, struct error *error)
{
	struct cramfs_inode directory, inode;
	struct span listing, name;
	uint64_t next;

	if (!inode_at(fs, parent, &directory, error))
		return false;
	if (!span_cut(fs->bytes, directory.data, directory.size, &listing))
		return fail(error, "the directory at 0x%llx is behind the end: data corrupted",
			    (unsigned long long)directory.data);
	for (uint64_t at = 0; at < directory.size; at = next) {
		uint64_t own = directory.data + at;

		if (!inode_at(fs, own, &inode, error))
			return false;
		next = at + INODE + inode.name;
		if (!span_cut(listing, at + INODE, inode.name, &name))
			return fail(error, "the entry at 0x%llx is damaged: data corrupted",
				    (unsigned long long)own);
		while (name.size > 0 && name.data[name.size - 1] == '\0')
			name.size--;
		if (!logfs_add(fs->tree, name,
			       (struct logfs_name){.parent = parent,
						   .version = UINT64_MAX - own,
						   .inode = own,
						   .kind = kind_of(inode.mode)},
			       error))
			return false;
	}
	return true;
}

/* Reads the directories in the order in which they are found. A directory in itself
 * gives names without end, up to the limit. */
static bool directories_read(struct cramfs *fs, uint64_t root, struct error *error)
{
	struct cramfs_inode inode;

	if (!inode_at(fs, root, &inode, error))
		return false;
	if (kind_of(inode.mode) != LOGFS_DIRECTORY)
		return fail(error, "the root is not a directory: data corrupted");
	if (!names_of(fs, root, error))
		return false;
	for (size_t i = 0; i < fs->tree->names.count; i++)
		if (fs->tree->names.list[i].kind == LOGFS_DIRECTORY &&
		    !names_of(fs, fs->tree->names.list[i].inode, error))
			return false;
	return true;
}

/* ---- blocks ---- */

/* A block between two offsets that decodes to SIZE bytes; a hole has no bytes. */
static bool block_read(const struct cramfs *fs, struct arena *arena, uint64_t start, uint64_t end,
		       uint32_t size, struct span *ret, struct error *error)
{
	struct span stored;

	*ret = (struct span){NULL, 0};
	if (end < start || !span_cut(fs->bytes, start, end - start, &stored))
		return fail(error, "a block from 0x%llx to 0x%llx: data corrupted",
			    (unsigned long long)start, (unsigned long long)end);
	if (stored.size == 0)
		return true;
	/* zlib (RFC 1950): two bytes before the stream, a checksum behind it */
	if (stored.size < 2 || (stored.data[0] & 0xf) != 8 ||
	    ((unsigned)stored.data[0] << 8 | stored.data[1]) % 31 != 0)
		return fail(error, "the block at 0x%llx is not zlib", (unsigned long long)start);
	if (!decompress(arena, COMPRESSION_DEFLATE, span_skip(stored, 2), size, ret, NULL, error))
		return within(error, "block at 0x%llx", (unsigned long long)start);
	return ret->size == size || fail(error,
					 "the block at 0x%llx decodes to %zu bytes, not %u: "
					 "data corrupted",
					 (unsigned long long)start, ret->size, size);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint64_t blocks_at(const struct cramfs_inode *inode, uint32_t page)
{
	return inode->data + (inode->size + (uint64_t)page - 1) / page * 4;
}

/* The size of a page with which the first block of INODE can be decoded. */
static uint32_t page_find(const struct cramfs *fs, const struct cramfs_inode *inode)
{
	_cleanup_arena_ struct arena arena = {0};
	uint32_t end;

	if (inode->size <= PAGE_LEAST || !span_u32(fs->bytes, inode->data, fs->endian, &end))
		return PAGE_LEAST;
	for (uint32_t page = PAGE_LEAST; page <= PAGE_MOST; page *= 2) {
		struct span block;
		struct error ignored;

		arena_reset(&arena);
		if (block_read(fs, &arena, blocks_at(inode, page), end, smaller(page, inode->size),
			       &block, &ignored))
			return page;
	}
	return PAGE_LEAST;
}

static bool contents_read(void *context, uint64_t number, uint64_t size, struct span *ret,
			  struct error *error)
{
	struct cramfs *fs = context;
	_cleanup_arena_ struct arena arena = {0};
	struct cramfs_inode inode;
	uint8_t *out = arena_get(&fs->tree->scratch, size + 1);
	uint64_t start;

	if (!inode_at(fs, number, &inode, error))
		return false;
	if (fs->page == 0 && size > PAGE_LEAST)
		fs->page = page_find(fs, &inode);

	uint32_t page = fs->page ? fs->page : PAGE_LEAST;
	start = blocks_at(&inode, page);
	for (uint64_t done = 0; done < size; done += page) {
		uint32_t part = smaller(page, (uint32_t)(size - done)), end;
		struct span block;

		arena_reset(&arena);
		if (!span_u32(fs->bytes, inode.data + done / page * 4, fs->endian, &end))
			return fail(error,
				    "the table of its blocks is behind the end: data corrupted");
		if (!block_read(fs, &arena, start, end, part, &block, error))
			return false;
		if (block.size > 0)
			memcpy(out + done, block.data, block.size);
		start = end;
	}
	*ret = span_from(out, size);
	return true;
}

static bool size_of(void *context, uint64_t number, uint64_t *ret, struct error *error)
{
	struct cramfs_inode inode;

	if (!inode_at(context, number, &inode, error))
		return false;
	*ret = inode.size;
	return true;
}

static bool cramfs_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_logfs_ struct logfs tree = {.size = size_of, .read = contents_read};
	struct cramfs fs = {.bytes = bytes, .tree = &tree};
	const char *what = place_at(place, "cramfs", place->offset);

	if (!super_find(bytes, &fs.super, &fs.endian))
		return fail(error, "%s: it has no header", what);
	place_layout(place, 0, cramfs_extent(bytes), "cramfs",
		     fs.endian == ENDIAN_BIG ? "big endian" : "little endian");
	if (!logfs_enter(&tree, place, what, &fs, error))
		return false;
	return (super_check(&fs, error) && directories_read(&fs, fs.super + ROOT, error) &&
		logfs_walk(&tree, fs.super + ROOT, error)) ||
	       within(error, "%s", what);
}

const struct format format_cramfs = {
	.kind = "cramfs",
	.begins = {SPAN_OF("\x45\x3d\xcd\x28"), SPAN_OF("\x28\xcd\x3d\x45")},
	.probe = cramfs_probe,
	.read = cramfs_read,
	.extent = cramfs_extent};

/* SPDX-License-Identifier: ISC */
/* Reads the super blocks of squashfs versions 2 to 4, of mainline and of vendors, and
 * names the kinds that are not read (formats: Linux fs/squashfs/squashfs_fs.h for
 * version 4, the squashfs patches for Linux up to 2.6.28, include/linux/squashfs_fs.h,
 * for versions 1 to 3). */
#include "unpack/squashfs/squashfs.h"

/* Version 4, little-endian:
 *
 *   0 "hsqs"        4 inodes         8 time        12 block size   16 fragments
 *       20 u16 compression  22 u16 block log
 *  24 u16 flags    26 u16 ids       28 u16 major   30 u16 minor
 *  32 u64 root inode   40 u64 bytes used   48 u64 id table    56 u64 xattr table
 *      64 u64 inode table
 *  72 u64 directory table   80 u64 fragment table   88 u64 export table
 *      a table that does not exist: all ones
 *
 * Versions 1 to 3, in the byte order that the magic shows, without padding:
 *
 *   0 magic         4 inodes           8 bytes used (1, 2)   20 inode table (1, 2)
 *       24 directory table (1, 2)
 *  28 u16 major    30 u16 minor       32 u16 block size (1)  34 u16 block log    36 u8 flags
 *  43 u64 root inode   51 block size (2, 3)   55 fragments (2, 3)   59 fragment table (2)
 *  63 u64 bytes used (3)   87 u64 inode table (3)   95 u64 directory table (3)
 * 103 u64 fragment table (3)
 *
 * Vendors changed the magic, the compression, or both; some only the version. */
enum {
	OLD_SUPER_2 = 63,
	OLD_SUPER_3 = 119,
	BLOCK_LOG_LEAST = 12,
	BLOCK_LOG_MOST = 20,
};

#define ABSENT UINT64_MAX

static const struct {
	const char *magic, *name;
	enum endian endian;
} magics[] = {
	{"hsqs", "squashfs", ENDIAN_LITTLE},
	{"sqsh", "squashfs, big endian", ENDIAN_BIG},
	{"sqlz", "vendor squashfs (magic sqlz: lzma)", ENDIAN_BIG},
	{"zlqs", "vendor squashfs (magic zlqs: lzma)", ENDIAN_LITTLE},
	{"shsq", "vendor squashfs (magic shsq: lzma)", ENDIAN_LITTLE},
	{"qshs", "vendor squashfs (magic qshs: lzma)", ENDIAN_BIG},
	{"tqsh", "vendor squashfs (magic tqsh)", ENDIAN_BIG},
	{"hsqt", "vendor squashfs (magic hsqt)", ENDIAN_LITTLE},
};

enum { MAGICS = sizeof magics / sizeof *magics, MAINLINE = 0, MAINLINE_BIG = 1 };

/* The index of the magic at the start of BYTES; MAGICS if there is none. */
static size_t magic_of(struct span bytes)
{
	size_t i = 0;

	while (i < MAGICS && !span_starts(bytes, magics[i].magic))
		i++;
	return i;
}

static enum endian endian_other(enum endian endian)
{
	return endian == ENDIAN_BIG ? ENDIAN_LITTLE : ENDIAN_BIG;
}

static bool block_valid(uint64_t size, uint16_t log)
{
	return log >= BLOCK_LOG_LEAST && log <= BLOCK_LOG_MOST && size == (uint64_t)1 << log;
}

/* Checks the fragment table: each fragment has an entry of ENTRY bytes in a
 * metadata block, and each of these blocks a pointer of POINTER bytes at the start
 * of the table. */
static bool fragments_valid(const struct squashfs_super *super, unsigned entry, unsigned pointer)
{
	uint64_t bytes = (uint64_t)super->fragments * entry;
	uint64_t pointers = (bytes + SQUASHFS_METADATA - 1) / SQUASHFS_METADATA * pointer;

	if (super->fragment_table == ABSENT || super->fragments == 0)
		return super->fragments == 0;
	return super->fragment_table > super->directory_table &&
	       super->fragment_table < super->used &&
	       pointers <= super->used - super->fragment_table && super->fragments <= super->inodes;
}

static bool tables_valid(const struct squashfs_super *super, unsigned size)
{
	return super->inodes > 0 && super->inode_table >= size &&
	       super->directory_table > super->inode_table &&
	       super->used > super->directory_table &&
	       super->root >> 16 < super->directory_table - super->inode_table &&
	       (super->root & 0xffff) < SQUASHFS_METADATA;
}

/* True if the members of version 4 are valid, whatever version is stated. */
static bool new_super(struct span bytes, struct squashfs_super *ret)
{
	struct span head;
	uint64_t ids;

	if (!span_cut(bytes, 0, SQUASHFS_SUPER, &head))
		return false;
	ret->inodes = head_u32(head, 4, ENDIAN_LITTLE);
	ret->block_size = head_u32(head, 12, ENDIAN_LITTLE);
	ret->fragments = head_u32(head, 16, ENDIAN_LITTLE);
	ret->compression = head_u16(head, 20, ENDIAN_LITTLE);
	ret->root = head_u64(head, 32, ENDIAN_LITTLE);
	ret->used = head_u64(head, 40, ENDIAN_LITTLE);
	ret->inode_table = head_u64(head, 64, ENDIAN_LITTLE);
	ret->directory_table = head_u64(head, 72, ENDIAN_LITTLE);
	ret->fragment_table = head_u64(head, 80, ENDIAN_LITTLE);
	ids = head_u64(head, 48, ENDIAN_LITTLE);
	return block_valid(ret->block_size, head_u16(head, 22, ENDIAN_LITTLE)) &&
	       ret->compression >= SQFS_COMP_GZIP && ret->compression <= SQFS_COMP_ZSTD &&
	       head_u16(head, 26, ENDIAN_LITTLE) > 0 && ids > ret->directory_table &&
	       ids < ret->used && tables_valid(ret, SQUASHFS_SUPER) && fragments_valid(ret, 16, 8);
}

/* The numbers of version 2, of which version 3 keeps some. */
static bool old_super(struct span bytes, enum endian endian, struct squashfs_super *ret)
{
	bool three = ret->major == 3;
	struct span head;

	if (!span_cut(bytes, 0, three ? OLD_SUPER_3 : OLD_SUPER_2, &head))
		return false;
	ret->old = true;
	ret->inodes = head_u32(head, 4, endian);
	ret->flags = head_u8(head, 36);
	ret->root = head_u64(head, 43, endian);
	ret->block_size = head_u32(head, 51, endian);
	ret->fragments = head_u32(head, 55, endian);
	ret->used = three ? head_u64(head, 63, endian) : head_u32(head, 8, endian);
	ret->inode_table = three ? head_u64(head, 87, endian) : head_u32(head, 20, endian);
	ret->directory_table = three ? head_u64(head, 95, endian) : head_u32(head, 24, endian);
	ret->fragment_table = three ? head_u64(head, 103, endian) : head_u32(head, 59, endian);
	return block_valid(ret->block_size, head_u16(head, 34, endian)) &&
	       tables_valid(ret, three ? OLD_SUPER_3 : OLD_SUPER_2) &&
	       fragments_valid(ret, three ? 16 : 8, three ? 8 : 4);
}

/* The bytes of the metadata block at the start of the inode table; empty if it is not
 * compressed. */
static struct span first_block(struct span bytes, const struct squashfs_super *super)
{
	struct span block = {0};
	uint16_t stored = 0;

	/* old versions with the flag "check" have a byte 0xff before the block */
	if (span_u16(bytes, super->inode_table, super->endian, &stored) && !(stored & 0x8000) &&
	    !span_cut(bytes, super->inode_table + 2 + (super->old && super->flags & 4),
		      stored ? stored : 0x8000, &block))
		return (struct span){0};
	return block;
}

/* True if version 4 states gzip or lzma and its first block has something else:
 * vendors' lzma states no size where mainline's does. */
static bool miscoded(struct span bytes, const struct squashfs_super *super)
{
	struct span block = first_block(bytes, super);
	enum compression found = squashfs_block_compression(block);
	uint64_t size = 0;

	if (super->compression == SQFS_COMP_GZIP)
		return found == COMPRESSION_LZMA;
	return super->compression == SQFS_COMP_LZMA && found != COMPRESSION_NONE &&
	       span_u64(block, 5, ENDIAN_LITTLE, &size) && size > SQUASHFS_METADATA;
}

static bool version_read(struct span bytes, enum endian endian, struct squashfs_super *ret)
{
	uint16_t major, minor;

	*ret = (struct squashfs_super){.endian = endian};
	if (!span_u16(bytes, 28, endian, &major) || !span_u16(bytes, 30, endian, &minor))
		return false;
	ret->major = major;
	ret->minor = minor;
	return true;
}

bool squashfs_super_read(struct span bytes, struct squashfs_super *ret)
{
	size_t magic = magic_of(bytes);

	if (magic == MAGICS)
		return false;

	/* some vendors use the magic of one byte order and numbers in the other */
	enum endian order[] = {magics[magic].endian, endian_other(magics[magic].endian)};

	for (size_t i = 0; i < 2; i++) {
		if (!version_read(bytes, order[i], ret))
			return false;
		ret->vendor = true;
		if ((ret->major == 2 || ret->major == 3) && old_super(bytes, order[i], ret))
			return true;
		ret->old = false;
		if (order[i] == ENDIAN_BIG || ret->major < 1 || ret->major > 4 ||
		    (magic == MAINLINE && ret->major == 4 && ret->minor != 0) ||
		    !new_super(bytes, ret))
			continue;
		ret->vendor = magic != MAINLINE || ret->major != 4 || miscoded(bytes, ret);
		return true;
	}
	return false;
}

/* True if the first block is not compressed, is behind the end, or shows how it is
 * compressed. */
static bool coding_known(struct span bytes, const struct squashfs_super *super)
{
	struct span block = first_block(bytes, super);

	return !super->vendor || block.size == 0 ||
	       squashfs_block_compression(block) != COMPRESSION_NONE;
}

bool squashfs_here(struct span bytes, uint64_t *ret_size)
{
	struct squashfs_super super;

	if (!squashfs_super_read(bytes, &super) || super.used > bytes.size ||
	    !coding_known(bytes, &super))
		return false;
	*ret_size = super.used;
	return true;
}

const char *squashfs_name(struct arena *arena, struct span bytes,
			  const struct squashfs_super *super)
{
	size_t magic = magic_of(bytes);

	if (magic == MAINLINE && super->major == 4)
		return "squashfs";
	return arena_format(arena, "%s, version %u", magics[magic].name, super->major);
}

const char *squashfs_describe(struct arena *arena, struct span bytes,
			      const struct squashfs_super *super)
{
	static const char *const compressions[] = {"", "gzip", "lzma", "lzo", "xz", "lz4", "zstd"};
	enum compression found = squashfs_block_compression(first_block(bytes, super));

	if (!super->vendor)
		return arena_format(arena, "%s, %u byte blocks", compressions[super->compression],
				    super->block_size);
	return arena_format(arena, "%.4s version %u.%u, %s, %s, %u byte blocks",
			    (const char *)bytes.data, super->major, super->minor,
			    super->endian == ENDIAN_BIG ? "big endian" : "little endian",
			    found == COMPRESSION_NONE ? "compression not known"
						      : compression_name(found),
			    super->block_size);
}

/* The size that the super block states, if the block size and its logarithm agree;
 * whether all else is valid does not matter. */
static bool size_stated(struct span bytes, const struct squashfs_super *version, uint64_t *ret_size)
{
	enum endian endian = version->endian;
	unsigned log_at = version->major == 4 ? 22 : 34;
	uint16_t log, size_1 = 0;
	uint32_t size = 0, used_2 = 0;

	if (version->major < 1 || version->major > 4 || !span_u16(bytes, log_at, endian, &log) ||
	    !span_u32(bytes, version->major == 4 ? 12 : 51, endian, &size) ||
	    !span_u16(bytes, 32, endian, &size_1) || !span_u32(bytes, 8, endian, &used_2) ||
	    !span_u64(bytes, version->major == 4 ? 40 : 63, endian, ret_size))
		return false;
	if (version->major < 3)
		*ret_size = used_2;
	return block_valid(version->major == 1 ? size_1 : size, log);
}

/* Reads version and size in the first of the two byte orders in which they agree with
 * the other numbers. */
static bool stated(struct span bytes, size_t magic, struct squashfs_super *ret, uint64_t *ret_size)
{
	enum endian order[] = {magics[magic].endian, endian_other(magics[magic].endian)};

	for (size_t i = 0; i < 2; i++)
		if (version_read(bytes, order[i], ret) && size_stated(bytes, ret, ret_size))
			return true;
	return false;
}

const char *squashfs_foreign(struct arena *arena, struct span bytes, bool alone, uint64_t *ret_size)
{
	size_t magic = magic_of(bytes);
	struct squashfs_super super;
	bool found;

	*ret_size = 0;
	if (magic == MAGICS)
		return NULL;
	if (squashfs_super_read(bytes, &super)) {
		*ret_size = super.used;
		return coding_known(bytes, &super)
			       ? NULL
			       : arena_format(arena, "%s (compression not known)",
					      squashfs_name(arena, bytes, &super));
	}

	enum endian order[] = {magics[magic].endian, endian_other(magics[magic].endian)};
	found = stated(bytes, magic, &super, ret_size);
	for (size_t i = 0; i < 2 && alone && !found; i++)
		found = version_read(bytes, order[i], &super) && super.major >= 1 &&
			super.major <= 4;
	if (!found || (magic == MAINLINE && super.major == 4))
		return NULL;
	return arena_format(arena, "%s (%s)", squashfs_name(arena, bytes, &super),
			    super.major == 1 || (super.major == 4 && super.endian == ENDIAN_BIG)
				    ? "not supported"
				    : "the super block is inconsistent");
}

const char *squashfs_cut_short(struct arena *arena, struct span bytes, uint64_t *ret_size)
{
	size_t magic = magic_of(bytes);
	struct squashfs_super super;

	if (magic == MAGICS)
		return NULL;

	return stated(bytes, magic, &super, ret_size) && *ret_size > bytes.size &&
			       *ret_size < LIMIT_TOTAL
		       ? squashfs_name(arena, bytes, &super)
		       : NULL;
}

bool squashfs_magic(struct span bytes)
{
	return magic_of(bytes) < MAGICS;
}

size_t squashfs_find(struct span bytes, size_t from, uint64_t *ret_size)
{
	size_t next[MAGICS], first = 0;

	for (size_t i = 0; i < MAGICS; i++)
		next[i] = span_find(bytes, from, span_text(magics[i].magic));
	for (;;) {
		for (size_t i = 0; i < MAGICS; i++)
			first = next[i] < next[first] ? i : first;
		if (next[first] == SIZE_MAX ||
		    squashfs_here(span_skip(bytes, next[first]), ret_size))
			return next[first];
		next[first] = span_find(bytes, next[first] + 1, span_text(magics[first].magic));
	}
}

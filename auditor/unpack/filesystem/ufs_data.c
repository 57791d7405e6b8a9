/* SPDX-License-Identifier: ISC */
/* Reads inodes of UFS and the blocks that they name, directly and through indirect
 * blocks (format: FreeBSD sys/ufs/ufs/dinode.h, sys/ufs/ffs/fs.h). */
#include "unpack/filesystem/ufs.h"

#include <string.h>

/* An inode, in the byte order of the file system:
 *
 *              UFS1 (128 bytes)                    UFS2 (256 bytes)
 *   mode       u16 at 0                            u16 at 0
 *   size       u64 at 8                            u64 at 16
 *   sectors    u32 at 104                          u64 at 24
 *   blocks     12 u32 at 40, then 3 of indirect    12 u64 at 112, then 3 of indirect
 *              blocks                              blocks
 *
 * The inodes of a group are in a row, from its inode area on. An indirect block is an array of
 * addresses of blocks, or of indirect blocks of the level below. An address counts fragments from
 * the start of the file system; 0 is a hole. Only the last block of a file may be shorter than a
 * block, and only if an inode names it directly. */
enum { INODE_1 = 128, INODE_2 = 256, MODE_KIND = 0170000 };

struct copy {
	const struct ufs *ufs;
	uint8_t *bytes;
	uint64_t done, size;
	uint64_t above[UFS_LEVELS + 1]; /* the indirect blocks that lead to the current one */
};

bool ufs_inode_read(const struct ufs *ufs, uint32_t number, struct ufs_inode *ret,
		    struct error *error)
{
	uint64_t size = ufs->version == 1 ? INODE_1 : INODE_2;
	unsigned width = ufs->version == 1 ? 4 : 8;
	struct span inode;

	if (number < UFS_ROOT || number / ufs->group_inodes >= ufs->groups)
		return fail(error, "inode %u is outside of the file system: data corrupted",
			    number);

	uint32_t group = number / ufs->group_inodes;
	uint64_t area = (uint64_t)group * ufs->group_fragments + ufs->inode_area;

	if (ufs->version == 1)
		area += (uint64_t)ufs->group_offset * (group & ~ufs->group_mask);
	if (area >= ufs->size ||
	    !span_cut(ufs->bytes, area * ufs->fragment + number % ufs->group_inodes * size, size,
		      &inode))
		return fail(error, "inode %u is beyond the end: truncated", number);
	*ret = (struct ufs_inode){.number = number, .mode = head_u16(inode, 0, ufs->endian)};
	if ((ret->mode & MODE_KIND) == 0)
		return fail(error, "inode %u is named but free: data corrupted", number);
	ret->size = head_u64(inode, ufs->version == 1 ? 8 : 16, ufs->endian);
	ret->sectors = ufs->version == 1 ? head_u32(inode, 104, ufs->endian)
					 : head_u64(inode, 24, ufs->endian);
	ret->area = span_head(span_skip(inode, ufs->version == 1 ? 40 : 112),
			      (uint64_t)width * (UFS_DIRECT + UFS_LEVELS));
	for (unsigned i = 0; i < UFS_DIRECT + UFS_LEVELS; i++)
		if (!span_word(ret->area, (uint64_t)i * width, width, ufs->endian, &ret->blocks[i]))
			return fail(error, "inode %u is truncated", number);
	return true;
}

static bool block_cut(const struct ufs *ufs, uint64_t address, uint64_t size, struct span *ret,
		      struct error *error)
{
	uint64_t fragments = (size + ufs->fragment - 1) / ufs->fragment;

	if (address > ufs->size || fragments > ufs->size - address)
		return fail(error,
			    "a block at fragment %llu is outside of the file system, which has "
			    "%llu: data corrupted",
			    (unsigned long long)address, (unsigned long long)ufs->size);
	if (!span_cut(ufs->bytes, address * ufs->fragment, size, ret))
		return fail(error, "a block at fragment %llu is beyond the end: truncated",
			    (unsigned long long)address);
	return true;
}

static uint64_t copy_left(const struct copy *copy, uint64_t most)
{
	uint64_t left = copy->size - copy->done;

	return left < most ? left : most;
}

/* Copies what ADDRESS leads to: a block at level 0, an indirect block at levels
 * 1 to 3. */
static bool level_copy(struct copy *copy, uint64_t address, unsigned level, struct error *error)
{
	const struct ufs *ufs = copy->ufs;
	unsigned width = ufs->version == 1 ? 4 : 8;
	uint64_t reach = ufs->block, next;
	struct span block;

	for (unsigned i = 0; i < level; i++)
		reach *= ufs->block / width;
	if (address == 0) {
		copy->done += copy_left(copy, reach);
		return true;
	}
	for (unsigned i = level + 1; i <= UFS_LEVELS; i++)
		if (copy->above[i] == address)
			return fail(error,
				    "the indirect block at fragment %llu leads to itself: data "
				    "corrupted",
				    (unsigned long long)address);
	if (level == 0) {
		if (!block_cut(ufs, address, copy_left(copy, ufs->block), &block, error))
			return false;
		memcpy(copy->bytes + copy->done, block.data, block.size);
		copy->done += block.size;
		return true;
	}
	if (!block_cut(ufs, address, ufs->block, &block, error))
		return false;
	copy->above[level] = address;
	for (uint64_t at = 0; copy->done < copy->size; at += width) {
		if (!span_word(block, at, width, ufs->endian, &next))
			break;
		if (!level_copy(copy, next, level - 1, error))
			return false;
	}
	copy->above[level] = 0;
	return true;
}

bool ufs_contents(const struct ufs *ufs, const struct ufs_inode *inode, struct arena *arena,
		  struct span *ret, struct error *error)
{
	struct copy copy = {.ufs = ufs, .size = inode->size};

	copy.bytes = arena_get(arena, inode->size + 1);
	for (unsigned i = 0; i < UFS_DIRECT + UFS_LEVELS && copy.done < copy.size; i++)
		if (!level_copy(&copy, inode->blocks[i], i < UFS_DIRECT ? 0 : i - UFS_DIRECT + 1,
				error))
			return false;
	if (copy.done < copy.size)
		return fail(error, "inode %u has %llu bytes, more than its blocks can hold",
			    inode->number, (unsigned long long)copy.size);
	*ret = span_from(copy.bytes, copy.size);
	return true;
}

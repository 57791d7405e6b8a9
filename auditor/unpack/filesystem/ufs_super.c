/* SPDX-License-Identifier: ISC */
/* Finds the super block of UFS1 and UFS2 and checks its numbers (format: FreeBSD
 * sys/ufs/ffs/fs.h; the places: SBLOCKSEARCH). */
#include "unpack/filesystem/ufs.h"

/* The super block, in the byte order of the machine that the file system was made for. All
 * numbers are 32 bits wide unless stated; those of areas and sizes count fragments:
 *
 *   0x010 inode area of a group    0x014 its data area      0x018 UFS1: offset   0x01c and mask
 *   0x024 UFS1: size               0x02c groups             0x030 bytes a block
 *   0x034 bytes a fragment         0x068 bytes of the super block
 *   0x0b8 inodes a group           0x0bc fragments a group  0x0d1 u8: clean
 *   0x3e8 u64 its own offset       0x438 u64 UFS2: size
 *   0x528 links shorter than this are in the inode; 0 or less: the old format of directories
 *   0x55c magic
 *
 * Copies of it are in each group, so a super block counts only where its own offset says: the one
 * at 8192 of a UFS2 with blocks of 64 KiB may be such a copy. Old UFS1 states no offset. */
enum {
	SUPER_SIZE = 1376,
	SUPER_MOST = 8192,
	BLOCK_LEAST = 4096,
	BLOCK_MOST = 65536,
	FRAGMENT_LEAST = 512,
	FRAGMENTS_MOST = 8,
	MAGIC_AT = 0x55c,
	MAGIC_1 = 0x00011954,
	MAGIC_2 = 0x19540119,
};

static const uint32_t supers[] = {65536, 8192, 0, 262144};

static bool super_at(struct span bytes, uint64_t at, enum endian endian, struct ufs *ret)
{
	struct span head;

	if (!span_cut(bytes, at, SUPER_SIZE, &head))
		return false;

	uint32_t magic = head_u32(head, MAGIC_AT, endian), size = head_u32(head, 0x68, endian);
	uint32_t links = head_u32(head, 0x528, endian);
	uint64_t own = head_u64(head, 0x3e8, endian);
	bool first = magic == MAGIC_1 && (own == at || (own == 0 && at == 8192));
	bool old_names = links == 0 || links > INT32_MAX;

	if ((!first && (magic != MAGIC_2 || own != at)) || size < SUPER_SIZE || size > SUPER_MOST)
		return false;
	*ret = (struct ufs){
		.bytes = bytes,
		.endian = endian,
		.version = first ? 1 : 2,
		.super = at,
		.block = head_u32(head, 0x30, endian),
		.fragment = head_u32(head, 0x34, endian),
		.size = first ? head_u32(head, 0x24, endian) : head_u64(head, 0x438, endian),
		.groups = head_u32(head, 0x2c, endian),
		.group_fragments = head_u32(head, 0xbc, endian),
		.group_inodes = head_u32(head, 0xb8, endian),
		.inode_area = head_u32(head, 0x10, endian),
		.data_area = head_u32(head, 0x14, endian),
		.group_offset = (int32_t)head_u32(head, 0x18, endian),
		.group_mask = head_u32(head, 0x1c, endian),
		.link_most = old_names ? 0 : links,
		.old_names = old_names,
		.clean = head_u8(head, 0xd1) != 0,
	};
	return true;
}

bool ufs_here(struct span bytes, struct ufs *ret)
{
	for (size_t i = 0; i < sizeof supers / sizeof *supers; i++)
		if (super_at(bytes, supers[i], ENDIAN_LITTLE, ret) ||
		    super_at(bytes, supers[i], ENDIAN_BIG, ret))
			return true;
	return false;
}

bool ufs_check(const struct ufs *ufs, struct error *error)
{
	uint64_t inode = ufs->version == 1 ? 128 : 256;

	if (!is_power_of_two(ufs->block) || ufs->block < BLOCK_LEAST || ufs->block > BLOCK_MOST)
		return fail(error, "blocks have %u bytes, which is no power of two from %d to %d",
			    ufs->block, BLOCK_LEAST, BLOCK_MOST);
	if (!is_power_of_two(ufs->fragment) || ufs->fragment < FRAGMENT_LEAST ||
	    ufs->fragment > ufs->block || ufs->block / ufs->fragment > FRAGMENTS_MOST)
		return fail(error,
			    "fragments have %u bytes, which is no power of two from 1/%d of a "
			    "block of %u to a whole one",
			    ufs->fragment, FRAGMENTS_MOST, ufs->block);
	if (ufs->size == 0 || ufs->size > ufs->bytes.size / ufs->fragment)
		return fail(error,
			    "it has %llu fragments of %u bytes, but only %zu bytes are here: "
			    "truncated",
			    (unsigned long long)ufs->size, ufs->fragment, ufs->bytes.size);
	if (ufs->groups == 0 || ufs->group_inodes == 0 || ufs->group_fragments == 0 ||
	    ufs->groups - 1 > ufs->size / ufs->group_fragments)
		return fail(error,
			    "%u groups of %u fragments and %u inodes do not fit: data corrupted",
			    ufs->groups, ufs->group_fragments, ufs->group_inodes);
	if (ufs->inode_area > ufs->data_area || ufs->data_area > ufs->group_fragments ||
	    ufs->data_area > ufs->size ||
	    ufs->group_inodes >
		    (uint64_t)(ufs->data_area - ufs->inode_area) * ufs->fragment / inode)
		return fail(error,
			    "the %u inodes of a group do not fit before its data: data corrupted",
			    ufs->group_inodes);
	return true;
}

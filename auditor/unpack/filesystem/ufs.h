/* SPDX-License-Identifier: ISC */
/* ufs - what the parts of the UFS reader share: the geometry of a file system, inodes
 * and their contents. Private to unpack/. */
#ifndef KMODAUDIT_UFS_H
#define KMODAUDIT_UFS_H

#include "unpack/reader.h"

enum {
	UFS_DIRECT = 12, /* addresses of blocks in an inode */
	UFS_LEVELS = 3, /* addresses of indirect blocks in an inode */
	UFS_ROOT = 2, /* the inode of the root directory */
};

/* The geometry of one file system. Addresses of blocks count fragments. */
struct ufs {
	struct span bytes; /* from the start of the partition */
	enum endian endian;
	unsigned version; /* 1 or 2 */
	uint64_t super; /* offset of the super block */
	uint32_t block, fragment; /* bytes */
	uint64_t size; /* fragments */
	uint32_t groups, group_fragments, group_inodes;
	uint32_t inode_area, data_area; /* in each group, in fragments */
	int32_t group_offset; /* version 1: the tables of a group begin later in each next one */
	uint32_t group_mask;
	uint64_t link_most; /* targets shorter than this are in the inode */
	bool old_names; /* entries of directories have no type, but a longer size of the name */
	bool clean; /* it was unmounted, or made by a program */
};

struct ufs_inode {
	uint32_t number;
	uint16_t mode;
	uint64_t size;
	uint64_t sectors; /* of 512 bytes, that are in use */
	uint64_t blocks[UFS_DIRECT + UFS_LEVELS]; /* 0: a hole */
	struct span area; /* the same, as stored: the target of a short link */
};

/* The super block of BYTES, at the first of the places that the kernel searches whose
 * fs_sblockloc names it. False if there is none. Nothing is checked. */
bool ufs_here(struct span bytes, struct ufs *ret);
/* Fails if the numbers of the super block contradict each other or the size
 * of the bytes. */
bool ufs_check(const struct ufs *ufs, struct error *error);

/* ufs_data.c: reads an inode. Fails if it is outside of the file system or free. */
bool ufs_inode_read(const struct ufs *ufs, uint32_t number, struct ufs_inode *ret,
		    struct error *error);
/* Reads all contents into ARENA; holes are zeros. The caller has compared the size
 * with a limit. */
bool ufs_contents(const struct ufs *ufs, const struct ufs_inode *inode, struct arena *arena,
		  struct span *ret, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* squashfs - the super block and the interface to libsquashfs. Private to squashfs*.c, which
 * alone use libsquashfs. */
#ifndef KMODAUDIT_SQUASHFS_H
#define KMODAUDIT_SQUASHFS_H

#include "unpack/place.h"

#include <sqfs/block.h>
#include <sqfs/compressor.h>
#include <sqfs/frag_table.h>
#include <sqfs/inode.h>
#include <sqfs/io.h>
#include <sqfs/super.h>

/* The image as a file of libsquashfs. READS limits how much one inode or listing can make it
 * decode: each piece of metadata is read with two calls. */
struct squashfs_bytes {
	sqfs_file_t base;
	struct span span;
	unsigned reads;
};

enum {
	SQUASHFS_READS_TABLES = 1 << 14, /* 2^20 fragments of 16 bytes, 8 KiB at a time */
	SQUASHFS_READS_ENTRY = 1 << 8, /* a megabyte */
};

struct squashfs {
	const struct place *place;
	struct squashfs_bytes file;
	sqfs_super_t super;
	sqfs_compressor_t *compressor;
	sqfs_frag_table_t *fragments;
	struct arena arena; /* lives as long as the image is open */
};

/* A file whose bytes the visitor wants. */
struct wanted {
	const char *path;
	uint64_t size;
	uint64_t start; /* offset of its blocks in the image */
	const uint32_t *blocks; /* stored sizes; bit 24 set: not compressed; 0: a block of zeros */
	size_t block_count;
	uint32_t fragment; /* the fragment block with its tail, or SQUASHFS_NO_FRAGMENT */
	uint32_t fragment_offset;
	uint64_t key; /* the offset at which it is read: of the fragment block if it has one */
	enum want want; /* WANT_BYTES or WANT_OPEN */
};

#define SQUASHFS_NO_FRAGMENT UINT32_MAX

struct wanted_list {
	struct wanted *list;
	size_t count, room;
};

/* squashfs_tree.c: walks the directories that the visitor wants, passes links, directories and
 * names to it, and collects the files whose bytes are wanted. */
bool squashfs_walk(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error);

/* squashfs_data.c: reads the wanted files in the order in which they are stored. */
bool squashfs_deliver(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error);

/* squashfs.c */
bool squashfs_fail(struct error *error, int code);
sqfs_compressor_t *squashfs_compressor(const struct squashfs *squashfs, struct error *error);

/* squashfs_lzo.c; NULL if there is no memory */
sqfs_compressor_t *squashfs_lzo(void);

#endif

/* SPDX-License-Identifier: ISC */
/* squashfs - the super block and what libsquashfs needs to know of it. Private to
 * unpack/squashfs*.c, which alone know libsquashfs. */
#ifndef KMODAUDIT_SQUASHFS_H
#define KMODAUDIT_SQUASHFS_H

#include "unpack/place.h"

#include <sqfs/block.h>
#include <sqfs/compressor.h>
#include <sqfs/frag_table.h>
#include <sqfs/inode.h>
#include <sqfs/io.h>
#include <sqfs/super.h>

/* The image as libsquashfs sees it. READS bounds how much one inode or listing can make it
 * decode: every piece of metadata is read in two. */
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
	struct arena arena; /* as long as the image is open */
};

/* A file that the visitor wants the bytes of. */
struct wanted {
	const char *path;
	uint64_t size;
	uint64_t start; /* of its blocks, from the start of the image */
	const uint32_t *blocks; /* sizes on disk, bit 24 set: not compressed; 0: all zeros */
	size_t block_count;
	uint32_t fragment; /* block that holds its tail, or SQUASHFS_NO_FRAGMENT */
	uint32_t fragment_offset;
	uint64_t key; /* where reading comes across it: that of the fragment when it has one */
	enum want want; /* WANT_BYTES or WANT_OPEN */
};

#define SQUASHFS_NO_FRAGMENT UINT32_MAX

struct wanted_list {
	struct wanted *list;
	size_t count, room;
};

/* squashfs_tree.c: walks the directories that the visitor lets in, hands over links,
 * directories and names, and collects the files whose bytes are wanted. */
bool squashfs_walk(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error);

/* squashfs_data.c: reads the wanted files in the order in which they lie. */
bool squashfs_deliver(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error);

/* squashfs.c */
bool squashfs_fail(struct error *error, int code);
sqfs_compressor_t *squashfs_compressor(const struct squashfs *squashfs, struct error *error);

/* squashfs_lzo.c; NULL without memory */
sqfs_compressor_t *squashfs_lzo(void);

#endif

/* SPDX-License-Identifier: ISC */
/* squashfs_old - the state of a walk through squashfs versions 2 and 3. Private to
 * squashfs_old*.c. */
#ifndef KMODAUDIT_SQUASHFS_OLD_H
#define KMODAUDIT_SQUASHFS_OLD_H

#include "unpack/squashfs/squashfs.h"

/* A metadata block as it was decoded. SIZE 0: none. */
struct old_block {
	uint64_t start, next; /* offsets in the image: its own, and that of the block after it */
	uint32_t size;
	uint8_t bytes[SQUASHFS_METADATA];
};

enum { OLD_BLOCKS = 61 };

struct old {
	struct squashfs *squashfs;
	struct wanted_list *wanted;
	size_t entries;
	struct old_block blocks[OLD_BLOCKS]; /* a block is kept at the remainder of its start */
};

/* A place in a table: the start of a metadata block, and an offset in
 * its decoded bytes. */
struct old_cursor {
	uint64_t block;
	uint32_t offset;
};

/* Reads SIZE bytes at CURSOR and moves it behind them, into the next
 * block if necessary. */
bool old_read(struct old *old, struct old_cursor *cursor, void *out, size_t size,
	      struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* squashfs_super - recognises squashfs of all versions by their super blocks, for the
 * scan of flash images. */
#ifndef KMODAUDIT_SQUASHFS_SUPER_H
#define KMODAUDIT_SQUASHFS_SUPER_H

#include "base/arena.h"

/* True if the whole super block is consistent, of a kind that can be read, and the file
 * system fits into BYTES. RET_SIZE is its bytes_used. */
bool squashfs_here(struct span bytes, uint64_t *ret_size);
/* The name of a squashfs whose super block states a plausible size, RET_SIZE, of more
 * bytes than there are; NULL for anything else. */
const char *squashfs_cut_short(struct arena *arena, struct span bytes, uint64_t *ret_size);
/* True if the first four bytes are those of any kind of squashfs. */
bool squashfs_magic(struct span bytes);
/* The offset of the next squashfs that squashfs_here accepts, or SIZE_MAX. */
size_t squashfs_find(struct span bytes, size_t from, uint64_t *ret_size);
/* The name of a squashfs at the start of BYTES that cannot be read; NULL for anything
 * else. ALONE: the file begins with it, so magic and version are enough. RET_SIZE: its
 * stated size, which may be 0 or too large. */
const char *squashfs_foreign(struct arena *arena, struct span bytes, bool alone,
			     uint64_t *ret_size);

#endif

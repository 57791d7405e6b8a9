/* SPDX-License-Identifier: ISC */
/* apk_container - the compression and the blocks of files of apk-tools 3. */
#ifndef KMODAUDIT_APK_CONTAINER_H
#define KMODAUDIT_APK_CONTAINER_H

#include "base/arena.h"
#include "base/error.h"
#include "unpack/archive/adb.h"
#include "unpack/compress/decompress.h"

enum adb_block_type { ADB_BLOCK_DATABASE, ADB_BLOCK_SIGNATURE, ADB_BLOCK_DATA, ADB_BLOCK_EXTENDED };

struct adb_block {
	unsigned type;
	struct span payload;
};

/* True if BYTES are a file of apk-tools 3, compressed or not. */
bool apk_here(struct span bytes);
/* What is in BYTES, which begin with "ADB"; if they are COMPRESSED, decoded to at most LIMIT
 * bytes. */
bool apk_decode(struct arena *arena, struct span bytes, uint64_t limit, struct span *ret,
		bool *compressed, struct error *error);
/* Reads the next block. False at the end, and, with *BROKEN set, for
 * a damaged block. */
bool adb_block_next(struct span *rest, struct adb_block *ret, bool *broken);
/* INSIDE: a decompressed file. RET: its database (DAMAGED: as in adb_open());
 * RET_BLOCKS: what follows it. */
bool apk_database(struct span inside, bool *damaged, struct adb *ret, struct span *ret_blocks,
		  struct error *error);
/* The same for the file BYTES, which must be of SCHEMA: "pckg" or "indx". */
bool apk_open(struct arena *arena, struct span bytes, const char *schema, bool *damaged,
	      struct adb *ret, struct span *ret_blocks, struct error *error);

#endif

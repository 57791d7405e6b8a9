/* SPDX-License-Identifier: ISC */
/* squashfs - the super block, the interface to libsquashfs, and what the readers of all
 * versions share. Private to squashfs*.c, which alone use libsquashfs. */
#ifndef KMODAUDIT_SQUASHFS_H
#define KMODAUDIT_SQUASHFS_H

#include "base/map.h"
#include "unpack/place.h"
#include "unpack/squashfs/squashfs_super.h"

#include <sqfs/block.h>
#include <sqfs/compressor.h>
#include <sqfs/inode.h>
#include <sqfs/io.h>
#include <sqfs/super.h>

/* Members of the super block in all versions. */
struct squashfs_super {
	unsigned major, minor; /* as stated */
	bool old; /* versions 2 and 3: bit fields, either byte order */
	/* the decoder of each block is found by its first bytes, because a vendor
	 * changed the magic or the compression */
	bool vendor;
	enum endian endian;
	uint32_t inodes, block_size, fragments;
	uint16_t compression; /* version 4: SQFS_COMPRESSOR; old ones do not state it: 0 */
	uint8_t flags; /* old versions */
	uint64_t root; /* offset of its metadata block in the inode table << 16, offset in it */
	uint64_t used, inode_table, directory_table, fragment_table;
};

enum { SQUASHFS_SUPER = 96, SQUASHFS_METADATA = 8192 };

/* The image as a file of libsquashfs. READS limits how much one inode or listing
 * can make it decode: each piece of metadata is read with two calls. HEAD is
 * read in place of the first bytes: a super block with the magic and the version
 * that libsquashfs knows. */
struct squashfs_bytes {
	sqfs_file_t base;
	struct span span;
	uint8_t head[SQUASHFS_SUPER];
	unsigned reads;
};

enum {
	SQUASHFS_READS_TABLES = 1 << 14, /* 2^20 fragments of 16 bytes, 8 KiB at a time */
	SQUASHFS_READS_ENTRY = 1 << 8, /* a megabyte */
};

/* A block with the ends of files. */
struct squashfs_fragment {
	uint64_t start;
	uint32_t stored; /* as in struct wanted */
};

struct squashfs {
	const struct place *place;
	struct squashfs_super super;
	struct squashfs_bytes file;
	sqfs_super_t sqfs; /* of version 4, as libsquashfs reads it */
	sqfs_compressor_t *compressor;
	struct squashfs_fragment *fragments;
	size_t fragment_count;
	struct arena arena; /* lives as long as the image is open */
	struct arena scratch; /* for one entry of a listing */
	struct place walk; /* PLACE with this SCRATCH, for the walk */
	struct map listings; /* that were read, by their places */
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

/* squashfs_tree.c: walks the directories that the visitor wants, passes links,
 * directories and names to it, and collects the files whose bytes are wanted. */
bool squashfs_walk(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error);
/* Checks FILE, except for its blocks, and adds it to WANTED. */
bool squashfs_collect(struct squashfs *squashfs, struct wanted_list *wanted, struct wanted file,
		      struct error *error);

/* squashfs_old_tree.c: the same as squashfs_walk for versions 2 and 3. */
bool squashfs_old_walk(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error);
/* squashfs_old.c: reads the fragment table of these versions. */
bool squashfs_old_tables(struct squashfs *squashfs, struct error *error);

/* squashfs_data.c: reads the wanted files in the order in which they are stored. */
bool squashfs_deliver(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error);

/* squashfs_super.c: reads the super block at the start of BYTES. False
 * unless it is consistent and of a kind that can be read; whether the bytes
 * exist is checked elsewhere. */
bool squashfs_super_read(struct span bytes, struct squashfs_super *ret);
/* "squashfs" for mainline's version 4, else with the version and a vendor's magic. */
const char *squashfs_name(struct arena *arena, struct span bytes,
			  const struct squashfs_super *super);
/* Version, byte order, compression and block size in words. */
const char *squashfs_describe(struct arena *arena, struct span bytes,
			      const struct squashfs_super *super);

/* squashfs.c */
bool squashfs_fail(struct error *error, int code);
/* Fails if the listing of PATH at OFFSET of the metadata block at BLOCK was read before: no two
 * directories have one listing, and with shared ones a few kilobytes have a million paths. */
bool squashfs_listing_claim(struct squashfs *squashfs, const char *path, uint64_t block,
			    uint32_t offset, struct error *error);
sqfs_compressor_t *squashfs_compressor(const struct squashfs *squashfs, struct error *error);

/* squashfs_codecs.c: decoders in the form of libsquashfs's own; NULL if there
 * is no memory. The second one finds the decoder of a block, gzip or lzma, by
 * its first bytes. */
sqfs_compressor_t *squashfs_lzo(void);
sqfs_compressor_t *squashfs_vendor(void);
/* The compression that the first bytes of BLOCK show: gzip,
 * lzma, or COMPRESSION_NONE. */
enum compression squashfs_block_compression(struct span block);

#endif

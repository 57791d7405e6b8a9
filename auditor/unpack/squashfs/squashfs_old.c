/* SPDX-License-Identifier: ISC */
/* Reads the metadata of squashfs versions 2 and 3, which
 * libsquashfs does not know (format: the squashfs patches for Linux
 * up to 2.6.28, include/linux/squashfs_fs.h). */
#include "unpack/squashfs/squashfs_old.h"

#include "base/array.h"

#include <sqfs/error.h>
#include <string.h>

/* A metadata block, which decodes to at most 8 KiB:
 *
 *   0 u16 stored size, bit 15 set: not compressed; 0: 0x8000   [0xff with the flag "check"]
 *   2 the bytes; the next block follows */
enum { NOT_COMPRESSED = 0x8000, FLAG_CHECK = 1 << 2 };

static bool block_load(struct old *old, uint64_t start, struct old_block *block,
		       struct error *error)
{
	const struct squashfs *squashfs = old->squashfs;
	uint16_t head = 0;
	uint64_t at = start + 2 + (squashfs->super.flags & FLAG_CHECK ? 1 : 0);
	struct span stored;

	block->size = 0;
	block->start = start;
	/* hostile listings can name the same blocks again and again */
	if (!place_account(squashfs->place, SQUASHFS_METADATA, error))
		return false;
	if (!span_u16(squashfs->file.span, start, squashfs->super.endian, &head) ||
	    !span_cut(squashfs->file.span, at,
		      head & ~NOT_COMPRESSED ? head & ~NOT_COMPRESSED : NOT_COMPRESSED, &stored))
		return squashfs_fail(error, SQFS_ERROR_OUT_OF_BOUNDS);
	block->next = at + stored.size;
	if (head & NOT_COMPRESSED) {
		block->size = stored.size <= SQUASHFS_METADATA ? (uint32_t)stored.size : 0;
		memcpy(block->bytes, stored.data, block->size);
	} else {
		sqfs_s32 got = squashfs->compressor->do_block(squashfs->compressor, stored.data,
							      (sqfs_u32)stored.size, block->bytes,
							      SQUASHFS_METADATA);

		block->size = got > 0 ? (uint32_t)got : 0;
		if (squashfs_block_compression(stored) == COMPRESSION_NONE)
			return fail(error,
				    "metadata block at 0x%llx: compressed with neither gzip nor "
				    "a known form of lzma",
				    (unsigned long long)start);
	}
	return block->size > 0 ||
	       fail(error, "data corrupted: metadata block at 0x%llx", (unsigned long long)start);
}

bool old_read(struct old *old, struct old_cursor *cursor, void *out, size_t size,
	      struct error *error)
{
	uint8_t *to = out;

	while (size > 0) {
		struct old_block *block = &old->blocks[cursor->block % OLD_BLOCKS];

		if ((block->size == 0 || block->start != cursor->block) &&
		    !block_load(old, cursor->block, block, error))
			return false;
		if (cursor->offset >= block->size) {
			if (cursor->offset > block->size)
				return squashfs_fail(error, SQFS_ERROR_OUT_OF_BOUNDS);
			*cursor = (struct old_cursor){.block = block->next};
			continue;
		}

		size_t left = block->size - cursor->offset, piece = size < left ? size : left;
		memcpy(to, block->bytes + cursor->offset, piece);
		to += piece;
		size -= piece;
		cursor->offset += (uint32_t)piece;
	}
	return true;
}

/* The fragment table is a list of pointers to metadata blocks with entries:
 *
 *   version 2, 8 bytes:   0 start   4 stored size
 *   version 3, 16 bytes:  0 u64 start   8 stored size   12 not used */
static bool fragments_read(struct old *old, uint64_t table, struct error *error)
{
	struct squashfs *squashfs = old->squashfs;
	bool three = squashfs->super.major == 3;
	enum endian endian = squashfs->super.endian;
	unsigned pointer = three ? 8 : 4, entry = three ? 16 : 8;
	struct old_cursor cursor = {0};
	uint8_t bytes[16];

	for (size_t i = 0; i < squashfs->super.fragments; i++) {
		struct span head = span_from(bytes, entry);

		if (i % (SQUASHFS_METADATA / entry) == 0) {
			cursor.offset = 0;
			if (!span_word(squashfs->file.span,
				       table + i / (SQUASHFS_METADATA / entry) * pointer, pointer,
				       endian, &cursor.block))
				return squashfs_fail(error, SQFS_ERROR_OUT_OF_BOUNDS);
		}
		if (!old_read(old, &cursor, bytes, entry, error))
			return false;
		squashfs->fragments[i] = (struct squashfs_fragment){
			.start = three ? head_u64(head, 0, endian) : head_u32(head, 0, endian),
			.stored = head_u32(head, three ? 8 : 4, endian),
		};
	}
	return true;
}

bool squashfs_old_tables(struct squashfs *squashfs, struct error *error)
{
	struct old *old = arena_new(&squashfs->arena, struct old);

	old->squashfs = squashfs;
	squashfs->fragment_count = squashfs->super.fragments;
	squashfs->fragments =
		arena_raw(&squashfs->arena, squashfs->fragment_count * sizeof *squashfs->fragments);
	return fragments_read(old, squashfs->super.fragment_table, error) ||
	       within(error, "fragment table");
}

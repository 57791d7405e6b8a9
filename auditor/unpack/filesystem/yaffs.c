/* SPDX-License-Identifier: ISC */
/* Reads the YAFFS2 file systems from which MikroTik's RouterBOOT boots (kernel2minor:
 * kernel2minor.c, yaffs2/yaffs_guts.h, yaffs_packedtags2.h), in the byte order of the
 * device. Each contains one file, "kernel", an ELF program. Chunks have 1024 bytes and 16
 * of tags (NOR, consecutive regardless of pages) or 2048 bytes and 64 of spare (NAND, tags
 * at byte 2 of the spare). A block has 64 chunks, or as many as fit into an erase block of
 * 64 KiB (NOR) or 132 KiB (NAND); the rest of it is ones.
 *
 *   a chunk      data, then tags: 0 u32 sequence number of the block, from 0x1000
 *       4 u32 object   8 u32 chunk, from 1   12 u32 bytes
 *   the first    the object's header; its tags have bit 31 of the chunk set
 *     0x000 u32 type: 1 a file   0x004 u32 parent: 1 the root   0x008 u16 0xffff
 *         0x00a name[256]   0x124 u32 size */
#include "unpack/firmware/flash.h"

#include <string.h>

enum {
	TYPE_FILE = 1,
	ROOT = 1,
	NAME = 0x0a,
	NAME_SIZE = 256,
	SIZE = 0x124,
	SEQUENCE_LEAST = 0x1000,
	BLOCK_CHUNKS = 64
};

struct yaffs {
	struct span bytes;
	enum endian endian;
	/* bytes of data and of spare; offset of the tags in the spare */
	uint32_t chunk, spare, tags;
	uint64_t block; /* bytes of an erase block, including spare bytes */
	uint32_t size, object;
};

struct tags {
	uint32_t sequence, object, chunk, bytes;
};

static bool tags_read(const struct yaffs *fs, uint64_t at, struct tags *ret)
{
	uint64_t tags = at + fs->chunk + fs->tags;

	return span_u32(fs->bytes, tags, fs->endian, &ret->sequence) &&
	       span_u32(fs->bytes, tags + 4, fs->endian, &ret->object) &&
	       span_u32(fs->bytes, tags + 8, fs->endian, &ret->chunk) &&
	       span_u32(fs->bytes, tags + 12, fs->endian, &ret->bytes) &&
	       ret->sequence >= SEQUENCE_LEAST && ret->sequence != UINT32_MAX;
}

static bool header_read(struct yaffs *fs)
{
	uint32_t type, parent;
	uint16_t sum;
	struct span field, name;

	return span_u32(fs->bytes, 0, fs->endian, &type) && type == TYPE_FILE &&
	       span_u32(fs->bytes, 4, fs->endian, &parent) && parent == ROOT &&
	       span_u16(fs->bytes, 8, fs->endian, &sum) && sum == 0xffff &&
	       span_cut(fs->bytes, NAME, NAME_SIZE, &field) && span_string(field, 0, &name) &&
	       span_is(name, "kernel") && span_u32(fs->bytes, SIZE, fs->endian, &fs->size) &&
	       fs->size > 0 && fs->size <= LIMIT_FILE;
}

/* Finds the form of the chunks by the tags of the header and of the chunk after it. */
static bool yaffs_find(struct span bytes, struct yaffs *ret)
{
	static const struct yaffs forms[] = {
		{.chunk = 1024, .spare = 16, .tags = 0, .block = 64 << 10},
		{.chunk = 2048, .spare = 64, .tags = 2, .block = BLOCK_CHUNKS * (2048 + 64)},
		{.chunk = 2048, .spare = 64, .tags = 0, .block = BLOCK_CHUNKS * (2048 + 64)},
	};

	for (size_t i = 0; i < 2 * sizeof forms / sizeof *forms; i++) {
		struct tags header, first;

		*ret = forms[i / 2];
		ret->bytes = bytes;
		ret->endian = i % 2 ? ENDIAN_BIG : ENDIAN_LITTLE;
		if (!header_read(ret) || !tags_read(ret, 0, &header) || !(header.chunk >> 31) ||
		    !tags_read(ret, ret->chunk + ret->spare, &first) || first.chunk != 1)
			continue;
		ret->object = first.object;
		return true;
	}
	return false;
}

static bool yaffs_probe(struct span bytes)
{
	struct yaffs fs;

	return yaffs_find(bytes, &fs);
}

/* The start of the next chunk at or after AT. A chunk that does not fit into its block
 * is in the next one. */
static uint64_t chunk_start(const struct yaffs *fs, uint64_t at)
{
	uint64_t inside = at % fs->block;

	return inside + fs->chunk + fs->spare > fs->block ? at - inside + fs->block : at;
}

static uint64_t yaffs_extent(struct span bytes)
{
	struct yaffs fs;
	uint64_t at = 0;

	if (!yaffs_find(bytes, &fs))
		return bytes.size;
	for (uint64_t left = (uint64_t)fs.size + fs.chunk; left > 0;
	     left -= left < fs.chunk ? left : fs.chunk)
		at = chunk_start(&fs, at) + fs.chunk + fs.spare;
	at = (at + fs.block - 1) / fs.block * fs.block;
	return at < bytes.size ? at : bytes.size;
}

static bool chunks_join(const struct yaffs *fs, uint8_t *out, struct error *error)
{
	uint64_t at = fs->chunk + fs->spare;
	uint32_t done = 0;

	for (uint32_t number = 1; done < fs->size; number++) {
		uint32_t left = fs->size - done, want = left < fs->chunk ? left : fs->chunk;
		struct tags tags;
		struct span data;

		at = chunk_start(fs, at);
		if (!span_cut(fs->bytes, at, want, &data) || !tags_read(fs, at, &tags))
			return fail(error, "chunk %u at 0x%llx of it is truncated or has no tags",
				    number, (unsigned long long)at);
		if (tags.object != fs->object || tags.chunk != number || tags.bytes != want)
			return fail(error, "chunk %u is not at 0x%llx of it: data corrupted",
				    number, (unsigned long long)at);
		memcpy(out + done, data.data, data.size);
		done += want;
		at += fs->chunk + fs->spare;
	}
	return true;
}

static bool yaffs_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	const char *what = place_at(place, "yaffs", place->offset);
	struct yaffs fs;
	struct place inner;
	uint64_t used;
	bool found = false;

	if (!yaffs_find(bytes, &fs))
		return fail(error, "%s: its header is invalid", what);
	place_layout(place, 0, bytes.size, "yaffs",
		     arena_format(place->scratch, "%s endian, chunks of %u bytes and %u of tags",
				  fs.endian == ENDIAN_BIG ? "big" : "little", fs.chunk, fs.spare));
	if (!place_enter(place, 0, what, &inner, error) || !place_account(place, fs.size, error))
		return within(error, "%s", what);

	uint8_t *kernel = arena_raw(&arena, fs.size + 1);
	if (!chunks_join(&fs, kernel, error) ||
	    !kernel_open(&inner, span_from(kernel, fs.size), NULL, NULL, &found, &used, error))
		return within(error, "%s", what);
	return found || fail(error, "%s: its file \"kernel\" is not a Linux kernel", what);
}

const struct format format_yaffs = {
	.kind = "yaffs",
	.begins = {SPAN_OF("\0\0\0\1\0\0\0\1"), SPAN_OF("\1\0\0\0\1\0\0\0")},
	.probe = yaffs_probe,
	.read = yaffs_read,
	.extent = yaffs_extent};

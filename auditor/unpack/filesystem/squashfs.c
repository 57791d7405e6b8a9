/* SPDX-License-Identifier: ISC */
/* Reads and checks the super block of a squashfs 4.0 image and opens it in libsquashfs
 * (format: Linux fs/squashfs/squashfs_fs.h). */
#include "unpack/firmware/flash.h"
#include "unpack/filesystem/squashfs.h"

#include <sqfs/error.h>
#include <string.h>

/* Super block of squashfs 4.0, little-endian (Linux fs/squashfs/squashfs_fs.h):
 *
 *   0 "hsqs"        4 inodes         8 time        12 block size   16 fragments
 *       20 u16 compression  22 u16 block log
 *  24 u16 flags    26 u16 ids       28 u16 major   30 u16 minor
 *  32 u64 root inode   40 u64 bytes used   48 u64 id table    56 u64 xattr table
 *      64 u64 inode table
 *  72 u64 directory table   80 u64 fragment table   88 u64 export table
 *      a table that does not exist: all ones */
enum {
	SUPER_SIZE = 96,
	BLOCK_LOG_LEAST = 12,
	BLOCK_LOG_MOST = 20,
	METADATA_SIZE = 8192,
	FRAGMENTS_IN_METADATA = METADATA_SIZE / 16,
};

#define ABSENT UINT64_MAX

struct super {
	uint32_t inodes, block_size, fragments;
	uint16_t compression, block_log, ids, major, minor;
	uint64_t root, used, id_table, inode_table, directory_table, fragment_table;
};

static const char *const compressions[] = {"none", "gzip", "lzma", "lzo", "xz", "lz4", "zstd"};

static bool super_read(struct span bytes, struct super *super)
{
	enum endian le = ENDIAN_LITTLE;
	struct span whole;

	return span_cut(bytes, 0, SUPER_SIZE, &whole) && span_starts(whole, "hsqs") &&
	       span_u32(whole, 4, le, &super->inodes) &&
	       span_u32(whole, 12, le, &super->block_size) &&
	       span_u32(whole, 16, le, &super->fragments) &&
	       span_u16(whole, 20, le, &super->compression) &&
	       span_u16(whole, 22, le, &super->block_log) && span_u16(whole, 26, le, &super->ids) &&
	       span_u16(whole, 28, le, &super->major) && span_u16(whole, 30, le, &super->minor) &&
	       span_u64(whole, 32, le, &super->root) && span_u64(whole, 40, le, &super->used) &&
	       span_u64(whole, 48, le, &super->id_table) &&
	       span_u64(whole, 64, le, &super->inode_table) &&
	       span_u64(whole, 72, le, &super->directory_table) &&
	       span_u64(whole, 80, le, &super->fragment_table);
}

/* Checks the fragment table: each fragment has 16 bytes in a metadata block, and each of these
 * blocks a pointer at the start of the table. */
static bool fragments_valid(const struct super *super)
{
	uint64_t pointers = ((uint64_t)super->fragments + FRAGMENTS_IN_METADATA - 1) /
			    FRAGMENTS_IN_METADATA * 8;

	if (super->fragment_table == ABSENT || super->fragments == 0)
		return super->fragments == 0;
	return super->fragment_table > super->directory_table &&
	       super->fragment_table < super->used &&
	       pointers <= super->used - super->fragment_table && super->fragments <= super->inodes;
}

/* True if all members are valid; whether the bytes exist is checked elsewhere. */
static bool super_valid(const struct super *super)
{
	uint64_t root_block = super->root >> 16, root_offset = super->root & 0xffff;

	if (super->major != 4 || super->minor != 0 || super->inodes == 0 || super->ids == 0)
		return false;
	if (super->block_log < BLOCK_LOG_LEAST || super->block_log > BLOCK_LOG_MOST ||
	    super->block_size != (uint32_t)1 << super->block_log)
		return false;
	if (super->compression < 1 || super->compression > 6)
		return false;
	if (super->inode_table < SUPER_SIZE || super->directory_table <= super->inode_table ||
	    super->id_table <= super->directory_table || super->used <= super->id_table)
		return false;
	return root_block < super->directory_table - super->inode_table &&
	       root_offset < METADATA_SIZE && fragments_valid(super);
}

bool squashfs_here(struct span bytes, uint64_t *ret_size)
{
	struct super super;

	if (!super_read(bytes, &super) || !super_valid(&super) || super.used > bytes.size)
		return false;
	*ret_size = super.used;
	return true;
}

static uint64_t squashfs_extent(struct span bytes)
{
	uint64_t size;

	return squashfs_here(bytes, &size) ? size : bytes.size;
}

static bool squashfs_probe(struct span bytes)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct super super;
	uint64_t size;

	return squashfs_foreign(&scratch, bytes, true, &size) ||
	       (super_read(bytes, &super) && super_valid(&super));
}

bool squashfs_fail(struct error *error, int code)
{
	switch (code) {
	case SQFS_ERROR_ALLOC:
		return fail(error, "needs more memory than available");
	case SQFS_ERROR_OUT_OF_BOUNDS:
		return fail(error, "points outside the file system");
	case SQFS_ERROR_OVERFLOW:
		return fail(error, "states a size larger than memory");
	case SQFS_ERROR_UNSUPPORTED:
		return fail(error, "uses a feature that libsquashfs cannot read");
	case SQFS_ERROR_NOT_DIR:
		return fail(error, "listed as a directory, but it is not one");
	case SQFS_ERROR_LINK_LOOP:
		return fail(error, "contains itself");
	case SQFS_ERROR_IO:
		return fail(error, "read error");
	default:
		return fail(error, "data corrupted");
	}
}

static int bytes_read(sqfs_file_t *file, sqfs_u64 offset, void *buffer, size_t size)
{
	struct squashfs_bytes *bytes = (struct squashfs_bytes *)file;
	struct span piece;

	if (bytes->reads == 0)
		return SQFS_ERROR_OVERFLOW;
	bytes->reads--;
	if (!span_cut(bytes->span, offset, size, &piece))
		return SQFS_ERROR_OUT_OF_BOUNDS;
	memcpy(buffer, piece.data, piece.size);
	return 0;
}

static sqfs_u64 bytes_size(const sqfs_file_t *file)
{
	return ((const struct squashfs_bytes *)file)->span.size;
}

sqfs_compressor_t *squashfs_compressor(const struct squashfs *squashfs, struct error *error)
{
	sqfs_compressor_config_t config;
	sqfs_compressor_t *compressor = NULL;
	unsigned id = squashfs->super.compression_id;

	if (sqfs_compressor_config_init(&config, (SQFS_COMPRESSOR)id, squashfs->super.block_size,
					SQFS_COMP_FLAG_UNCOMPRESS) == 0 &&
	    sqfs_compressor_create(&config, &compressor) == 0)
		return compressor;
	compressor = id == SQFS_COMP_LZO ? squashfs_lzo() : NULL;
	if (compressor)
		return compressor;
	fail(error, "compressed with %s, which libsquashfs cannot decode", compressions[id]);
	return NULL;
}

static void squashfs_close(struct squashfs *squashfs)
{
	sqfs_destroy(squashfs->fragments);
	sqfs_destroy(squashfs->compressor);
	arena_free(&squashfs->arena);
}

static bool squashfs_tables(struct squashfs *squashfs, struct error *error)
{
	int code = sqfs_super_read(&squashfs->super, &squashfs->file.base);

	if (code != 0)
		return squashfs_fail(error, code) || within(error, "super block");
	squashfs->compressor = squashfs_compressor(squashfs, error);
	if (!squashfs->compressor)
		return false;
	squashfs->fragments = sqfs_frag_table_create(0);
	if (!squashfs->fragments)
		return squashfs_fail(error, SQFS_ERROR_ALLOC);
	code = sqfs_frag_table_read(squashfs->fragments, &squashfs->file.base, &squashfs->super,
				    squashfs->compressor);
	return code == 0 || squashfs_fail(error, code) || within(error, "fragment table");
}

static bool squashfs_checked(const struct place *place, struct span bytes, struct super *super,
			     struct error *error)
{
	uint64_t size;
	const char *foreign = squashfs_foreign(place->scratch, bytes, true, &size);

	if (foreign)
		return fail(error, "%s, which is not supported", foreign);
	if (!super_read(bytes, super) || !super_valid(super))
		return fail(error, "the super block is inconsistent");
	place_layout(place, 0, super->used, "squashfs",
		     arena_format(place->scratch, "%s, %u byte blocks",
				  compressions[super->compression], super->block_size));
	if (super->used > bytes.size)
		return fail(error, "truncated: %zu of %llu bytes", bytes.size,
			    (unsigned long long)super->used);
	if (super->inodes > LIMIT_ENTRIES)
		return fail(error, "%u files, more than the %d allowed", super->inodes,
			    LIMIT_ENTRIES);
	return true;
}

static bool squashfs_open(const struct place *place, const struct place *inner, struct span bytes,
			  struct error *error)
{
	__attribute__((cleanup(squashfs_close))) struct squashfs squashfs = {
		.file.base = {.read_at = bytes_read, .get_size = bytes_size},
		.file.reads = SQUASHFS_READS_TABLES,
		.place = inner,
	};
	struct wanted_list wanted = {0};
	struct super super;

	if (!squashfs_checked(place, bytes, &super, error))
		return false;
	squashfs.file.span = span_head(bytes, super.used);
	return squashfs_tables(&squashfs, error) && squashfs_walk(&squashfs, &wanted, error) &&
	       squashfs_deliver(&squashfs, &wanted, error);
}

static bool squashfs_read(const struct place *place, struct span bytes, struct error *error)
{
	const char *what = place_at(place, "squashfs", place->offset);
	struct place inner;

	if (!place_enter(place, 0, what, &inner, error))
		return false;
	inner.volume = place_volume(place);
	return squashfs_open(place, &inner, bytes, error) || within(error, "%s", what);
}

const struct format format_squashfs = {.kind = "squashfs",
				       .probe = squashfs_probe,
				       .read = squashfs_read,
				       .extent = squashfs_extent};

/* SPDX-License-Identifier: ISC */
/* Opens a squashfs: version 4 in libsquashfs (format: Linux fs/squashfs/squashfs_fs.h),
 * versions 2 and 3 in squashfs_old.c. */
#include "unpack/squashfs/squashfs.h"

#include <sqfs/error.h>
#include <sqfs/frag_table.h>
#include <inttypes.h>
#include <string.h>

/* Where versions 1 to 3 and vendors put other values (see squashfs_super.c). */
enum { VERSION_AT = 28 };

static const char *const compressions[] = {"none", "gzip", "lzma", "lzo", "xz", "lz4", "zstd"};

static uint64_t squashfs_extent(struct span bytes)
{
	uint64_t size;

	return squashfs_here(bytes, &size) ? size : bytes.size;
}

static bool squashfs_probe(struct span bytes)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct squashfs_super super;
	uint64_t size;

	return squashfs_super_read(bytes, &super) || squashfs_foreign(&scratch, bytes, true, &size);
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
	if (offset < SQUASHFS_SUPER) {
		size_t left = SQUASHFS_SUPER - (size_t)offset;

		memcpy(buffer, bytes->head + offset, size < left ? size : left);
	}
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
	unsigned id = squashfs->super.compression;

	if (squashfs->super.vendor) {
		compressor = squashfs_vendor();
		if (!compressor)
			squashfs_fail(error, SQFS_ERROR_ALLOC);
		return compressor;
	}
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

bool squashfs_listing_claim(struct squashfs *squashfs, const char *path, uint64_t block,
			    uint32_t offset, struct error *error)
{
	struct map *listings = &squashfs->listings;
	size_t before = listings->count;

	map_put(listings, &squashfs->arena,
		arena_format(&squashfs->arena, "%" PRIx64 " %" PRIx32, block, offset), 0);
	return listings->count > before ||
	       fail(error, "%s: another directory has the same listing: data corrupted", path);
}

static void squashfs_close(struct squashfs *squashfs)
{
	sqfs_destroy(squashfs->compressor);
	arena_free(&squashfs->scratch);
	arena_free(&squashfs->arena);
}

static void table_close(sqfs_frag_table_t **table)
{
	sqfs_destroy(*table);
}

/* Reads the fragment table of version 4. */
static bool squashfs_fragments(struct squashfs *squashfs, struct error *error)
{
	__attribute__((cleanup(table_close))) sqfs_frag_table_t *table = sqfs_frag_table_create(0);
	sqfs_fragment_t fragment;
	int code = table ? sqfs_frag_table_read(table, &squashfs->file.base, &squashfs->sqfs,
						squashfs->compressor)
			 : SQFS_ERROR_ALLOC;

	if (code != 0)
		return squashfs_fail(error, code) || within(error, "fragment table");
	squashfs->fragment_count = sqfs_frag_table_get_size(table);
	squashfs->fragments =
		arena_raw(&squashfs->arena, squashfs->fragment_count * sizeof *squashfs->fragments);
	for (uint32_t i = 0; i < squashfs->fragment_count; i++) {
		if (sqfs_frag_table_lookup(table, i, &fragment) != 0)
			return fail(error, "fragment table: data corrupted");
		squashfs->fragments[i] =
			(struct squashfs_fragment){fragment.start_offset, fragment.size};
	}
	return true;
}

static bool squashfs_checked(const struct place *place, struct span bytes,
			     struct squashfs_super *super, struct error *error)
{
	uint64_t size;
	const char *foreign = squashfs_foreign(place->scratch, bytes, true, &size);

	if (foreign)
		return fail(error, "%s: it cannot be read", foreign);
	if (!squashfs_super_read(bytes, super))
		return fail(error, "the super block is inconsistent");
	place_layout(place, 0, super->used, "squashfs",
		     squashfs_describe(place->scratch, bytes, super));
	if (super->used > bytes.size)
		return fail(error, "%s%struncated: %zu of %llu bytes",
			    super->vendor ? squashfs_name(place->scratch, bytes, super) : "",
			    super->vendor ? ": " : "", bytes.size, (unsigned long long)super->used);
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

	if (!squashfs_checked(place, bytes, &squashfs.super, error))
		return false;
	squashfs.walk = *inner;
	squashfs.walk.scratch = &squashfs.scratch;
	squashfs.file.span = span_head(bytes, squashfs.super.used);
	squashfs.compressor = squashfs_compressor(&squashfs, error);
	if (!squashfs.compressor)
		return false;
	if (squashfs.super.old)
		return squashfs_old_tables(&squashfs, error) &&
		       squashfs_old_walk(&squashfs, &wanted, error) &&
		       squashfs_deliver(&squashfs, &wanted, error);
	memcpy(squashfs.file.head, squashfs.file.span.data, SQUASHFS_SUPER);
	memcpy(squashfs.file.head, "hsqs", 4);
	memcpy(squashfs.file.head + VERSION_AT, "\x04\0\0", 4);

	int code = sqfs_super_read(&squashfs.sqfs, &squashfs.file.base);
	if (code != 0)
		return squashfs_fail(error, code) || within(error, "super block");
	return squashfs_fragments(&squashfs, error) && squashfs_walk(&squashfs, &wanted, error) &&
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

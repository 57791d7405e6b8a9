/* SPDX-License-Identifier: ISC */
/* Walks the directories of a squashfs with libsquashfs and collects the files whose
 * bytes the visitor wants. */
#include "base/array.h"
#include "unpack/squashfs/squashfs.h"

#include <sqfs/dir.h>
#include <sqfs/dir_reader.h>
#include <string.h>

/* A directory that is being walked, and its parents. */
struct level {
	const struct level *above;
	uint32_t inode;
	unsigned depth;
};

/* A subdirectory. It is walked after the listing was read, because the reader has
 * only one position. */
struct below {
	const char *path;
	sqfs_inode_generic_t *inode;
};

struct below_list {
	struct below *list;
	size_t count, room;
	struct arena arena;
};

struct tree {
	struct squashfs *squashfs;
	sqfs_dir_reader_t *reader;
	struct wanted_list *wanted;
	size_t entries;
};

static void reader_close(struct tree *tree)
{
	sqfs_destroy(tree->reader);
}

static void below_close(struct below_list *list)
{
	array_each(below, list)
		sqfs_free(below->inode);
	arena_free(&list->arena);
}

static void inode_free(sqfs_inode_generic_t **inode)
{
	sqfs_free(*inode);
}

bool squashfs_collect(struct squashfs *squashfs, struct wanted_list *wanted, struct wanted file,
		      struct error *error)
{
	uint64_t whole = file.size / squashfs->super.block_size;
	uint64_t tail = file.size % squashfs->super.block_size;
	bool fits = file.fragment == SQUASHFS_NO_FRAGMENT ? file.block_count == whole + (tail > 0)
							  : tail > 0 && file.block_count == whole;

	file.key = file.start;
	if (file.size > LIMIT_FILE)
		return fail(error, "%llu bytes, more than the %llu MiB allowed",
			    (unsigned long long)file.size, (unsigned long long)(LIMIT_FILE / MIB));
	if (!fits)
		return fail(error, "data corrupted: %llu bytes do not fit %zu blocks",
			    (unsigned long long)file.size, file.block_count);
	if (file.fragment != SQUASHFS_NO_FRAGMENT) {
		if (file.fragment >= squashfs->fragment_count)
			return fail(error, "data corrupted: fragment %u does not exist",
				    file.fragment);
		file.key = squashfs->fragments[file.fragment].start;
	}
	*array_add(&squashfs->arena, wanted) = file;
	return true;
}

static bool tree_file(struct tree *tree, const char *path, const sqfs_inode_generic_t *inode,
		      struct error *error)
{
	struct squashfs *squashfs = tree->squashfs;
	const struct place *place = &squashfs->walk;
	struct wanted file = {0};
	sqfs_u64 size = 0, start = 0;

	sqfs_inode_get_file_size(inode, &size);
	file.size = size;
	file.want = place_want(place, path, size);
	if (!bytes_wanted(file.want))
		return place_entry(place, path, ENTRY_FILE, NULL, (struct span){0}, size, file.want,
				   error);
	sqfs_inode_get_file_block_start(inode, &start);
	sqfs_inode_get_frag_location(inode, &file.fragment, &file.fragment_offset);
	file.path = arena_string(&squashfs->arena, span_text(path));
	file.start = start;
	file.block_count = sqfs_inode_get_file_block_count(inode);
	file.blocks = (const uint32_t *)(const void *)arena_copy(
			      &squashfs->arena,
			      span_from(inode->extra, file.block_count * sizeof *file.blocks))
			      .data;
	return squashfs_collect(squashfs, tree->wanted, file, error);
}

static bool tree_link(struct tree *tree, const char *path, const sqfs_inode_generic_t *inode,
		      struct error *error)
{
	const struct place *place = &tree->squashfs->walk;
	uint32_t size = inode->base.type == SQFS_INODE_SLINK ? inode->data.slink.target_size
							     : inode->data.slink_ext.target_size;
	const char *target = arena_string(place->scratch, span_from(inode->extra, size));

	return place_entry(place, path, ENTRY_LINK, target, (struct span){0}, 0,
			   place_want(place, path, 0), error);
}

static bool tree_directory(struct tree *tree, const char *path, sqfs_inode_generic_t **inode,
			   struct below_list *below, struct error *error)
{
	const struct place *place = &tree->squashfs->walk;
	enum want want = place_want(place, arena_format(place->scratch, "%s/", path), 0);

	if (want == WANT_NOTHING)
		return true;
	if (!place_entry(place, path, ENTRY_DIRECTORY, NULL, (struct span){0}, 0, want, error))
		return false;
	*array_add(&below->arena, below) = (struct below){
		.path = arena_string(&below->arena, span_text(path)), .inode = *inode};
	*inode = NULL;
	return true;
}

static bool tree_inode(struct tree *tree, const char *path, struct below_list *below,
		       struct error *error)
{
	__attribute__((cleanup(inode_free))) sqfs_inode_generic_t *inode = NULL;
	int code = sqfs_dir_reader_get_inode(tree->reader, &inode);

	if (code != 0)
		return squashfs_fail(error, code);
	switch (inode->base.type) {
	case SQFS_INODE_FILE:
	case SQFS_INODE_EXT_FILE:
		return tree_file(tree, path, inode, error);
	case SQFS_INODE_SLINK:
	case SQFS_INODE_EXT_SLINK:
		return tree_link(tree, path, inode, error);
	case SQFS_INODE_DIR:
	case SQFS_INODE_EXT_DIR:
		return tree_directory(tree, path, &inode, below, error);
	default:
		return true;
	}
}

/* Reads one entry of a listing; sets *DONE at its end. */
static bool tree_entry(struct tree *tree, const char *at, struct below_list *below, bool *done,
		       struct error *error)
{
	sqfs_dir_entry_t *entry = NULL;
	int code;

	tree->squashfs->file.reads = SQUASHFS_READS_ENTRY;
	arena_reset(&tree->squashfs->scratch);
	code = sqfs_dir_reader_read(tree->reader, &entry);

	*done = code > 0;
	if (*done)
		return true;
	if (code < 0)
		return squashfs_fail(error, code) || (*at && within(error, "%s", at));

	const char *path = path_child(&tree->squashfs->scratch, at,
				      span_from(entry->name, (size_t)entry->size + 1), error);

	sqfs_free(entry);
	if (!path)
		return *at && within(error, "%s", at);
	if (++tree->entries > LIMIT_ENTRIES)
		return fail(error, "more than %d files", LIMIT_ENTRIES);
	return tree_inode(tree, path, below, error) || within(error, "%s", path);
}

/* An empty directory has no listing; its size is 3. */
static bool listing_claim(struct tree *tree, const char *path, const sqfs_inode_generic_t *inode,
			  struct error *error)
{
	bool large = inode->base.type == SQFS_INODE_EXT_DIR;
	uint32_t size = large ? inode->data.dir_ext.size : inode->data.dir.size,
		 block = large ? inode->data.dir_ext.start_block : inode->data.dir.start_block,
		 offset = large ? inode->data.dir_ext.offset : inode->data.dir.offset;

	return size <= 3 || squashfs_listing_claim(tree->squashfs, path, block, offset, error);
}

static bool tree_walk(struct tree *tree, const char *path, const sqfs_inode_generic_t *inode,
		      const struct level *above, struct error *error)
{
	__attribute__((cleanup(below_close))) struct below_list below = {0};
	struct level level = {.above = above,
			      .inode = inode->base.inode_number,
			      .depth = above ? above->depth + 1 : 0};
	bool done = false;
	int code;

	for (const struct level *up = above; up; up = up->above) {
		if (up->inode == level.inode)
			return fail(error, "%s: contains itself", path);
	}
	if (level.depth > LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);
	if (!listing_claim(tree, path, inode, error))
		return false;
	code = sqfs_dir_reader_open_dir(tree->reader, inode, 0);
	if (code != 0)
		return squashfs_fail(error, code) ||
		       within(error, "%s", *path ? path : "root directory");
	while (!done) {
		if (!tree_entry(tree, path, &below, &done, error))
			return false;
	}
	array_each(next, &below) {
		if (!tree_walk(tree, next->path, next->inode, &level, error))
			return false;
	}
	return true;
}

bool squashfs_walk(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error)
{
	__attribute__((cleanup(inode_free))) sqfs_inode_generic_t *root = NULL;
	__attribute__((cleanup(reader_close))) struct tree tree = {.squashfs = squashfs,
								   .wanted = wanted};
	int code;

	tree.reader = sqfs_dir_reader_create(&squashfs->sqfs, squashfs->compressor,
					     &squashfs->file.base, 0);
	if (!tree.reader)
		return fail(error, "needs more memory than available");
	code = sqfs_dir_reader_get_root_inode(tree.reader, &root);
	if (code != 0)
		return squashfs_fail(error, code) || within(error, "root directory");
	return tree_walk(&tree, "", root, NULL, error);
}

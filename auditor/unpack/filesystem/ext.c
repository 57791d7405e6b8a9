/* SPDX-License-Identifier: ISC */
/* Reads ext2, ext3 and ext4 file systems with libext2fs through an I/O manager over
 * memory (format: Linux fs/ext4/ext4.h). */
#include "base/array.h"
#include "unpack/beside.h"
#include "unpack/reader.h"

#include <ext2fs/ext2fs.h>
#include <stdio.h>
#include <string.h>

/* ext2, ext3 and ext4 (Linux fs/ext4/ext4.h), which libext2fs reads through an I/O manager over
 * the bytes. Super block, little-endian, at 0x400:
 *
 *   0x00 inodes   0x04 blocks   0x18 log2 of the block size, less 10   0x38 0xef53   0x4c
 * revision */
enum { SUPER = 0x400, EXT_MAGIC = 0xef53, BLOCK_LOG_MOST = 6 };

struct ext {
	const struct place *place;
	struct arena scratch; /* for one file */
	ext2_filsys fs;
	size_t entries;
};

static bool ext_probe(struct span bytes)
{
	uint16_t magic;
	uint32_t inodes, blocks, log;

	return span_u16(bytes, SUPER + 0x38, ENDIAN_LITTLE, &magic) && magic == EXT_MAGIC &&
	       span_u32(bytes, SUPER, ENDIAN_LITTLE, &inodes) &&
	       span_u32(bytes, SUPER + 4, ENDIAN_LITTLE, &blocks) &&
	       span_u32(bytes, SUPER + 0x18, ENDIAN_LITTLE, &log) && inodes > 0 && blocks > 0 &&
	       log <= BLOCK_LOG_MOST;
}

/* ---- the I/O manager; its name is the address of the span, because libext2fs passes
 * nothing else on ---- */

static errcode_t memory_open(const char *name, int flags, io_channel *ret);

static errcode_t memory_close(io_channel channel)
{
	if (--channel->refcount > 0)
		return 0;
	ext2fs_free_mem(&channel->name);
	ext2fs_free_mem(&channel);
	return 0;
}

static errcode_t memory_set_size(io_channel channel, int size)
{
	channel->block_size = size;
	return 0;
}

/* a negative COUNT is a number of bytes */
static errcode_t memory_read64(io_channel channel, unsigned long long block, int count, void *data)
{
	const struct span *bytes = channel->private_data;
	uint64_t size = count < 0 ? (uint64_t) - (int64_t)count
				  : (uint64_t)count * (uint64_t)channel->block_size;
	struct span cut;

	if (block > bytes->size ||
	    !span_cut(*bytes, block * (uint64_t)channel->block_size, size, &cut))
		return EXT2_ET_SHORT_READ;
	memcpy(data, cut.data, cut.size);
	return 0;
}

static errcode_t memory_read(io_channel channel, unsigned long block, int count, void *data)
{
	return memory_read64(channel, block, count, data);
}

static errcode_t memory_write64(io_channel channel, unsigned long long block, int count,
				const void *data)
{
	(void)channel, (void)block, (void)count, (void)data;
	return EXT2_ET_RO_FILSYS;
}

static errcode_t memory_write(io_channel channel, unsigned long block, int count, const void *data)
{
	return memory_write64(channel, block, count, data);
}

static errcode_t memory_flush(io_channel channel)
{
	(void)channel;
	return 0;
}

static struct struct_io_manager memory_manager = {
	.magic = EXT2_ET_MAGIC_IO_MANAGER,
	.name = "memory",
	.open = memory_open,
	.close = memory_close,
	.set_blksize = memory_set_size,
	.read_blk = memory_read,
	.read_blk64 = memory_read64,
	.write_blk = memory_write,
	.write_blk64 = memory_write64,
	.flush = memory_flush,
};

static errcode_t memory_open(const char *name, int flags, io_channel *ret)
{
	io_channel channel;
	void *bytes;
	errcode_t failed = ext2fs_get_memzero(sizeof *channel, &channel);

	(void)flags;
	if (failed)
		return failed;
	failed = ext2fs_get_mem(strlen(name) + 1, &channel->name);
	if (failed || sscanf(name, "%p", &bytes) != 1) {
		ext2fs_free_mem(&channel->name);
		ext2fs_free_mem(&channel);
		return failed ? failed : EXT2_ET_BAD_DEVICE_NAME;
	}
	strcpy(channel->name, name);
	channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
	channel->manager = &memory_manager;
	channel->block_size = 1024;
	channel->refcount = 1;
	channel->private_data = bytes;
	*ret = channel;
	return 0;
}

/* ---- files and directories ---- */

static bool ext_fail(struct error *error, errcode_t code)
{
	switch (code) {
	case EXT2_ET_SHORT_READ:
	case EXT2_ET_BAD_BLOCK_NUM:
		return fail(error, "points beyond the end: truncated or data corrupted");
	case EXT2_ET_NO_MEMORY:
		return fail(error, "needs more memory than available");
	case EXT2_ET_UNSUPP_FEATURE:
	case EXT2_ET_RO_UNSUPP_FEATURE:
		return fail(error, "uses a feature that libext2fs cannot read");
	default:
		return fail(error, "data corrupted (libext2fs: error %ld)", (long)code);
	}
}

static void fs_close(ext2_filsys *fs)
{
	if (*fs)
		ext2fs_free(*fs);
}

static void ext_file_close(ext2_file_t *file)
{
	if (*file)
		ext2fs_file_close(*file);
}

static bool file_bytes_read(struct ext *ext, ext2_ino_t inode, uint64_t size, struct span *ret,
			    struct error *error)
{
	__attribute__((cleanup(ext_file_close))) ext2_file_t file = NULL;
	uint64_t done = 0;

	uint8_t *bytes = arena_raw(&ext->scratch, size + 1);
	errcode_t failed = ext2fs_file_open(ext->fs, inode, 0, &file);
	while (!failed && done < size) {
		unsigned got = 0,
			 most = size - done > (1 << 20) ? 1 << 20 : (unsigned)(size - done);

		failed = ext2fs_file_read(file, bytes + done, most, &got);
		if (!failed && got == 0)
			failed = EXT2_ET_SHORT_READ;
		done += got;
	}
	*ret = span_from(bytes, size);
	return !failed || ext_fail(error, failed);
}

/* a short target is stored in the inode in place of block numbers */
static bool link_read(struct ext *ext, ext2_ino_t number, struct ext2_inode *inode,
		      const char *path, struct error *error)
{
	struct span target = {NULL, 0};
	uint64_t size = inode->i_size;

	if (place_want(ext->place, path, 0) == WANT_NOTHING)
		return true;
	if (size < sizeof inode->i_block && ext2fs_is_fast_symlink(inode))
		target = span_from(inode->i_block, size);
	else if (size > LIMIT_NAME)
		return fail(error, "the target of the link is too long");
	else if (!place_account(ext->place, size, error) ||
		 !file_bytes_read(ext, number, size, &target, error))
		return false;
	return place_entry(ext->place, path, ENTRY_LINK, arena_string(&ext->scratch, target),
			   (struct span){NULL, 0}, 0, WANT_NAME, error);
}

static bool regular_read(struct ext *ext, ext2_ino_t number, struct ext2_inode *inode,
			 const char *path, struct error *error)
{
	uint64_t size = EXT2_I_SIZE(inode);
	struct span bytes = {NULL, 0};
	enum want want;

	return place_want_file(ext->place, path, size, &want, error) &&
	       (!bytes_wanted(want) || file_bytes_read(ext, number, size, &bytes, error)) &&
	       place_entry(ext->place, path, ENTRY_FILE, NULL, bytes, size, want, error);
}

struct name {
	const char *text;
	size_t size; /* also counts what follows a NUL */
	ext2_ino_t inode;
};

struct names {
	struct name *list;
	size_t count, room;
};

struct listing_walk {
	struct ext *ext;
	struct arena arena;
	struct names names;
	bool over;
};

static int name_add(struct ext2_dir_entry *entry, int offset, int size, char *buffer, void *context)
{
	struct listing_walk *walk = context;
	struct span name = span_from(entry->name, (size_t)ext2fs_dirent_name_len(entry));

	(void)offset, (void)size, (void)buffer;
	if (span_is(name, ".") || span_is(name, ".."))
		return 0;
	if (++walk->ext->entries > LIMIT_ENTRIES) {
		walk->over = true;
		return DIRENT_ABORT;
	}

	*array_add(&walk->arena, &walk->names) =
		(struct name){arena_string(&walk->arena, name), name.size, entry->inode};
	return 0;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static bool directory_walk(struct ext *ext, ext2_ino_t number, const char *path, unsigned depth,
			   struct error *error);

static bool node_visit(struct ext *ext, const struct name *name, const char *path, unsigned depth,
		       struct error *error)
{
	struct ext2_inode inode;
	errcode_t failed = ext2fs_read_inode(ext->fs, name->inode, &inode);
	bool ok = true;

	if (failed)
		return ext_fail(error, failed) || within(error, "inode %u", name->inode) ||
		       within(error, "%s", path);
	if (LINUX_S_ISDIR(inode.i_mode) && inode.i_links_count > 0)
		return place_want(ext->place, arena_format(&ext->scratch, "%s/", path), 0) ==
			       WANT_NOTHING ||
		       directory_walk(ext, name->inode, path, depth + 1, error);
	if (inode.i_mode == 0 || inode.i_links_count == 0)
		ok = fail(error, "inode %u is free, but has a name: data corrupted", name->inode);
	else if (LINUX_S_ISREG(inode.i_mode))
		ok = regular_read(ext, name->inode, &inode, path, error);
	else if (LINUX_S_ISLNK(inode.i_mode))
		ok = link_read(ext, name->inode, &inode, path, error);
	return ok || within(error, "%s", path);
}

static void listing_free(struct listing_walk *walk)
{
	arena_free(&walk->arena);
}

static bool directory_walk(struct ext *ext, ext2_ino_t number, const char *path, unsigned depth,
			   struct error *error)
{
	__attribute__((cleanup(listing_free))) struct listing_walk walk = {.ext = ext};
	_cleanup_arena_ struct arena paths = {0};

	if (depth > LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);

	errcode_t failed = ext2fs_dir_iterate(ext->fs, number, 0, NULL, name_add, &walk);
	if (walk.over)
		return fail(error, "more than %d entries", LIMIT_ENTRIES);
	if (failed)
		return ext_fail(error, failed) || (*path && within(error, "%s", path));
	array_sort(&walk.names, name_compare);
	array_each(name, &walk.names) {
		arena_reset(&paths);
		arena_reset(&ext->scratch);
		const char *below =
			path_child(&paths, path, span_from(name->text, name->size), error);
		if (!below)
			return *path && within(error, "%s", path);
		if (!node_visit(ext, name, below, depth, error))
			return false;
	}
	return true;
}

static bool tree_walk(void *context, struct error *error)
{
	struct ext *ext = context;

	ext->entries = 0;
	return directory_walk(ext, EXT2_ROOT_INO, "", 0, error);
}

static bool ext_read(const struct place *place, struct span bytes, struct error *error)
{
	__attribute__((cleanup(fs_close))) ext2_filsys fs = NULL;
	struct ext ext = {0};
	struct place inner;
	const char *what = place_at(place, "ext", place->offset);
	char device[32];

	snprintf(device, sizeof device, "%p", (void *)&bytes);
	errcode_t failed = ext2fs_open(device, EXT2_FLAG_64BITS, 0, 0, &memory_manager, &fs);
	if (failed)
		return ext_fail(error, failed) || within(error, "%s", what);

	uint64_t size = ext2fs_blocks_count(fs->super) * fs->blocksize;
	place_layout(place, 0, size, "ext",
		     arena_format(place->scratch, "%u byte blocks", fs->blocksize));
	if (!place_enter(place, 0, what, &inner, error))
		return false;
	inner.volume = place_volume(place);
	inner.scratch = &ext.scratch;
	ext.place = &inner;
	ext.fs = fs;

	bool ok = beside_walk(&inner, false, tree_walk, &ext, error);
	arena_free(&ext.scratch);
	return ok || within(error, "%s", what);
}

const struct format format_ext = {.kind = "ext", .probe = ext_probe, .read = ext_read};

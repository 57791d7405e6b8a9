/* SPDX-License-Identifier: ISC */
/* Walks the directories of squashfs versions 2 and 3 and collects the files
 * whose bytes the visitor wants (format: the squashfs patches for Linux up
 * to 2.6.28, include/linux/squashfs_fs.h). */
#include "unpack/squashfs/squashfs_old.h"

#include "base/array.h"

#include <string.h>

enum {
	TYPE_DIRECTORY = 1,
	TYPE_FILE = 2,
	TYPE_LINK = 3,
	TYPE_DIRECTORY_LONG = 8,
	TYPE_FILE_LONG = 9
};

/* Inodes begin with u16 type (4 bits) and mode (12), u8 owner, u8 group, and in version 3 with
 * u32 time and u32 number after that. Then:
 *
 *   file, version 2       4 time   8 start   12 fragment   16 offset in it   20 size   24 blocks
 *   file, version 3      12 u64 start   20 fragment   24 offset in it   28 size   32 blocks
 *   long file (3)        12 links   16 u64 start   24 fragment   28 offset in it   32 u64 size
 *                        40 blocks
 *   directory, version 2  4 size (19 bits), offset (13)   8 time   12 u24 block
 *   directory, version 3 12 links   16 size (19 bits), offset (13)   20 block
 *   long directory, 2     4 size (27 bits), offset (13)   9 time   13 u24 block
 *   long directory, 3    12 links   16 size (27 bits), offset (13)   21 block
 *   link, version 2       4 u16 size   6 target
 *   link, version 3      12 links   16 u16 size   18 target
 *
 * Bit fields start at the low bits in little-endian, at the high bits in big-endian. The blocks
 * are one u32 for each block of the file: stored sizes as in version 4. */
enum { INODE_MOST = 40, HEAD_2 = 4, HEAD_3 = 12 };

struct inode {
	unsigned type;
	unsigned size; /* of the members before the list of blocks or the target */
	struct wanted file;
	uint64_t bytes; /* of a directory's listing or a link's target */
	struct old_cursor listing;
};

/* A directory that is being walked, and its parents. */
struct level {
	const struct level *above;
	struct old_cursor listing;
	unsigned depth;
};

/* A subdirectory. */
struct below {
	const char *path;
	struct inode inode;
};

struct below_list {
	struct below *list;
	size_t count, room;
	struct arena arena;
};

static void below_close(struct below_list *list)
{
	arena_free(&list->arena);
}

/* Splits VALUE, a number of BITS bits, into a field of FIRST bits and the rest. */
static void fields_split(uint64_t value, unsigned bits, unsigned first, enum endian endian,
			 uint64_t *ret_first, uint64_t *ret_rest)
{
	unsigned rest = bits - first;

	if (endian == ENDIAN_BIG) {
		*ret_first = value >> rest;
		*ret_rest = value & ((UINT64_C(1) << rest) - 1);
	} else {
		*ret_first = value & ((UINT64_C(1) << first) - 1);
		*ret_rest = value >> first;
	}
}

/* The number of SIZE bytes at AT, for sizes that are no power of two. */
static uint64_t head_number(struct span head, unsigned at, unsigned size, enum endian endian)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++) {
		unsigned shift = 8 * (endian == ENDIAN_BIG ? size - 1 - i : i);

		value |= (uint64_t)head_u8(head, at + i) << shift;
	}
	return value;
}

static void inode_file(const struct old *old, struct span head, bool long_, struct inode *ret)
{
	const struct squashfs_super *super = &old->squashfs->super;
	enum endian endian = super->endian;
	bool three = super->major == 3;
	unsigned at = long_ ? 16 : three ? 12 : 8, start = three ? 8 : 4;

	ret->file.start = head_number(head, at, start, endian);
	ret->file.fragment = head_u32(head, at + start, endian);
	ret->file.fragment_offset = head_u32(head, at + start + 4, endian);
	ret->file.size = head_number(head, at + start + 8, long_ ? 8 : 4, endian);
	ret->size = at + start + 8 + (long_ ? 8 : 4);
	ret->file.block_count = ret->file.size / super->block_size;
	if (ret->file.fragment == SQUASHFS_NO_FRAGMENT && ret->file.size % super->block_size > 0)
		ret->file.block_count++;
}

static void inode_directory(const struct old *old, struct span head, bool long_, struct inode *ret)
{
	const struct squashfs_super *super = &old->squashfs->super;
	bool three = super->major == 3;
	unsigned at = three ? 16 : 4, bytes = long_ ? 5 : 4;
	uint64_t size, offset;

	fields_split(head_number(head, at, bytes, super->endian), 8 * bytes, 8 * bytes - 13,
		     super->endian, &size, &offset);
	at += bytes + (three ? 0 : 4);
	ret->listing.block =
		super->directory_table + head_number(head, at, three ? 4 : 3, super->endian);
	ret->listing.offset = (uint32_t)offset;
	/* version 3 counts three bytes more, for "." and ".." */
	ret->bytes = !three ? size : size < 3 ? 0 : size - 3;
}

static size_t inode_size(unsigned type, bool three)
{
	switch (type) {
	case TYPE_FILE:
		return three ? 32 : 24;
	case TYPE_FILE_LONG:
		return three ? 40 : 0;
	case TYPE_DIRECTORY:
		return three ? 24 : 15;
	case TYPE_DIRECTORY_LONG:
		return three ? 25 : 16;
	case TYPE_LINK:
		return three ? 18 : 6;
	default:
		return 0;
	}
}

/* Reads the inode at CURSOR and moves it behind the members of fixed size. Type 0:
 * something that has no bytes, such as a device. */
static bool inode_read(struct old *old, struct old_cursor *cursor, struct inode *ret,
		       struct error *error)
{
	const struct squashfs_super *super = &old->squashfs->super;
	bool three = super->major == 3;
	unsigned first = three ? HEAD_3 : HEAD_2;
	uint8_t bytes[INODE_MOST] = {0};
	struct span head = span_from(bytes, sizeof bytes);
	uint64_t type, mode;

	*ret = (struct inode){0};
	if (!old_read(old, cursor, bytes, first, error))
		return false;
	fields_split(head_u16(head, 0, super->endian), 16, 4, super->endian, &type, &mode);

	size_t size = inode_size((unsigned)type, three);
	if (size == 0)
		return true;
	if (!old_read(old, cursor, bytes + first, size - first, error))
		return false;
	ret->type = (unsigned)type;
	if (type == TYPE_LINK)
		ret->bytes = head_u16(head, three ? 16 : 4, super->endian);
	else if (type == TYPE_FILE || type == TYPE_FILE_LONG)
		inode_file(old, head, type == TYPE_FILE_LONG, ret);
	else
		inode_directory(old, head, type == TYPE_DIRECTORY_LONG, ret);
	return true;
}

static bool old_file(struct old *old, const char *path, struct inode *inode,
		     struct old_cursor *cursor, struct error *error)
{
	struct squashfs *squashfs = old->squashfs;
	struct wanted *file = &inode->file;
	enum want want = place_want(&squashfs->walk, path, file->size);

	if (!bytes_wanted(want))
		return place_entry(&squashfs->walk, path, ENTRY_FILE, NULL, (struct span){0},
				   file->size, want, error);
	file->path = arena_string(&squashfs->arena, span_text(path));
	file->want = want;
	if (file->size <= LIMIT_FILE) {
		size_t bytes = file->block_count * sizeof(uint32_t);
		uint8_t *list = arena_raw(&squashfs->arena, bytes);
		uint32_t *blocks = arena_raw(&squashfs->arena, bytes);

		if (!old_read(old, cursor, list, bytes, error))
			return false;
		for (size_t i = 0; i < file->block_count; i++)
			blocks[i] = head_u32(span_from(list, bytes), 4 * i, squashfs->super.endian);
		file->blocks = blocks;
	}
	return squashfs_collect(squashfs, old->wanted, *file, error);
}

static bool old_link(struct old *old, const char *path, const struct inode *inode,
		     struct old_cursor *cursor, struct error *error)
{
	const struct place *place = &old->squashfs->walk;
	uint8_t *target = arena_raw(place->scratch, inode->bytes + 1);

	if (!old_read(old, cursor, target, inode->bytes, error))
		return false;
	target[inode->bytes] = 0;
	return place_entry(place, path, ENTRY_LINK, (const char *)target, (struct span){0}, 0,
			   place_want(place, path, 0), error);
}

static bool old_directory(struct old *old, const char *path, const struct inode *inode,
			  struct below_list *below, struct error *error)
{
	const struct place *place = &old->squashfs->walk;
	enum want want = place_want(place, arena_format(place->scratch, "%s/", path), 0);

	if (want == WANT_NOTHING)
		return true;
	*array_add(&below->arena, below) = (struct below){
		.path = arena_string(&below->arena, span_text(path)), .inode = *inode};
	return place_entry(place, path, ENTRY_DIRECTORY, NULL, (struct span){0}, 0, want, error);
}

static bool old_inode(struct old *old, const char *path, struct old_cursor cursor,
		      struct below_list *below, struct error *error)
{
	struct inode inode;

	if (!inode_read(old, &cursor, &inode, error))
		return false;
	switch (inode.type) {
	case TYPE_FILE:
	case TYPE_FILE_LONG:
		return old_file(old, path, &inode, &cursor, error);
	case TYPE_LINK:
		return old_link(old, path, &inode, &cursor, error);
	case TYPE_DIRECTORY:
	case TYPE_DIRECTORY_LONG:
		return old_directory(old, path, &inode, below, error);
	default:
		return true;
	}
}

/* A listing is a sequence of headers, each with the entries of inodes in one metadata block:
 *
 *   header, version 2   0 u8 entries - 1   1 u24 block of the inodes
 *   header, version 3   0 u8 entries - 1   1 u32 block of the inodes   5 number
 *   entry, version 2    0 u16 offset (13 bits), type (3)   2 u8 size of the name - 1   3 name
 *   entry, version 3    the same, and 3 u16 difference of the number   5 name */
static bool old_entry(struct old *old, struct old_cursor *at, uint64_t inodes, const char *path,
		      uint64_t *left, struct below_list *below, struct error *error)
{
	const struct squashfs_super *super = &old->squashfs->super;
	unsigned size = super->major == 3 ? 5 : 3;
	uint8_t bytes[5 + 256];
	struct span head = span_from(bytes, sizeof bytes);
	uint64_t offset, type;

	arena_reset(&old->squashfs->scratch);
	if (!old_read(old, at, bytes, size, error))
		return *path && within(error, "%s", path);

	unsigned name = head_u8(head, 2) + 1u;
	if (*left < size + name)
		return fail(error,
			    "%s%sdata corrupted: a name reaches beyond the end of the directory",
			    path, *path ? ": " : "");
	*left -= size + name;
	if (!old_read(old, at, bytes + size, name, error))
		return *path && within(error, "%s", path);
	fields_split(head_u16(head, 0, super->endian), 16, 13, super->endian, &offset, &type);

	const char *entry =
		path_child(&old->squashfs->scratch, path, span_from(bytes + size, name), error);
	if (!entry)
		return *path && within(error, "%s", path);
	if (++old->entries > LIMIT_ENTRIES)
		return fail(error, "more than %d files", LIMIT_ENTRIES);
	return old_inode(old, entry,
			 (struct old_cursor){super->inode_table + inodes, (uint32_t)offset}, below,
			 error) ||
	       within(error, "%s", entry);
}

static bool old_listing(struct old *old, const char *path, const struct inode *inode,
			struct below_list *below, struct error *error)
{
	const struct squashfs_super *super = &old->squashfs->super;
	bool three = super->major == 3;
	unsigned size = three ? 9 : 4;
	struct old_cursor at = inode->listing;
	uint64_t left = inode->bytes;
	uint8_t bytes[9];

	while (left > 0) {
		struct span head = span_from(bytes, size);

		if (left < size)
			return fail(error, "%s%sdata corrupted: the directory ends in a header",
				    path, *path ? ": " : "");
		if (!old_read(old, &at, bytes, size, error))
			return *path && within(error, "%s", path);
		left -= size;

		uint64_t inodes = head_number(head, 1, three ? 4 : 3, super->endian);
		for (unsigned i = 0; i <= head_u8(head, 0); i++)
			if (!old_entry(old, &at, inodes, path, &left, below, error))
				return false;
	}
	return true;
}

static bool old_walk(struct old *old, const char *path, const struct inode *inode,
		     const struct level *above, struct error *error)
{
	__attribute__((cleanup(below_close))) struct below_list below = {0};
	struct level level = {
		.above = above, .listing = inode->listing, .depth = above ? above->depth + 1 : 0};

	for (const struct level *up = above; up; up = up->above)
		if (inode->bytes > 0 && up->listing.block == level.listing.block &&
		    up->listing.offset == level.listing.offset)
			return fail(error, "%s: contains itself", path);
	if (level.depth > LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);
	if (inode->bytes > 0 && !squashfs_listing_claim(old->squashfs, path, inode->listing.block,
							inode->listing.offset, error))
		return false;
	if (!old_listing(old, path, inode, &below, error))
		return false;
	array_each(next, &below)
		if (!old_walk(old, next->path, &next->inode, &level, error))
			return false;
	return true;
}

bool squashfs_old_walk(struct squashfs *squashfs, struct wanted_list *wanted, struct error *error)
{
	struct old *old = arena_new(&squashfs->arena, struct old);
	struct old_cursor root = {squashfs->super.inode_table + (squashfs->super.root >> 16),
				  (uint32_t)(squashfs->super.root & 0xffff)};
	struct inode inode;

	old->squashfs = squashfs;
	old->wanted = wanted;
	if (!inode_read(old, &root, &inode, error))
		return within(error, "root directory");
	if (inode.type != TYPE_DIRECTORY && inode.type != TYPE_DIRECTORY_LONG)
		return fail(error, "root directory: listed as a directory, but it is not one");
	return old_walk(old, "", &inode, NULL, error);
}

/* SPDX-License-Identifier: ISC */
/* Reads UFS1 and UFS2 file systems of either byte order: walks the directories and
 * hands on files and links (format: FreeBSD sys/ufs/ufs/dir.h). */
#include "unpack/filesystem/ufs.h"

#include "base/array.h"

#include <string.h>

/* A directory is a row of blocks of 512 bytes; entries fill each of them and never cross into
 * the next one:
 *
 *   0x00 u32 inode, 0: unused   0x04 u16 size of the entry   0x06 u8 type   0x07 u8 size of the
 *   name   0x08 the name, then NUL to a multiple of 4
 *
 * In the old format the size of the name is a u16 at 6. A whiteout (type 14) of a union mount has
 * inode 1. */
enum { ENTRY_HEAD = 8, DIRECTORY_BLOCK = 512, TYPE_WHITEOUT = 14 };
enum { MODE_KIND = 0170000, MODE_DIRECTORY = 0040000, MODE_FILE = 0100000, MODE_LINK = 0120000 };

struct ufs_name {
	const char *text;
	size_t size; /* also counts what follows a NUL */
	uint32_t inode;
};

struct ufs_names {
	struct arena *arena;
	struct ufs_name *list;
	size_t count, room;
};

struct ufs_walk {
	const struct ufs *ufs;
	const struct place *place;
	struct arena scratch; /* for one file */
	uint8_t *seen; /* a bit for each inode: a directory that was walked */
	size_t entries;
};

static bool ufs_probe(struct span bytes)
{
	struct ufs ufs;

	return ufs_here(bytes, &ufs);
}

/* ---- directories ---- */

static bool entry_read(struct ufs_walk *walk, struct span listing, uint64_t at, uint64_t *ret_size,
		       struct ufs_names *names, struct error *error)
{
	enum endian endian = walk->ufs->endian;
	uint64_t left = DIRECTORY_BLOCK - at % DIRECTORY_BLOCK;
	struct span head, name;

	if (!span_cut(listing, at, ENTRY_HEAD, &head))
		return fail(error, "the directory ends inside of an entry: data corrupted");

	uint32_t inode = head_u32(head, 0, endian);
	uint64_t size = head_u16(head, 4, endian);
	uint64_t length = walk->ufs->old_names ? head_u16(head, 6, endian) : head_u8(head, 7);
	bool whiteout = !walk->ufs->old_names && head_u8(head, 6) == TYPE_WHITEOUT;

	if (size < ENTRY_HEAD || size % 4 || size > left || length > size - ENTRY_HEAD ||
	    !span_cut(listing, at + ENTRY_HEAD, length, &name))
		return fail(error, "the directory's entry at 0x%llx is damaged: data corrupted",
			    (unsigned long long)at);
	*ret_size = size;
	if (inode == 0 || whiteout || span_is(name, ".") || span_is(name, ".."))
		return true;
	if (++walk->entries > LIMIT_ENTRIES)
		return fail(error, "more than %d entries", LIMIT_ENTRIES);
	*array_add(names->arena, names) =
		(struct ufs_name){arena_string(names->arena, name), name.size, inode};
	return true;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(((const struct ufs_name *)a)->text, ((const struct ufs_name *)b)->text);
}

static bool names_read(struct ufs_walk *walk, const struct ufs_inode *inode, struct ufs_names *ret,
		       struct error *error)
{
	_cleanup_arena_ struct arena bytes = {0};
	struct span listing;
	uint64_t size = 0;

	if (inode->size > LIMIT_DIRECTORY_BYTES)
		return fail(error, "the directory has %llu bytes, more than the limit",
			    (unsigned long long)inode->size);
	if (!place_account(walk->place, inode->size, error) ||
	    !ufs_contents(walk->ufs, inode, &bytes, &listing, error))
		return false;
	for (uint64_t at = 0; at < listing.size; at += size)
		if (!entry_read(walk, listing, at, &size, ret, error))
			return false;
	array_sort(ret, name_compare);
	for (size_t i = 1; i < ret->count; i++)
		if (strcmp(ret->list[i - 1].text, ret->list[i].text) == 0)
			return fail(error, "it contains a name twice: data corrupted");
	return true;
}

static bool link_visit(struct ufs_walk *walk, const struct ufs_inode *inode, const char *path,
		       struct error *error)
{
	enum want want = place_want(walk->place, path, 0);
	struct span target;

	if (want == WANT_NOTHING)
		return true;
	if (inode->size > LIMIT_NAME)
		return fail(error, "the target of the link is too long");
	/* as the kernel does: no sectors means that the target can only be
	 * in the inode */
	if (inode->size < walk->ufs->link_most || inode->sectors == 0) {
		if (!span_cut(inode->area, 0, inode->size, &target))
			return fail(error, "the target of the link does not fit into its inode");
	} else if (!ufs_contents(walk->ufs, inode, &walk->scratch, &target, error)) {
		return false;
	}
	return place_entry(walk->place, path, ENTRY_LINK, arena_string(&walk->scratch, target),
			   (struct span){NULL, 0}, 0, want, error);
}

/* ---- the tree ---- */

static bool directory_walk(struct ufs_walk *walk, const struct ufs_inode *inode, const char *path,
			   unsigned depth, struct error *error);

static bool directory_visit(struct ufs_walk *walk, const struct ufs_inode *inode, const char *path,
			    unsigned depth, struct error *error)
{
	enum want want = place_want(walk->place, arena_format(&walk->scratch, "%s/", path), 0);

	if (want == WANT_NOTHING)
		return true;
	if (depth >= LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);
	return place_entry(walk->place, path, ENTRY_DIRECTORY, NULL, (struct span){NULL, 0}, 0,
			   want, error) &&
	       directory_walk(walk, inode, path, depth + 1, error);
}

static bool name_visit(struct ufs_walk *walk, const struct ufs_name *name, const char *path,
		       unsigned depth, struct error *error)
{
	struct span bytes = {NULL, 0};
	struct ufs_inode inode;
	enum want want;
	bool ok = true;

	arena_reset(&walk->scratch);
	if (!ufs_inode_read(walk->ufs, name->inode, &inode, error))
		return within(error, "%s", path);
	switch (inode.mode & MODE_KIND) {
	case MODE_DIRECTORY:
		return directory_visit(walk, &inode, path, depth, error);
	case MODE_FILE:
		ok = place_want_file(walk->place, path, inode.size, &want, error) &&
		     (!bytes_wanted(want) ||
		      ufs_contents(walk->ufs, &inode, &walk->scratch, &bytes, error)) &&
		     place_entry(walk->place, path, ENTRY_FILE, NULL, bytes, inode.size, want,
				 error);
		break;
	case MODE_LINK:
		ok = link_visit(walk, &inode, path, error);
	}
	return ok || within(error, "%s", path);
}

/* A directory has one name only. With a second one the tree would have a loop, or more
 * paths than inodes. */
static bool directory_walk(struct ufs_walk *walk, const struct ufs_inode *inode, const char *path,
			   unsigned depth, struct error *error)
{
	uint8_t bit = (uint8_t)(1u << inode->number % 8);
	_cleanup_arena_ struct arena listing = {0}, paths = {0};
	struct ufs_names names = {.arena = &listing};

	if (walk->seen[inode->number / 8] & bit)
		return fail(error, "/%s: inode %u is a directory in two places: data corrupted",
			    path, inode->number);
	walk->seen[inode->number / 8] |= bit;
	if (!names_read(walk, inode, &names, error))
		return within(error, "/%s", path);
	array_each(name, &names) {
		arena_reset(&paths);
		const char *below =
			path_child(&paths, path, span_from(name->text, name->size), error);
		if (!below)
			return within(error, "/%s", path);
		if (!name_visit(walk, name, below, depth, error))
			return false;
	}
	return true;
}

static bool tree_read(const struct place *place, const struct ufs *ufs, const char *what,
		      struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	struct ufs_walk walk = {.ufs = ufs};
	struct place inner;

	place_layout(place, 0, ufs->size * ufs->fragment, "ufs",
		     arena_format(place->scratch, "UFS%u, %s endian, %u byte blocks%s",
				  ufs->version, ufs->endian == ENDIAN_LITTLE ? "little" : "big",
				  ufs->block, ufs->clean ? "" : ", not unmounted"));
	if (!place_enter(place, 0, what, &inner, error))
		return false;
	inner.volume = place_volume(place);
	inner.scratch = &walk.scratch;
	walk.place = &inner;
	walk.seen = arena_get(&arena, (uint64_t)ufs->groups * ufs->group_inodes / 8 + 1);

	struct ufs_inode root;
	bool ok = ufs_inode_read(ufs, UFS_ROOT, &root, error);

	if (ok && (root.mode & MODE_KIND) != MODE_DIRECTORY)
		ok = fail(error, "inode 2 is not a directory: data corrupted");
	ok = ok && directory_walk(&walk, &root, "", 0, error);
	arena_free(&walk.scratch);
	return ok;
}

static bool ufs_read(const struct place *place, struct span bytes, struct error *error)
{
	const char *what = place_at(place, "ufs", place->offset);
	struct ufs ufs;

	if (!ufs_here(bytes, &ufs))
		return fail(error, "%s: it has no super block", what);
	if (!ufs_check(&ufs, error))
		return within(error, "super block at 0x%llx", (unsigned long long)ufs.super) ||
		       within(error, "%s", what);
	return tree_read(place, &ufs, what, error) || within(error, "%s", what);
}

const struct format format_ufs = {.kind = "ufs", .probe = ufs_probe, .read = ufs_read};

/* SPDX-License-Identifier: ISC */
/* Walks the directory tree of UBIFS, JFFS2 or cramfs from the names that the reader
 * of the file system collected, and reports what overlayfs hides by whiteouts
 * and opaque directories. */
#include "unpack/filesystem/logfs.h"

#include "base/array.h"
#include "unpack/place.h"

#include <string.h>

bool logfs_enter(struct logfs *fs, const struct place *place, const char *what, void *context,
		 struct error *error)
{
	if (!place_enter(place, 0, what, &fs->place, error))
		return false;
	fs->place.volume = place_volume(place);
	fs->place.scratch = &fs->scratch;
	fs->context = context;
	return true;
}

bool logfs_add(struct logfs *fs, struct span name, struct logfs_name about, struct error *error)
{
	if (fs->names.count >= LIMIT_ENTRIES)
		return fail(error, "more than %d names", LIMIT_ENTRIES);
	if (name.size == 0 || memchr(name.data, 0, name.size) || memchr(name.data, '/', name.size))
		return fail(error, "it contains an invalid name: data corrupted");
	about.text = arena_string(&fs->arena, name);
	*array_add(&fs->arena, &fs->names) = about;
	return true;
}

static int name_compare(const void *a, const void *b)
{
	const struct logfs_name *x = a, *y = b;
	int order;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	order = strcmp(x->text, y->text);
	if (order)
		return order;
	return x->version > y->version ? -1 : x->version < y->version;
}

static bool file_visit(struct logfs *fs, const struct logfs_name *name, const char *path,
		       struct error *error)
{
	bool link = name->kind == LOGFS_LINK;
	const char *target = NULL;
	struct span bytes = {NULL, 0};
	uint64_t size;
	enum want want;

	if (!fs->size(fs->context, name->inode, &size, error))
		return false;
	want = place_want(&fs->place, path, link ? 0 : size);
	if (want == WANT_NOTHING)
		return true;
	if (size > (link ? (uint64_t)LIMIT_NAME : LIMIT_FILE))
		return fail(error, "%llu bytes, more than the limit", (unsigned long long)size);
	if (link || want != WANT_NAME)
		if (!place_account(&fs->place, size, error) ||
		    !fs->read(fs->context, name->inode, size, &bytes, error))
			return false;
	if (link) {
		target = arena_string(&fs->scratch, bytes);
		bytes = (struct span){NULL, 0};
	}
	return place_entry(&fs->place, path, link ? ENTRY_LINK : ENTRY_FILE, target, bytes,
			   link ? 0 : size, want, error);
}

static bool link_shadow(struct logfs *fs, uint64_t inode, enum shadow_kind *ret,
			struct error *error)
{
	static const char whiteout[] = "(overlay-whiteout)";
	struct span target = {NULL, 0};
	uint64_t size;

	*ret = SHADOW_LINK;
	if (!fs->size(fs->context, inode, &size, error))
		return false;
	if (size == sizeof whiteout - 1 && !fs->read(fs->context, inode, size, &target, error))
		return false;
	if (span_is(target, whiteout))
		*ret = SHADOW_WHITEOUT;
	return true;
}

static bool shadow_kind_of(struct logfs *fs, const struct logfs_name *name, enum shadow_kind *ret,
			   struct error *error)
{
	bool zero = false;

	switch (name->kind) {
	case LOGFS_DIRECTORY:
		*ret = fs->mark(fs->context, name->inode) == LOGFS_OPAQUE ? SHADOW_OPAQUE
									  : SHADOW_DIRECTORY;
		return true;
	case LOGFS_FILE:
		*ret = SHADOW_FILE;
		return true;
	case LOGFS_LINK:
		return link_shadow(fs, name->inode, ret, error);
	case LOGFS_DEVICE:
		if (!fs->zero(fs->context, name->inode, &zero, error))
			return false;
		*ret = zero ? SHADOW_WHITEOUT : SHADOW_OTHER;
		return true;
	case LOGFS_OTHER:
		break;
	}
	*ret = SHADOW_OTHER;
	return true;
}

static bool shadow_tell(struct logfs *fs, const struct logfs_name *name, const char *path,
			struct error *error)
{
	struct shadow shadow = {.path = path, .volume = fs->place.volume};
	const struct visitor *visitor = fs->place.run->visitor;

	if (!fs->mark || !visitor->shadow)
		return true;
	if (!shadow_kind_of(fs, name, &shadow.kind, error))
		return within(error, "%s", path);
	if (fs->mark(fs->context, name->inode) == LOGFS_MOVED)
		place_unread(&fs->place,
			     "%s: moved by overlayfs (redirect or metacopy), which is not followed",
			     path);
	shadow.witness = arena_format(&fs->scratch, "%s: %s", fs->place.witness, path);
	visitor->shadow(visitor->context, &shadow);
	return true;
}

static bool directory_walk(struct logfs *fs, uint64_t inode, const char *path, unsigned depth,
			   struct error *error)
{
	_cleanup_arena_ struct arena paths = {0};

	if (depth > LIMIT_DIRECTORIES)
		return fail(error, "more than %d directories deep", LIMIT_DIRECTORIES);
	for (size_t i = array_lower(name, &fs->names, name->parent < inode);
	     i < fs->names.count && fs->names.list[i].parent == inode; i++) {
		const struct logfs_name *name = &fs->names.list[i];

		arena_reset(&paths);
		const char *below = path_child(&paths, path, span_text(name->text), error);
		if (!below)
			return *path && within(error, "%s", path);
		/* a device that lost power while it renamed a directory may have both names */
		if (++fs->visited > 2 * fs->names.count)
			return fail(error, "%s: its directories have several names: data corrupted",
				    below);
		arena_reset(&fs->scratch);
		if (!shadow_tell(fs, name, below, error))
			return false;
		if ((name->kind == LOGFS_FILE || name->kind == LOGFS_LINK) &&
		    !file_visit(fs, name, below, error))
			return within(error, "%s", below);
		if (name->kind != LOGFS_DIRECTORY)
			continue;

		enum want want =
			place_want(&fs->place, arena_format(&fs->scratch, "%s/", below), 0);
		if (want != WANT_NOTHING &&
		    (!place_entry(&fs->place, below, ENTRY_DIRECTORY, NULL, (struct span){NULL, 0},
				  0, want, error) ||
		     !directory_walk(fs, name->inode, below, depth + 1, error)))
			return false;
	}
	return true;
}

static int number_compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void logfs_named(struct logfs *fs, uint64_t root, const uint64_t *inodes, size_t count)
{
	size_t names = fs->names.count;
	uint64_t *named = arena_raw(&fs->arena, names * sizeof *named + 1);

	for (size_t i = 0; i < names && !fs->changed; i++) {
		named[i] = fs->names.list[i].inode;
		fs->changed = named[i] == 0;
	}
	if (fs->changed)
		return;
	if (names > 0)
		qsort(named, names, sizeof *named, number_compare);
	for (size_t i = 0; i < count + names; i++) {
		const uint64_t *inode = i < count ? &inodes[i] : &fs->names.list[i - count].parent;

		if (*inode == root || bsearch(inode, named, names, sizeof *named, number_compare))
			continue;
		place_unread(&fs->place, "inode %llu has no name: truncated or data corrupted",
			     (unsigned long long)*inode);
		return;
	}
}

bool logfs_walk(struct logfs *fs, uint64_t root, struct error *error)
{
	const struct logfs_name *last = NULL;
	size_t kept = 0;

	array_sort(&fs->names, name_compare);
	array_each(name, &fs->names) {
		struct logfs_name one = *name;
		bool older =
			last && last->parent == one.parent && strcmp(last->text, one.text) == 0;

		last = name;
		if (!older && one.inode != 0)
			fs->names.list[kept++] = one;
	}
	fs->names.count = kept;
	/* every name leads to an inode, whether it is asked for or not */
	array_each(name, &fs->names) {
		struct error why = {0};
		uint64_t size;

		if (!fs->size(fs->context, name->inode, &size, &why)) {
			place_unread(&fs->place, "%s: %s", name->text, why.text);
			break;
		}
	}
	return directory_walk(fs, root, "", 0, error);
}

void logfs_free(struct logfs *fs)
{
	arena_free(&fs->arena);
	arena_free(&fs->scratch);
}

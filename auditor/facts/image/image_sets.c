/* SPDX-License-Identifier: ISC */
/* Joins the distribution sets of a FreeBSD release, as its installer does, compares
 * them with the sums in MANIFEST, and says that the database of pkg(8) is not read. */
#include "facts/image/image_parts.h"

#include "base/text.h"
#include "unpack/file.h"

#include <string.h>
#include <sys/stat.h>

/* A row of MANIFEST (FreeBSD release/scripts/make-manifest.sh), fields separated by tabs:
 *
 *   kernel.txz  sha256 in hex  number of files  name  "description"  on or off
 *
 * False if no row is left. */
static bool row_next(struct span *manifest, struct span *name, struct span *sum)
{
	struct span line, rest;

	while (span_line(manifest, &line))
		if (span_split(line, '\t', name, &rest) && span_split(rest, '\t', sum, &rest))
			return true;
	return false;
}

static void sum_check(struct image_reading *reading, const struct found_file *manifest,
		      const char *path, const char *sha256)
{
	struct span rest = manifest->bytes, name, value, sum = {NULL, 0};

	while (row_next(&rest, &name, &value))
		if (span_is(name, path_last(path))) {
			sum = value;
			break;
		}
	if (sum.size == 0)
		image_remark(reading, "%s: it has no sum of %s", manifest->witness, path);
	else if (!span_is(sum, sha256))
		image_unread(reading,
			     "%s: its sha256 is %s, but %s states %s: data corrupted, or of "
			     "another release",
			     path, sha256, manifest->path,
			     arena_string(reading->arena, span_head(sum, 64)));
}

/* ---- what is in the directory of a MANIFEST ---- */

static bool is_beside(const struct found_file *manifest, const char *path, unsigned volume)
{
	size_t folder = (size_t)(path_last(manifest->path) - manifest->path);

	return manifest->volume == volume && strncmp(manifest->path, path, folder) == 0 &&
	       path_last(path) == path + folder;
}

enum { SETS_NAMED = 8 };

static void absent_remark(struct image_reading *reading, const struct found_file *manifest,
			  const struct strings *opened, const struct strings *others)
{
	struct span rest = manifest->bytes, name, sum;
	struct strings absent = {0};

	while (row_next(&rest, &name, &sum)) {
		const char *text = arena_string(reading->arena, name);

		if (!strings_find(opened, text) && !strings_find(others, text))
			*array_add(reading->arena, &absent) = text;
	}
	strings_unique(&absent);
	if (absent.count > 0)
		image_remark(reading, "%s: it names sets that are not here: %s", manifest->witness,
			     strings_join(reading->arena, &absent, SETS_NAMED));
	if (others->count > 0)
		image_remark(
			reading,
			"%s: sets without a kernel and modules, which are not opened and whose "
			"sums are not compared: %s",
			manifest->witness, strings_join(reading->arena, others, SETS_NAMED));
}

static void manifest_check(struct image_reading *reading, const struct found_file *manifest)
{
	struct strings opened = {0}, others = {0}; /* the names of sets in its directory */

	if (manifest->size > manifest->bytes.size) {
		image_unread(reading, "%s: larger than the limit: %llu bytes", manifest->witness,
			     (unsigned long long)manifest->size);
		return;
	}
	for (size_t i = 0; i < POOL_MOST; i++) {
		array_each(set, &reading->workers[i].sets)
			if (is_beside(manifest, set->path, set->volume)) {
				*array_add(reading->arena, &opened) = path_last(set->path);
				sum_check(reading, manifest, set->path, set->sha256);
			}
		array_each(file, &reading->workers[i].files)
			if (file->kept == KEPT_SET && is_beside(manifest, file->path, file->volume))
				*array_add(reading->arena, &others) = path_last(file->path);
	}
	strings_unique(&opened);
	strings_unique(&others);
	if (opened.count + others.count > 0)
		absent_remark(reading, manifest, &opened, &others);
}

/* ---- one root file system of several sets ---- */

/* The sets of one directory. */
struct group {
	struct found_set first;
	struct map paths; /* of modules and linker.hints: the number of the set */
	struct map sets;
	bool apart; /* two of them have the same file */
};

struct groups {
	struct group *list;
	size_t count, room;
	struct map numbers;
};

/* Above the numbers that the unpacker gives. */
#define SETS_VOLUME 0x40000000u

static uint32_t group_of(struct arena *arena, struct groups *groups, const struct found_set *set)
{
	const char *key = arena_format(arena, "%u %.*s", set->volume,
				       (int)(path_last(set->path) - set->path), set->path);
	uint32_t number = map_put(&groups->numbers, arena, key, (uint32_t)groups->count);

	if (number == groups->count)
		array_add(arena, groups)->first = *set;
	return number;
}

static int set_compare(const void *a, const void *b)
{
	const struct found_set *x = a, *y = b;

	return x->volume != y->volume ? (x->volume > y->volume) - (x->volume < y->volume)
				      : strcmp(x->path, y->path);
}

static void path_note(struct arena *arena, struct groups *groups, const struct found_set *set,
		      const char *path)
{
	struct group *group = &groups->list[group_of(arena, groups, set)];
	uint32_t own = map_put(&group->sets, arena, set->path, (uint32_t)group->sets.count);

	group->apart |= map_put(&group->paths, arena, path, own) != own;
}

static void volume_set(struct image_reading *reading, struct groups *groups,
		       const struct found_set *set, unsigned *volume)
{
	if (!set->path)
		return;

	uint32_t number = group_of(reading->arena, groups, set);

	if (!groups->list[number].apart)
		*volume = SETS_VOLUME + number;
}

/* The installer unpacks all sets into one tree. Packages of several versions are
 * no such sets. */
static void sets_join(struct image_reading *reading)
{
	struct groups groups = {0};
	struct found_sets sets = {0};

	/* the order of the groups must not depend on threads */
	for (size_t i = 0; i < POOL_MOST; i++)
		array_append(reading->arena, &sets, &reading->workers[i].sets);
	array_sort(&sets, set_compare);
	array_each(set, &sets)
		group_of(reading->arena, &groups, set);
	for (size_t i = 0; i < POOL_MOST; i++) {
		array_each(found, &reading->workers[i].modules)
			if (found->set.path)
				path_note(reading->arena, &groups, &found->set, found->module.path);
		array_each(file, &reading->workers[i].files)
			if (file->set.path && file->kept == KEPT_HINTS)
				path_note(reading->arena, &groups, &file->set, file->path);
	}
	for (size_t i = 0; i < POOL_MOST; i++) {
		array_each(found, &reading->workers[i].modules)
			volume_set(reading, &groups, &found->set, &found->volume);
		array_each(file, &reading->workers[i].files)
			volume_set(reading, &groups, &file->set, &file->volume);
	}
	array_each(group, &groups)
		if (group->apart)
			image_remark(reading,
				     "%s and sets or packages beside it have modules of the same "
				     "paths: each is a root file system of its own",
				     group->first.path);
}

void image_sets(struct image_reading *reading)
{
	for (size_t i = 0; i < POOL_MOST; i++) {
		struct found_files *files = &reading->workers[i].files;

		array_each(file, files) {
			if (file->kept == KEPT_PKG_DATABASE) {
				image_remark(reading,
					     "%s: not read: which packages are installed is not "
					     "known",
					     file->witness);
				reading->image->pkg_database = file->path;
			}
			/* links in a directory of sets are not followed */
			if (file->link && (file->kept == KEPT_SETS || dist_is_set(file->path)))
				image_unread(reading, "%s: a link to %s, which is not followed",
					     file->witness, file->target);
		}
		array_each(file, files)
			if (file->kept == KEPT_SETS && !file->link)
				manifest_check(reading, file);
	}
	sets_join(reading);
}

/* ---- an image that is a set ---- */

enum { MANIFEST_MOST = 1 << 20 };

void image_set_alone(struct image_reading *reading)
{
	const char *source = reading->image->source;
	const char *local = reading->options->local ? reading->options->local : source;
	const char *path = arena_format(reading->arena, "%.*sMANIFEST",
					(int)(path_last(local) - local), local);
	struct found_file manifest = {.path = path, .witness = path};
	struct stat status;
	struct error error;

	/* a fetched file and standard input are in no such directory */
	if (!reading->image->sha256 || !dist_is_set(path_last(local)) || stat(path, &status) != 0)
		return;
	if (!file_read(reading->arena, path, MANIFEST_MOST, &manifest.bytes, &error))
		image_unread(reading, "%s", error.text);
	else
		sum_check(reading, &manifest, source, reading->image->sha256);
}

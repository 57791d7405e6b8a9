/* SPDX-License-Identifier: ISC */
/* Walks a directory and collects the packages, modules and Packages files of a feed.
 * What has the name of one and is none (a pipe, a device, a link to nothing) is
 * collected, too: its reader says why it cannot be read. */
#include "facts/feed/feed_search.h"
#include "base/text.h"
#include "facts/feed/index.h"
#include "facts/catalogue/pkg_repo.h"
#include "facts/package/package_file.h"
#include "unpack/file.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct search {
	struct arena *arena;
	char root[PATH_MAX]; /* the resolved path, with which the targets of links are compared */
	struct feed_found *found;
	bool no_follow;
	size_t seen;
};

bool directory_names(struct arena *arena, const char *path, size_t most, size_t *seen,
		     struct strings *ret, struct error *error)
{
	_cleanup_directory_ DIR *directory = opendir(path);

	if (!directory)
		return fail(error, "%s: %s", path, strerror(errno));
	for (;;) {
		errno = 0;

		const struct dirent *entry = readdir(directory);
		if (!entry && errno)
			return fail(error, "%s: %s", path, strerror(errno));
		if (!entry)
			break;
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (++*seen > most)
			return fail(error, "%s: more than %zu files", path, most);
		*array_add(arena, ret) = arena_string(arena, span_text(entry->d_name));
	}
	array_sort(ret, strings_compare);
	return true;
}

/* Packages of FreeBSD before pkg 1.17 have the ending of their archive, which other
 * files of a directory have, too: the content decides. */
static bool is_package(const char *path)
{
	bool archive = text_ends(path, ".txz") || text_ends(path, ".tbz") ||
		       text_ends(path, ".tgz") || text_ends(path, ".tzst") ||
		       text_ends(path, ".tar");

	return !pkg_repo_is_path(path) &&
	       (package_kind_of(path) != KIND_OTHER || (archive && unpack_is_pkg(path)));
}

static void file_add(struct search *search, const char *path)
{
	if (index_is_path(path))
		*array_add(search->arena, &search->found->indexes) =
			(struct feed_index){path, NULL};
	else if (pkg_meta_is_path(path))
		*array_add(search->arena, &search->found->metas) = path;
	else if (is_package(path))
		*array_add(search->arena, &search->found->files) = path;
}

static void left_out(struct search *search, const char *path, const char *why)
{
	*array_add(search->arena, &search->found->left) = (struct feed_left){path, why};
}

static void link_search(struct search *search, const char *path)
{
	struct stat status;
	bool there = stat(path, &status) == 0;

	if (there && S_ISDIR(status.st_mode)) {
		/* a folder of the feed itself is searched where it is */
		if (!path_leads_into(path, search->root))
			left_out(search, path,
				 "it is a link to a directory outside the feed, which is not "
				 "searched");
		return;
	}
	if (search->no_follow && (index_is_path(path) || is_package(path)))
		left_out(search, path, "it is a symbolic link, and --no-follow is given");
	else
		file_add(search, path);
}

static bool directory_search(struct search *search, const char *path, unsigned depth,
			     struct error *error)
{
	struct strings names = {0};

	if (depth > LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);
	if (!directory_names(search->arena, path, LIMIT_ENTRIES, &search->seen, &names, error))
		return false;
	array_each(name, &names) {
		const char *entry = arena_format(search->arena, "%s/%s", path, *name);
		struct stat status;

		if (lstat(entry, &status) != 0)
			return fail(error, "%s: %s", entry, strerror(errno));
		if (S_ISLNK(status.st_mode))
			link_search(search, entry);
		else if (!S_ISDIR(status.st_mode))
			file_add(search, entry);
		else if (!directory_search(search, entry, depth + 1, error))
			return false;
	}
	return true;
}

bool feed_search(struct arena *arena, const char *root, bool no_follow, struct feed_found *ret,
		 struct error *error)
{
	struct search search = {.arena = arena, .found = ret, .no_follow = no_follow};
	size_t size = strlen(root);

	*ret = (struct feed_found){0};
	if (!realpath(root, search.root))
		return fail(error, "%s: %s", root, strerror(errno));
	while (size > 1 && root[size - 1] == '/')
		size--;
	return directory_search(&search, arena_string(arena, span_from(root, size)), 0, error);
}

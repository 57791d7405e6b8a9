/* SPDX-License-Identifier: ISC */
/* Walks a directory and collects the packages, modules and Packages files of a feed, without
 * following links out of it except to packages. */
#include "facts/feed/feed_search.h"
#include "facts/feed/index.h"
#include "facts/package/package_file.h"
#include "unpack/limits.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct search {
	struct arena *arena;
	char root[PATH_MAX]; /* the resolved path, with which the targets of links are compared */
	struct strings *files, *indexes;
	size_t seen;
};

static void directory_close(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

static bool names_read(struct search *search, const char *path, struct strings *names,
		       struct error *error)
{
	__attribute__((cleanup(directory_close))) DIR *directory = opendir(path);

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
		if (++search->seen > LIMIT_ENTRIES)
			return fail(error, "%s: more than %d files", path, LIMIT_ENTRIES);
		*array_add(search->arena, names) =
			arena_string(search->arena, span_text(entry->d_name));
	}
	array_sort(names, strings_compare);
	return true;
}

static bool link_stays_inside(const struct search *search, const char *path)
{
	char target[PATH_MAX];
	size_t size = strlen(search->root);

	return realpath(path, target) && strncmp(target, search->root, size) == 0 &&
	       target[size] == '/';
}

/* Feeds often consist of links to packages elsewhere. A link out of the folder is followed only
 * if both its name and its target's name are those of a package. */
static bool link_is_package(const char *path)
{
	char target[PATH_MAX];

	return package_kind_of(path) == KIND_PACKAGE && realpath(path, target) &&
	       package_kind_of(target) == KIND_PACKAGE;
}

static void file_add(struct search *search, const char *path)
{
	if (index_is_path(path))
		*array_add(search->arena, search->indexes) = path;
	else if (package_kind_of(path) != KIND_OTHER)
		*array_add(search->arena, search->files) = path;
}

static bool directory_search(struct search *search, const char *path, unsigned depth,
			     struct error *error);

static bool entry_search(struct search *search, const char *path, unsigned depth,
			 struct error *error)
{
	struct stat status;

	if (lstat(path, &status) != 0)
		return fail(error, "%s: %s", path, strerror(errno));
	bool is_link = S_ISLNK(status.st_mode);
	if (S_ISDIR(status.st_mode))
		return directory_search(search, path, depth + 1, error);
	if (S_ISLNK(status.st_mode) && stat(path, &status) != 0) {
		/* a dangling link becomes a package that cannot be read */
		file_add(search, path);
		return true;
	}
	if (S_ISREG(status.st_mode) && is_link && !link_stays_inside(search, path) &&
	    !link_is_package(path))
		return true;
	if (S_ISREG(status.st_mode))
		file_add(search, path);
	return true;
}

static bool directory_search(struct search *search, const char *path, unsigned depth,
			     struct error *error)
{
	struct strings names = {0};

	if (depth > LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);
	if (!names_read(search, path, &names, error))
		return false;
	array_each(name, &names)
		if (!entry_search(search, arena_format(search->arena, "%s/%s", path, *name), depth,
				  error))
			return false;
	return true;
}

bool feed_search(struct arena *arena, const char *root, struct strings *files,
		 struct strings *indexes, struct error *error)
{
	struct search search = {.arena = arena, .files = files, .indexes = indexes};
	size_t size = strlen(root);

	if (!realpath(root, search.root))
		return fail(error, "%s: %s", root, strerror(errno));
	while (size > 1 && root[size - 1] == '/')
		size--;
	return directory_search(&search, arena_string(arena, span_from(root, size)), 0, error);
}

/* SPDX-License-Identifier: ISC */
/* Walks a directory of the host and hands its files and links to the visitor, without
 * following links. */
#include "base/array.h"
#include "unpack/file.h"
#include "unpack/beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The state of walking a directory. */
struct walk {
	const struct place *place;
	struct arena scratch; /* for one file */
	size_t entries;
	int fd; /* of the directory that is walked */
};

static bool walk_names(struct walk *walk, int fd, struct arena *arena, struct strings *names,
		       struct error *error)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_directory_ DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!dir) {
		int saved = errno;

		fd_close(&copy);
		return fail(error, "%s", strerror(saved));
	}
	while (errno = 0, (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (++walk->entries > LIMIT_ENTRIES)
			return fail(error, "more than %d files", LIMIT_ENTRIES);
		*array_add(arena, names) = arena_string(arena, span_text(entry->d_name));
	}
	if (errno != 0)
		return fail(error, "%s", strerror(errno));
	array_sort(names, strings_compare);
	return true;
}

static bool walk_link(struct walk *walk, int fd, const char *name, const char *path,
		      struct error *error)
{
	char target[4096];
	enum want want = place_want(walk->place, path, 0);

	if (want == WANT_NOTHING)
		return true;

	ssize_t size = readlinkat(fd, name, target, sizeof target - 1);

	if (size < 0)
		return fail(error, "%s", strerror(errno));
	target[size] = '\0';
	return place_entry(walk->place, path, ENTRY_LINK, target, (struct span){0}, 0, want, error);
}

static bool walk_file(struct walk *walk, int fd, const char *name, const char *path, uint64_t size,
		      struct error *error)
{
	_cleanup_file_ struct file file = {.fd = -1};
	enum want want = place_want(walk->place, path, size);
	struct span bytes = {0};

	if (want == WANT_NOTHING)
		return true;
	if (want != WANT_NAME) {
		if (!file_open(fd, name, O_NOFOLLOW, &file, error) ||
		    !file_bytes(&file, &walk->scratch, &bytes, error))
			return false;
		size = file.size;
	}
	/* limits for decoded bytes apply to each file separately */
	atomic_store(&walk->place->run->decoded, 0);
	walk->place->run->own = size;

	bool good = place_entry(walk->place, path, ENTRY_FILE, NULL, bytes, size, want, error);

	return file_kept(&file, error) && good;
}

static bool walk_directory(struct walk *walk, int fd, const char *path, unsigned depth,
			   struct error *error);

static bool walk_below(struct walk *walk, int at, const char *name, const char *path,
		       unsigned depth, struct error *error)
{
	char asked[LIMIT_NAME + 2];

	snprintf(asked, sizeof asked, "%s/", path);

	enum want want = place_want(walk->place, asked, 0);

	if (want == WANT_NOTHING)
		return true;
	if (depth >= LIMIT_DIRECTORIES)
		return fail(error, "%s: more than %d directories deep", path, LIMIT_DIRECTORIES);

	_cleanup_fd_ int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return fail(error, "%s: %s", path, strerror(errno));
	if (!place_entry(walk->place, path, ENTRY_DIRECTORY, NULL, (struct span){0}, 0, want,
			 error))
		return within(error, "%s", path);
	return walk_directory(walk, fd, path, depth + 1, error);
}

static bool walk_directory(struct walk *walk, int fd, const char *path, unsigned depth,
			   struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	struct strings names = {0};

	if (!walk_names(walk, fd, &arena, &names, error))
		return *path ? within(error, "%s", path) : false;
	array_each(name, &names) {
		const char *full = *path ? arena_format(&arena, "%s/%s", path, *name) : *name;
		struct stat status;
		bool ok = true;

		if (strlen(full) > LIMIT_NAME)
			return fail(error, "path is longer than %d bytes", LIMIT_NAME) ||
			       within(error, "%s", full);
		if (fstatat(fd, *name, &status, AT_SYMLINK_NOFOLLOW) != 0)
			return fail(error, "%s: %s", full, strerror(errno));
		if (S_ISDIR(status.st_mode) && !walk_below(walk, fd, *name, full, depth, error))
			return false;
		if (S_ISLNK(status.st_mode))
			ok = walk_link(walk, fd, *name, full, error);
		if (S_ISREG(status.st_mode))
			ok = walk_file(walk, fd, *name, full, (uint64_t)status.st_size, error);
		if (!ok)
			return within(error, "%s", full);
		arena_reset(&walk->scratch);
	}
	return true;
}

static bool tree_walk(void *context, struct error *error)
{
	struct walk *walk = context;

	walk->entries = 0;
	return walk_directory(walk, walk->fd, "", 0, error);
}

bool directory_read(const struct place *place, int fd, struct error *error)
{
	struct walk walk = {0};
	struct place inner;

	place_layout(place, 0, 0, "directory", NULL);
	if (!place_enter(place, 0, NULL, &inner, error))
		return false;
	inner.scratch = &walk.scratch;
	walk.place = &inner;
	walk.fd = fd;

	bool ok = beside_walk(&inner, true, tree_walk, &walk, error);

	arena_free(&walk.scratch);
	return ok;
}

/* SPDX-License-Identifier: ISC */
/* Writes a folder under a temporary name and renames it when it is complete; replaces
 * only an earlier vetted feed. */
#include "vet/feed_folder.h"

#include "base/text.h"
#include "facts/feed/feed.h"
#include "facts/feed/index.h"
#include "unpack/file.h"
#include "vet/apk_index_make.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INDEX_MOST = 64 << 20, OPEN_FILES = 16 };

static bool cannot(const struct feed_folder *folder, struct error *error)
{
	return fail(error, "%s: cannot write: %s", folder->path, strerror(errno));
}

static bool inputs_apart(struct arena *arena, const struct feed_folder *folder,
			 const struct strings *inputs, struct error *error)
{
	array_each(input, inputs) {
		const char *path = url_is_remote(*input) ? NULL : url_local(arena, *input);

		/* an index is read with the folder around it */
		if (path && index_is_path(path))
			path = path_folder(arena, path);

		const char *place = path ? path_real(arena, path) : NULL;

		if (!place)
			continue;
		if (strcmp(folder->place, place) == 0)
			return fail(error, "%s: is an input; name another folder", folder->path);
		if (path_is_in(folder->place, place))
			return fail(error,
				    "%s: lies inside the input %s; name a folder outside of it",
				    folder->path, *input);
		if (path_is_in(place, folder->place))
			return fail(error, "%s: contains the input %s; name another folder",
				    folder->path, *input);
	}
	return true;
}

/* BELOW is the path of a folder in a vetted feed. Its keys for opkg have names of at
 * most 16 hex digits, those for apk of 32 with the ending ".pem". */
static bool is_key(const char *below, const char *name)
{
	size_t size = strlen(name), digits = strspn(name, "0123456789abcdef");

	if (strcmp(below, "/" FEED_APK_KEYS) == 0)
		return digits == 32 && strcmp(name + digits, ".pem") == 0;
	return strcmp(below, "/" FEED_KEYS) == 0 && size <= 16 && digits == size;
}

struct looking {
	struct arena *arena;
	struct span index; /* Packages */
	struct strings packages; /* the files of packages.adb */
	const char *stranger; /* the first entry that a vetted feed does not have */
	size_t entries;
};

static bool look(struct looking *looking, const char *root, const char *below)
{
	/* the files that a vetted feed has besides its packages */
	static const char *const known[] = {"Packages",	    "Packages.gz", "Packages.manifest",
					    "Packages.sig", FEED_README,   "report.yaml",
					    FEED_APK_INDEX, NULL};
	const char *path = arena_format(looking->arena, "%s%s", root, below);
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (!directory)
		return false;
	while (!looking->stranger && (entry = readdir(directory))) {
		const char *name = entry->d_name;
		const char *under = arena_format(looking->arena, "%s/%s", below, name);
		const char *row = arena_format(looking->arena, "\nFilename: %s\n", name);

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		looking->entries++;
		if (path_is_in("/" FEED_KEYS, under) || path_is_in("/" FEED_APK_KEYS, under)
			    ? look(looking, root, under)
		    : *below ? is_key(below, name)
			     : text_among(name, known) ||
				       text_index(name, looking->packages.list,
						  looking->packages.count) <
					       looking->packages.count ||
				       span_find(looking->index, 0, span_text(row)) != SIZE_MAX)
			continue;
		/* or in UNDER one was found */
		if (!looking->stranger)
			looking->stranger = arena_string(looking->arena, span_text(under + 1));
	}
	closedir(directory);
	return !looking->stranger;
}

/* True if the existing folder is empty, or holds a vetted feed and nothing else. */
static bool place_free(struct arena *arena, struct feed_folder *folder, struct error *error)
{
	struct looking looking = {.arena = arena};
	struct error none;
	struct span mark = {0}, apk = {0};
	struct stat status;

	if (lstat(folder->place, &status) != 0)
		return errno == ENOENT || cannot(folder, error);
	if (!S_ISDIR(status.st_mode))
		return fail(error, "%s: is there and is not a folder", folder->path);
	file_read(arena, arena_format(arena, "%s/Packages", folder->place), INDEX_MOST,
		  &looking.index, &none);
	if (file_read(arena, arena_format(arena, "%s/" FEED_APK_INDEX, folder->place), INDEX_MOST,
		      &apk, &none))
		looking.packages = apk_index_files(arena, apk);
	file_read(arena, arena_format(arena, "%s/" FEED_README, folder->place), INDEX_MOST, &mark,
		  &none);
	bool known = look(&looking, folder->place, "");
	if (known && looking.entries == 0)
		return true;
	folder->replaces = true;
	return (known && span_starts(mark, FEED_MARK)) ||
	       fail(error, "%s: holds something else%s%s; name a new folder", folder->path,
		    looking.stranger ? ": " : "", text_or_empty(looking.stranger));
}

bool feed_folder_plan(struct arena *arena, const char *path, const struct strings *inputs,
		      struct feed_folder *ret, struct error *error)
{
	struct span clean = span_text(path);
	const char *parent, *name;

	while (clean.size > 1 && clean.data[clean.size - 1] == '/')
		clean.size--;
	*ret = (struct feed_folder){.path = arena_string(arena, clean)};
	name = path_last(ret->path);
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return fail(error, "%s: name a new folder", path);
	parent = path_real(arena, path_folder(arena, ret->path));
	if (!parent)
		return cannot(ret, error);
	ret->place = arena_format(arena, "%s/%s", strcmp(parent, "/") ? parent : "", name);
	return inputs_apart(arena, ret, inputs, error) && place_free(arena, ret, error);
}

static bool signal_waits(void)
{
	sigset_t waiting;

	return sigpending(&waiting) == 0 &&
	       (sigismember(&waiting, SIGINT) || sigismember(&waiting, SIGTERM) ||
		sigismember(&waiting, SIGHUP));
}

bool feed_folder_open(struct arena *arena, struct feed_folder *folder, struct error *error)
{
	char *temporary =
		arena_chars(arena, span_text(arena_format(arena, "%s.XXXXXX", folder->place)));
	mode_t mask = umask(0);
	sigset_t blocked;

	umask(mask);
	/* before the folder is there, so that no signal leaves it behind */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGHUP);
	sigprocmask(SIG_BLOCK, &blocked, &folder->signals);
	if (!mkdtemp(temporary)) {
		cannot(folder, error);
		sigprocmask(SIG_SETMASK, &folder->signals, NULL);
		return false;
	}
	folder->temporary = temporary;
	return chmod(temporary, 0777 & ~mask) == 0 || cannot(folder, error);
}

bool feed_folder_write(const struct feed_folder *folder, const char *name, struct span bytes,
		       struct error *error)
{
	struct arena arena _cleanup_arena_ = {0};
	const char *path = arena_format(&arena, "%s/%s", folder->temporary, name);
	int handle;

	if (signal_waits())
		return fail(error, "interrupted");
	for (const char *slash = strchr(path + strlen(folder->temporary) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		const char *parent = arena_string(&arena, span_from(path, (size_t)(slash - path)));

		if (mkdir(parent, 0777) != 0 && errno != EEXIST)
			return cannot(folder, error);
	}
	handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (handle < 0)
		return cannot(folder, error);

	bool good = fd_write(handle, bytes);
	int why = errno;
	if (close(handle) != 0 && good) {
		good = false;
		why = errno;
	}
	errno = why;
	return good || cannot(folder, error);
}

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void tree_remove(const char *path)
{
	nftw(path, entry_remove, OPEN_FILES, FTW_DEPTH | FTW_PHYS);
}

bool feed_folder_finish(struct feed_folder *folder, struct error *error)
{
	if (signal_waits())
		return fail(error, "interrupted");

	bool moved = (folder->replaces ? renameat2(AT_FDCWD, folder->temporary, AT_FDCWD,
						   folder->place, RENAME_EXCHANGE)
				       : rename(folder->temporary, folder->place)) == 0;

	if (!moved && folder->replaces && (errno == EINVAL || errno == ENOSYS)) {
		/* the file system cannot exchange two folders; feed_folder_plan() made sure
		 * that the place is a vetted feed */
		tree_remove(folder->place);
		moved = rename(folder->temporary, folder->place) == 0;
	}
	if (!moved)
		return cannot(folder, error);
	if (folder->replaces)
		tree_remove(folder->temporary);
	folder->temporary = NULL;
	sigprocmask(SIG_SETMASK, &folder->signals, NULL);
	return true;
}

void feed_folder_drop(struct feed_folder *folder)
{
	if (!folder->temporary)
		return;
	tree_remove(folder->temporary);
	folder->temporary = NULL;
	sigprocmask(SIG_SETMASK, &folder->signals, NULL);
}

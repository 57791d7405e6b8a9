/* SPDX-License-Identifier: ISC */
/* Fuzzes directory trees: the search of a feed's directory, and an image that is a directory. The
 * bytes are a recipe, one entry a line, which is made below a directory of its own:
 *
 *   d PATH    f PATH TEXT (| is the end of a line)    z PATH SIZE (zeros)    l PATH TARGET
 *   p PATH (a pipe)
 *
 * Paths and targets of links stay inside it. */
#include "facts/feed/feed.h"
#include "facts/image/image.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MOST = 48, PATH_MOST = 160, SIZE_MOST = 1 << 20 };

/* TEXT below the directory TOP, with its directories made; NULL if it is no path for that. */
static const char *place_of(struct arena *arena, const char *top, const char *text)
{
	char *path;

	if (!*text || *text == '/' || strlen(text) > PATH_MOST || strstr(text, ".."))
		return NULL;
	path = (char *)(uintptr_t)arena_format(arena, "%s/%s", top, text);
	for (char *slash = path + strlen(top) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	return path;
}

static void file_make(const char *path, const char *text, uint64_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	for (; *text; text++)
		if (write(fd, *text == '|' ? "\n" : text, 1) != 1)
			abort();
	if (size > 0 && ftruncate(fd, (off_t)(size % SIZE_MOST)) != 0)
		abort();
	close(fd);
}

static void entry_make(struct arena *arena, const char *top, struct span line)
{
	const char *text = arena_string(arena, line), *path;
	char *name, *rest;

	if (line.size < 3 || strlen(text) < 3 || text[1] != ' ')
		return;
	name = (char *)(uintptr_t)text + 2;
	rest = name + strcspn(name, " ");
	if (*rest)
		*rest++ = '\0';
	path = place_of(arena, top, name);
	if (!path)
		return;
	if (text[0] == 'd')
		mkdir(path, 0700);
	if (text[0] == 'f' || text[0] == 'z')
		file_make(path, text[0] == 'f' ? rest : "",
			  text[0] == 'z' ? strtoull(rest, NULL, 10) : 0);
	if (text[0] == 'l' && *rest && *rest != '/' && !strstr(rest, ".."))
		(void)!symlink(rest, path);
	if (text[0] == 'p')
		mkfifo(path, 0600);
}

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status, (void)kind, (void)walk;
	return remove(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span rest = span_from(data, size), line;
	char top[] = "/dev/shm/kmodaudit-tree-XXXXXX";
	const char *const paths[] = {top};
	struct image_options options = {.threads = 1};
	struct image image;
	struct feeds feeds;
	struct error error = {0};

	if (!mkdtemp(top))
		abort();
	for (unsigned i = 0; i < LINES_MOST && span_line(&rest, &line); i++)
		entry_make(&arena, top, line);
	image_read(&arena, top, &options, &image, &error);
	feeds_read(&arena, paths, 1, 1, &feeds, &error);
	nftw(top, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}

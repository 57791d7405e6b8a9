/* SPDX-License-Identifier: ISC */
/* Preloaded into the program by tests: notes which files are opened, and does at one call what else happens only by chance.
 *
 *   PRELOAD_LOG=FILE      a line for each file that is opened for reading: its path as it was given
 *   PRELOAD_FSYNC=NUMBER  raises that signal instead of the first fsync
 *   PRELOAD_CUT=FILE      cuts FILE to 4096 bytes as soon as a file was mapped
 *   PRELOAD_POKE=FILE     writes a byte into FILE then
 *   PRELOAD_READDIR=N     the N-th call of readdir fails with EIO */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int real_open(int at, const char *path, int flags, mode_t mode)
{
	static int (*next)(int, const char *, int, ...);

	if (!next)
		next = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat");
	return next(at, path, flags, mode);
}

static int note(const char *path, int flags, int opened)
{
	const char *log = getenv("PRELOAD_LOG");
	char line[5000];
	int size, fd;

	if (opened < 0 || !log || (flags & O_ACCMODE) != O_RDONLY || (flags & O_DIRECTORY))
		return opened;
	size = snprintf(line, sizeof line, "%s\n", path);
	fd = real_open(AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || write(fd, line, (size_t)size) != size)
		abort();
	close(fd);
	return opened;
}

static mode_t mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = mode_of(flags, args);
	va_end(args);
	return note(path, flags, real_open(AT_FDCWD, path, flags, mode));
}

int openat(int at, const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = mode_of(flags, args);
	va_end(args);
	return note(path, flags, real_open(at, path, flags, mode));
}

int fsync(int fd)
{
	const char *number = getenv("PRELOAD_FSYNC");

	(void)fd;
	if (number)
		raise(atoi(number));
	return 0;
}

struct dirent *readdir(DIR *directory)
{
	static struct dirent *(*next)(DIR *);
	static _Atomic int calls;
	const char *number = getenv("PRELOAD_READDIR");

	if (!next)
		next = (struct dirent * (*)(DIR *)) dlsym(RTLD_NEXT, "readdir");
	if (number && ++calls == atoi(number)) {
		errno = EIO;
		return NULL;
	}
	return next(directory);
}

static void file_harm(void)
{
	const char *cut = getenv("PRELOAD_CUT"), *poke = getenv("PRELOAD_POKE");
	int fd = poke ? real_open(AT_FDCWD, poke, O_WRONLY, 0) : -1;

	if (cut && truncate(cut, 4096))
		abort();
	if (poke && pwrite(fd, "!", 1, 100000) != 1)
		abort();
	if (fd >= 0)
		close(fd);
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	static void *(*next)(void *, size_t, int, int, int, off_t);

	if (!next)
		next = (void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, "mmap");

	void *mapped = next(at, size, protection, flags, fd, offset);

	if (fd >= 0 && protection == PROT_READ && mapped != MAP_FAILED && size > 32 << 20)
		file_harm();
	return mapped;
}

/* what _FORTIFY_SOURCE makes of open() and openat() without a mode */
int __open_2(const char *path, int flags);
int __openat_2(int at, const char *path, int flags);

int __open_2(const char *path, int flags)
{
	return open(path, flags);
}

int __openat_2(int at, const char *path, int flags)
{
	return openat(at, path, flags);
}

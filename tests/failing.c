/* SPDX-License-Identifier: ISC */
/* Preloaded into the program by tests/sweep/failures.t: makes one call of the C library fail.
 *
 *   FAIL_CALL=NAME   the function: read, pread, open, mmap, malloc, fflush, rename, fsync, readdir, fstat, pthread_create
 *   FAIL_AT=N        its N-th call fails, counted from 1 in the process and in the one that it starts; 0: none
 *   FAIL_LOG=FILE    at its end the program writes the number of calls there
 *
 * malloc stands for calloc and realloc as well, open for openat, pread for pread64. What the C library calls within itself is not seen. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static const char *call;
static long at;
static _Atomic long *calls; /* of this process and the one that it starts */
static int log_fd = -1;
static pid_t first;

/* The function NAME of the C library. */
#define NEXT(name)                       \
	static __typeof__(&(name)) next; \
	if (!next)                       \
	next = (__typeof__(next))dlsym(RTLD_NEXT, #name)

static int fails(const char *name, int number)
{
	if (!call || strcmp(call, name) != 0 || ++*calls != at)
		return 0;
	errno = number;
	return 1;
}

__attribute__((constructor)) static void begin(void)
{
	const char *log = getenv("FAIL_LOG"), *number = getenv("FAIL_AT");

	if (log)
		log_fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	calls = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (calls == MAP_FAILED)
		abort();
	first = getpid();
	at = number ? atol(number) : 0;
	call = getenv("FAIL_CALL");
}

__attribute__((destructor)) static void end(void)
{
	char line[32];
	int size = snprintf(line, sizeof line, "%ld\n", (long)*calls);

	call = NULL;
	if (log_fd >= 0 && first == getpid() && pwrite(log_fd, line, (size_t)size, 0) != size)
		abort();
}

void *malloc(size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_realloc(old, size);
}

ssize_t read(int fd, void *bytes, size_t size)
{
	NEXT(read);
	return fails("read", EIO) ? -1 : next(fd, bytes, size);
}

ssize_t pread(int fd, void *bytes, size_t size, off_t from)
{
	NEXT(pread);
	return fails("pread", EIO) ? -1 : next(fd, bytes, size, from);
}

int fflush(FILE *file)
{
	NEXT(fflush);
	return fails("fflush", ENOSPC) ? EOF : next(file);
}

static int file_open(int folder, const char *path, int flags, mode_t mode)
{
	NEXT(openat);
	return fails("open", EMFILE) ? -1 : next(folder, path, flags, mode);
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
	return file_open(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
	va_list args;

	va_start(args, flags);
	mode_t mode = mode_of(flags, args);
	va_end(args);
	return file_open(folder, path, flags, mode);
}

/* what _FORTIFY_SOURCE makes of open() and openat() without a mode */
int __open_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);

int __open_2(const char *path, int flags)
{
	return file_open(AT_FDCWD, path, flags, 0);
}

int __openat_2(int folder, const char *path, int flags)
{
	return file_open(folder, path, flags, 0);
}

void *mmap(void *place, size_t size, int protection, int flags, int fd, off_t offset)
{
	NEXT(mmap);
	return fails("mmap", ENOMEM) ? MAP_FAILED
				     : next(place, size, protection, flags, fd, offset);
}

int rename(const char *from, const char *to)
{
	NEXT(rename);
	return fails("rename", EACCES) ? -1 : next(from, to);
}

int fsync(int fd)
{
	NEXT(fsync);
	return fails("fsync", EIO) ? -1 : next(fd);
}

int fstat(int fd, struct stat *status)
{
	NEXT(fstat);
	return fails("fstat", EIO) ? -1 : next(fd, status);
}

struct dirent *readdir(DIR *directory)
{
	NEXT(readdir);
	return fails("readdir", EIO) ? NULL : next(directory);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
		   void *argument)
{
	NEXT(pthread_create);
	return fails("pthread_create", EAGAIN) ? EAGAIN : next(thread, attributes, start, argument);
}

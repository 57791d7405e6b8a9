/* SPDX-License-Identifier: ISC */
/* Preloaded into the program by tests: notes which files are opened, and does at one call what else happens only by chance.
 *
 *   PRELOAD_LOG=FILE      a line for each file that is opened for reading: its path as it was given
 *   PRELOAD_FSYNC=NUMBER  raises that signal instead of the first fsync
 *   PRELOAD_CUT=FILE      cuts FILE to 4096 bytes as soon as a file was mapped
 *   PRELOAD_POKE=FILE     writes a byte into FILE then
 *   PRELOAD_READDIR=N     the N-th call of readdir fails with EIO
 *   PRELOAD_BUG=FILE      the first archive that is read has a bug of libarchive do what it can: a line for each try in PRELOAD_LOG,
 *                         with the number of the error
 *   PRELOAD_OLD=WORD      the kernel has no "landlock", or neither that nor seccomp: "all" */
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
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int real_open(int at, const char *path, int flags, mode_t mode)
{
	static int (*next)(int, const char *, int, ...);

	if (!next)
		next = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat");
	return next(at, path, flags, mode);
}

/* Opened at the start: later the program may not open them. -1: not wanted. */
static int log_fd = -1, cut_fd = -1, poke_fd = -1;

static int wanted_open(const char *variable, int flags)
{
	const char *path = getenv(variable);
	int fd = path ? real_open(AT_FDCWD, path, O_WRONLY | O_CLOEXEC | flags, 0666) : -1;

	if (path && fd < 0)
		abort();
	return fd;
}

__attribute__((constructor)) static void begin(void)
{
	log_fd = wanted_open("PRELOAD_LOG", O_APPEND | O_CREAT);
	cut_fd = wanted_open("PRELOAD_CUT", 0);
	poke_fd = wanted_open("PRELOAD_POKE", 0);
}

static int note(const char *path, int flags, int opened)
{
	char line[5000];
	int size;

	if (opened < 0 || log_fd < 0 || (flags & O_ACCMODE) != O_RDONLY ||
	    (flags & (O_DIRECTORY | O_PATH)))
		return opened;
	size = snprintf(line, sizeof line, "%s\n", path);
	if (write(log_fd, line, (size_t)size) != size)
		abort();
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
	if (cut_fd >= 0 && ftruncate(cut_fd, 4096))
		abort();
	if (poke_fd >= 0 && pwrite(poke_fd, "!", 1, 100000) != 1)
		abort();
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

static long kernel_call(long number, long a, long b, long c, long d, long e)
{
	static long (*next)(long, ...);

	if (!next)
		next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	return next(number, a, b, c, d, e);
}

static void tried(const char *what, long result)
{
	int failed = result < 0 ? errno : 0;
	char line[100];
	int size = snprintf(line, sizeof line, "%s %d\n", what, failed);

	if (log_fd < 0 || write(log_fd, line, (size_t)size) != size)
		abort();
}

static long new_process(void)
{
	long made = kernel_call(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (made == 0)
		_exit(0);
	return made;
}

/* The system calls that an attacker would want, with those of the kernel and not of the C library. */
static void bug(const char *path)
{
	char made[5000];

	snprintf(made, sizeof made, "%s.made", path);
	tried("read", kernel_call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY, 0, 0));
	tried("append", kernel_call(SYS_openat, AT_FDCWD, (long)path, O_WRONLY | O_APPEND, 0, 0));
	tried("make", kernel_call(SYS_openat, AT_FDCWD, (long)made, O_WRONLY | O_CREAT, 0600, 0));
	tried("rename", kernel_call(SYS_renameat2, AT_FDCWD, (long)path, AT_FDCWD, (long)made, 0));
	tried("remove", kernel_call(SYS_unlinkat, AT_FDCWD, (long)made, 0, 0, 0));
	tried("chmod", kernel_call(SYS_fchmodat, AT_FDCWD, (long)"/", 0755, 0, 0));
	tried("inet", kernel_call(SYS_socket, AF_INET, SOCK_STREAM, 0, 0, 0));
	tried("unix", kernel_call(SYS_socket, AF_UNIX, SOCK_STREAM, 0, 0, 0));
	tried("process", new_process());
	tried("ptrace", kernel_call(SYS_process_vm_readv, getppid(), 0, 0, 0, 0));
	tried("program", kernel_call(SYS_execve, (long)"/nowhere", 0, 0, 0, 0));
}

struct archive;
struct archive *archive_read_new(void);

struct archive *archive_read_new(void)
{
	static struct archive *(*next)(void);
	static _Atomic int calls;
	const char *path = getenv("PRELOAD_BUG");

	if (!next)
		next = (struct archive * (*)(void)) dlsym(RTLD_NEXT, "archive_read_new");
	if (path && calls++ == 0)
		bug(path);
	return next();
}

static int kernel_lacks(const char *what)
{
	const char *old = getenv("PRELOAD_OLD");

	return old && (!strcmp(old, "all") || !strcmp(old, what));
}

long syscall(long number, ...)
{
	va_list args;
	long a[5];

	va_start(args, number);
	for (int i = 0; i < 5; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number >= 444 && number <= 446 && kernel_lacks("landlock")) {
		errno = ENOSYS;
		return -1;
	}
	return kernel_call(number, a[0], a[1], a[2], a[3], a[4]);
}

int prctl(int option, ...)
{
	static int (*next)(int, ...);
	va_list args;
	unsigned long a[4];

	va_start(args, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(args, unsigned long);
	va_end(args);
	if (!next)
		next = (int (*)(int, ...))dlsym(RTLD_NEXT, "prctl");
	if (option == PR_SET_SECCOMP && kernel_lacks("seccomp")) {
		errno = EINVAL;
		return -1;
	}
	return next(option, a[0], a[1], a[2], a[3]);
}

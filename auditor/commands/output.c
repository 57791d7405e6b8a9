/* SPDX-License-Identifier: ISC */
/* Writes an output to stdout or to a temporary file that is renamed when it is complete and on
 * the disk, and reports write errors. No temporary file stays, however the program ends. */
#include "commands/command.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The temporary file that is being written. Outputs are written one after the other. */
static _Atomic(const char *) unfinished;

static void unfinished_remove(void)
{
	const char *path = atomic_exchange(&unfinished, NULL);

	if (path)
		unlink(path);
}

static void ended_by(int number)
{
	unfinished_remove();
	signal(number, SIG_DFL);
	raise(number);
}

static const int ends[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGXCPU};

void outputs_begin(void)
{
	struct sigaction action = {.sa_handler = ended_by}, old;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(ends[i], &action, NULL);
	/* a file that grows too large is an error of write(2) then */
	signal(SIGXFSZ, SIG_IGN);
	atexit(unfinished_remove);
}

/* mkstemp(3); no signal comes between the making of the file and the note of its name. */
static int temporary_make(char *name)
{
	sigset_t all, before;
	int handle, saved;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	handle = mkstemp(name);
	saved = errno;
	if (handle >= 0)
		atomic_store(&unfinished, name);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return handle;
}

/* True for a device, pipe or link, which must not be replaced by a file. */
static bool is_special(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && !S_ISREG(status.st_mode);
}

bool output_open(struct arena *arena, const char *path, struct output *ret, struct error *error)
{
	*ret = (struct output){.file = stdout, .path = path};
	if (!path)
		return true;
	if (is_special(path)) {
		ret->file = fopen(path, "we");
		return ret->file ? true
				 : fail(error, "%s: cannot write: %s", path, strerror(errno));
	}

	char *temporary = (char *)(uintptr_t)arena_format(arena, "%s.XXXXXX", path);
	int handle = temporary_make(temporary);
	if (handle < 0)
		return fail(error, "%s: cannot write: %s", path, strerror(errno));

	/* mkstemp makes files that only the owner can read. A report gets the usual permissions
	 * of new files. */
	mode_t mask = umask(0);

	umask(mask);
	(void)!fchmod(handle, 0666 & ~mask);
	ret->temporary = temporary;
	ret->file = fdopen(handle, "w");
	if (ret->file)
		return true;
	close(handle);
	unfinished_remove();
	return fail(error, "%s: cannot write: %s", path, strerror(errno));
}

/* False, with errno in WHY, if something was not written. Stdout stays open, but its buffer is
 * cleared, so that the error is reported only once. */
static bool file_finish(FILE *file, int *why)
{
	bool good = !ferror(file);

	errno = 0;
	good = (file == stdout ? fflush(file) : fclose(file)) == 0 && good;
	*why = errno ? errno : EIO;
	if (file == stdout && !good) {
		__fpurge(stdout);
		clearerr(stdout);
	}
	return good;
}

/* What was written is on the disk before it takes the place of the old file: else a crash of
 * the machine could leave an empty one. Some file systems cannot tell (EINVAL). */
static bool file_settle(FILE *file)
{
	return fflush(file) == 0 && (fsync(fileno(file)) == 0 || errno == EINVAL);
}

bool output_close(struct output *output, bool good, struct error *error)
{
	const char *name = output->path ? output->path : "standard output";
	int why = 0;
	bool settled = !output->temporary || file_settle(output->file);
	int saved = errno;
	bool written = file_finish(output->file, &why) && settled;

	if (!good)
		within(error, "%s", name);
	else if (!written)
		good = fail(error, "%s: cannot write: %s", name, strerror(settled ? why : saved));
	else if (output->temporary && rename(output->temporary, output->path))
		good = fail(error, "%s: cannot write: %s", name, strerror(errno));
	if (output->temporary && good)
		atomic_store(&unfinished, NULL);
	if (output->temporary && !good)
		unfinished_remove();
	return good;
}

enum status stdout_close(enum status status)
{
	int why = 0;

	if (file_finish(stdout, &why))
		return status;
	return complain("standard output: cannot write: %s", strerror(why));
}

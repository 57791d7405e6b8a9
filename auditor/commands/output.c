/* SPDX-License-Identifier: ISC */
/* Writes an output to stdout or to a temporary file that is renamed when it is complete, and
 * reports write errors. */
#include "commands/command.h"

#include <errno.h>
#include <stdio_ext.h>
#include <sys/stat.h>
#include <unistd.h>

/* True for a device, pipe or link, which must not be replaced by a file. */
static bool is_special(const char *path)
{
	struct stat status;

	return !lstat(path, &status) && !S_ISREG(status.st_mode);
}

/* mkstemp makes files that only the owner can read. A report gets the usual permissions of new
 * files. */
static void permissions_set(int handle)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)!fchmod(handle, 0666 & ~mask);
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
	int handle = mkstemp(temporary);
	if (handle < 0)
		return fail(error, "%s: cannot write: %s", path, strerror(errno));
	permissions_set(handle);
	ret->temporary = temporary;
	ret->file = fdopen(handle, "w");
	if (ret->file)
		return true;
	close(handle);
	unlink(temporary);
	return fail(error, "%s: cannot write: %s", path, strerror(errno));
}

/* False, with errno in WHY, if something was not written. Stdout stays open, but its buffer is
 * cleared, so that the error is reported only once. */
static bool file_close(FILE *file, int *why)
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

bool output_close(struct output *output, bool good, struct error *error)
{
	const char *name = output->path ? output->path : "standard output";
	int why = 0;
	bool written = file_close(output->file, &why);

	if (!good)
		within(error, "%s", name);
	else if (!written)
		good = fail(error, "%s: cannot write: %s", name, strerror(why));
	else if (output->temporary && rename(output->temporary, output->path))
		good = fail(error, "%s: cannot write: %s", name, strerror(errno));
	if (output->temporary && !good)
		unlink(output->temporary);
	return good;
}

enum status stdout_close(enum status status)
{
	int why = 0;

	if (file_close(stdout, &why))
		return status;
	return complain("standard output: cannot write: %s", strerror(why));
}

/* SPDX-License-Identifier: ISC */
/* Makes, renames and removes the temporary file of an output. */
#include "commands/confine/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SUFFIX = sizeof ".XXXXXX" };

static char name[PATH_MAX + SUFFIX];
static atomic_bool unfinished; /* the file NAME exists */

void output_file_drop(void)
{
	if (atomic_exchange(&unfinished, false))
		unlink(name);
}

int output_file_open(const char *path, bool *temporary)
{
	sigset_t all, before;
	struct stat status;
	int handle, saved;

	*temporary = lstat(path, &status) != 0 || S_ISREG(status.st_mode);
	if (!*temporary)
		return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (snprintf(name, sizeof name, "%s.XXXXXX", path) >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* no signal comes between the making of the file and the note of it */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	handle = mkostemp(name, O_CLOEXEC);
	saved = errno;
	if (handle >= 0)
		atomic_store(&unfinished, true);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	if (handle < 0)
		return -1;

	/* mkstemp makes files that only the owner can read. A report gets the usual
	 * permissions of new files. */
	mode_t mask = umask(0);

	umask(mask);
	(void)!fchmod(handle, 0666 & ~mask);
	return handle;
}

bool output_file_keep(const char *path)
{
	if (rename(name, path) == 0) {
		atomic_store(&unfinished, false);
		return true;
	}

	int saved = errno;

	output_file_drop();
	errno = saved;
	return false;
}

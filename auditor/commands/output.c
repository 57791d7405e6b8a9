/* SPDX-License-Identifier: ISC */
/* Writes an output to stdout or to a temporary file that is renamed when it is
 * complete and on the disk, and reports write errors. No temporary file stays, however
 * the program ends. */
#include "commands/command.h"

#include "commands/confine/clerk.h"
#include "commands/confine/output_file.h"

#include <errno.h>
#include <signal.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>

static void ended_by(int number)
{
	clerk_abandon();
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
	if (atexit(output_file_drop) || atexit(clerk_end) || at_quick_exit(output_file_drop))
		exit(complain("out of memory: no place for what ends the program"));
}

bool output_open(const char *path, struct output *ret, struct error *error)
{
	bool temporary = false;
	int handle;

	*ret = (struct output){.file = stdout, .path = path};
	if (!path)
		return true;
	handle = clerk_open(path, &temporary);
	if (handle < 0)
		return fail(error, "%s: cannot write: %s", path, strerror(errno));
	ret->temporary = temporary;
	ret->file = fdopen(handle, "w");
	if (ret->file)
		return true;
	close(handle);
	if (temporary)
		clerk_drop();
	return fail(error, "%s: cannot write: %s", path, strerror(errno));
}

/* False, with errno in WHY, if something was not written. Stdout stays open, but its
 * buffer is cleared, so that the error is reported only once. */
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

bool output_close(struct output *output, bool good, struct error *error)
{
	const char *name = output->path ? output->path : "standard output";
	int why = 0;
	/* What was written is on the disk before it takes the place of the old file:
	 * else a crash of the machine could leave an empty one. Some file systems
	 * cannot tell (EINVAL). */
	bool settled =
		!output->temporary || (fflush(output->file) == 0 &&
				       (fsync(fileno(output->file)) == 0 || errno == EINVAL));
	int saved = errno;
	bool written = file_finish(output->file, &why) && settled;

	if (!good)
		within(error, "%s", name);
	else if (!written)
		good = fail(error, "%s: cannot write: %s", name, strerror(settled ? why : saved));
	else if (output->temporary && !clerk_keep(output->path))
		good = fail(error, "%s: cannot write: %s", name, strerror(errno));
	if (output->temporary && !good)
		clerk_drop();
	return good;
}

enum status stdout_close(enum status status)
{
	int why = 0;

	/* a failed write may have been reported already, and one error is enough */
	if (file_finish(stdout, &why) || status == STATUS_NO_ANSWER)
		return status;
	return complain("standard output: cannot write: %s", strerror(why));
}

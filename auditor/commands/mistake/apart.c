/* SPDX-License-Identifier: ISC */
/* Compares the files that would be written with the files and directories that are
 * read, by inode and by place. */
#include "commands/mistake/apart.h"

#include "base/text.h"
#include "facts/feed/feed.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void run_input_add(struct arena *arena, struct run_inputs *inputs, const char *path,
		   const char *what, bool inside)
{
	const char *local = path && strcmp(path, "-") != 0 ? url_local(arena, path) : NULL;
	struct run_input input = {.path = path, .what = what, .local = local, .inside = inside};
	char real[PATH_MAX];
	struct stat status;

	if (path && url_is_remote(path))
		*array_add(arena, &inputs->remote) = path;
	if (!local)
		return;
	if (stat(local, &status) != 0) {
		*array_add(arena, &inputs->absent) = local;
		return;
	}
	input.device = status.st_dev;
	input.inode = status.st_ino;
	if (inside && S_ISDIR(status.st_mode) && realpath(local, real))
		input.real = arena_string(arena, span_text(real));
	*array_add(arena, inputs) = input;
}

void run_inputs_add(struct arena *arena, struct run_inputs *inputs, const struct strings *paths,
		    const char *what, bool inside)
{
	array_each(path, paths)
		run_input_add(arena, inputs, *path, what, inside);
}

/* The real path of the directory of FILE; if it does not exist yet, that of the nearest
 * directory above it. */
static bool folder_real(const char *file, char ret[PATH_MAX])
{
	char folder[PATH_MAX];
	size_t size = strlen(file);

	do {
		while (size > 0 && file[size - 1] != '/')
			size--;
		if (size >= sizeof folder)
			return false;
		memcpy(folder, file, size);
		folder[size] = '\0';
		if (realpath(size ? folder : ".", ret))
			return true;
		while (size > 0 && file[size - 1] == '/')
			size--;
	} while (size > 0);
	return false;
}

bool output_apart(const struct run_inputs *inputs, const char *output, struct error *error)
{
	char folder[PATH_MAX];
	struct stat status;
	bool there = output && stat(output, &status) == 0;

	/* /dev/null, a pipe, a terminal */
	if (!output || (there && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)))
		return true;
	array_each(input, inputs)
		if (there && status.st_dev == input->device && status.st_ino == input->inode)
			return fail(error, "%s is %s and cannot be a report as well", output,
				    input->what);
	if (!folder_real(output, folder))
		return true;
	array_each(input, inputs)
		/* the report about a running system has no other place than in it */
		if (input->real && strcmp(input->real, "/") != 0 && path_is_in(folder, input->real))
			return fail(error,
				    "%s lies in %s, which is %s: a report must not be written "
				    "there",
				    output, input->path, input->what);
	return true;
}

bool reports_apart(const struct run_inputs *inputs, const struct reports *reports,
		   struct error *error)
{
	return !array_any(wanted, reports, !output_apart(inputs, wanted->path, error));
}

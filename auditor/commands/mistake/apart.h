/* SPDX-License-Identifier: ISC */
/* apart - outputs that are none of the inputs: a report must not take the place of what
 * is judged, nor be put where packages are searched. */
#ifndef KMODAUDIT_APART_H
#define KMODAUDIT_APART_H

#include "commands/reports.h"

#include <sys/types.h>

/* A file or directory that a run reads. */
struct run_input {
	const char *path, *what; /* "the image"; "a feed" */
	const char *local; /* PATH, or the path in a file URL */
	const char *real; /* of a directory that nothing may be written into, else NULL */
	bool inside; /* files in the directory, or beside the index, are read, too */
	dev_t device;
	ino_t inode;
};

struct run_inputs {
	struct run_input *list;
	size_t count, room;
	struct strings remote; /* http and https URLs */
	struct strings absent; /* local paths that do not exist */
};

/* PATH NULL and "-" add nothing; URLs and paths that do not exist have their own lists.
 * INSIDE: if PATH is a directory, its files are read as well. */
void run_input_add(struct arena *arena, struct run_inputs *inputs, const char *path,
		   const char *what, bool inside);
void run_inputs_add(struct arena *arena, struct run_inputs *inputs, const struct strings *paths,
		    const char *what, bool inside);
/* False, and says so, when the file OUTPUT is one of INPUTS or would lie in one;
 * NULL: standard output. */
bool output_apart(const struct run_inputs *inputs, const char *output, struct error *error);
bool reports_apart(const struct run_inputs *inputs, const struct reports *reports,
		   struct error *error);

#endif

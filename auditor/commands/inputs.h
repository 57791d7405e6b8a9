/* SPDX-License-Identifier: ISC */
/* inputs - files on the command line other than IMAGE and FEED. */
#ifndef KMODAUDIT_INPUTS_H
#define KMODAUDIT_INPUTS_H

#include "commands/command.h"

bool path_is_directory(const char *path);
/* True if PATH is a file that is neither one of FEEDS nor below one of them. */
bool file_beside(const struct strings *feeds, const char *path);

struct comparison;
/* Compares A and B with the layout rules for A's series, or B's if A does not state its
 * release. DIR: rules to use in addition to the built-in ones, or NULL. */
bool configs_explain(struct arena *arena, const char *dir, const struct config *a,
		     const struct config *b, struct comparison *ret, struct error *error);

struct rules;
struct saved;
/* Reads a saved report like saved_read. If PATH is clearly another kind of file, ERROR
 * says what it is. */
bool report_open(struct arena *arena, const char *path, const struct rules *rules,
		 const char *policy, struct saved *ret, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* inputs - files that the command line names and that are neither IMAGE nor FEED. */
#ifndef KMODAUDIT_INPUTS_H
#define KMODAUDIT_INPUTS_H

#include "commands/command.h"

/* PATH is a file, and none of FEEDS, files and directories, is it or has it below. */
bool file_beside(const struct strings *feeds, const char *path);

struct rules;
struct saved;
/* A saved report, as saved_read; where PATH is plainly another file, ERROR says what it is. */
bool report_open(struct arena *arena, const char *path, const struct rules *rules,
		 const char *policy, struct saved *ret, struct error *error);

#endif

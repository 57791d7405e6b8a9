/* SPDX-License-Identifier: ISC */
/* clerk - a process that makes and renames output files and fetches for the one that parses, which
 * can do neither itself. It writes only the outputs that it was started with, fetches only from
 * hosts that it was started with, and reads no content. Without a clerk the same functions work in
 * this process. */
#ifndef KMODAUDIT_CLERK_H
#define KMODAUDIT_CLERK_H

#include "base/array.h"
#include "base/error.h"

struct clerk_limits {
	struct strings outputs; /* the paths that may be written or removed */
	bool (*host_allowed)(void *context, const char *url);
	void *context;
};

/* Starts the clerk, before any thread is started. */
bool clerk_start(const struct clerk_limits *limits, struct error *error);
/* Lets the clerk finish and waits for it. */
void clerk_end(void);
/* In a signal handler: waits until the clerk removed the unfinished output. */
void clerk_abandon(void);

/* See output_file.h. */
int clerk_open(const char *path, bool *temporary);
bool clerk_keep(const char *path);
void clerk_drop(void);
/* unlink(2) */
int clerk_remove(const char *path);

#endif

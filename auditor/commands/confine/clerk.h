/* SPDX-License-Identifier: ISC */
/* clerk - a process that makes and renames output files, writes entries of a cache and
 * fetches for the one that parses, which can do none of these itself. It writes only
 * the outputs and into the cache that it was started with, fetches only from hosts
 * that it was started with, and reads no content. Without a clerk the same functions
 * work in this process. */
#ifndef KMODAUDIT_CLERK_H
#define KMODAUDIT_CLERK_H

#include "base/array.h"
#include "base/error.h"

struct clerk_limits {
	struct strings outputs; /* the paths that may be written or removed */
	const char *cache; /* the folder for entries of facts, or NULL */
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
/* entry_file_write(); with a clerk FOLDER is that of its limits. */
int clerk_store(const char *folder, struct span entry);
/* unlink(2) */
int clerk_remove(const char *path);

#endif

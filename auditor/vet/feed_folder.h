/* SPDX-License-Identifier: ISC */
/* feed_folder - the folder of a vetted feed: written beside its place under another name, and
 * put there when it is complete. Only this file writes to disk here. */
#ifndef KMODAUDIT_FEED_FOLDER_H
#define KMODAUDIT_FEED_FOLDER_H

#include "base/array.h"
#include "base/error.h"

#include <signal.h>

#define FEED_README "README"
#define FEED_MARK "Vetted feed, made by kmodaudit" /* how its README begins */
#define FEED_KEYS "etc/opkg/keys"

struct feed_folder {
	const char *path; /* as the user gave it */
	const char *place; /* the same, absolute and without links */
	char *temporary; /* NULL: nothing is there */
	bool replaces; /* an earlier vetted feed */
	sigset_t signals; /* to be restored */
};

/* PATH may be used: nothing is there, or an empty folder, or a vetted feed. Fails when it is one
 * of INPUTS (feeds and image, paths or URLs), lies in one, or has one in it. Writes nothing. */
bool feed_folder_plan(struct arena *arena, const char *path, const struct strings *inputs,
		      struct feed_folder *ret, struct error *error);
/* Makes the temporary folder. From here to feed_folder_finish() and feed_folder_drop(), the
 * signals that would end the program wait. */
bool feed_folder_open(struct arena *arena, struct feed_folder *folder, struct error *error);
/* NAME: below the folder; its folders are made. */
bool feed_folder_write(const struct feed_folder *folder, const char *name, struct span bytes,
		       struct error *error);
void feed_folder_remove(const struct feed_folder *folder, const char *name);
/* Puts the folder in its place. */
bool feed_folder_finish(struct feed_folder *folder, struct error *error);
/* Removes what is not finished; nothing otherwise. */
void feed_folder_drop(struct feed_folder *folder);
#define _cleanup_folder_ __attribute__((cleanup(feed_folder_drop)))

#endif

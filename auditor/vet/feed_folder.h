/* SPDX-License-Identifier: ISC */
/* feed_folder - writes the folder of a vetted feed under a temporary name beside
 * its destination and renames it when it is complete. No other file of vet/
 * writes to disk. */
#ifndef KMODAUDIT_FEED_FOLDER_H
#define KMODAUDIT_FEED_FOLDER_H

#include "base/array.h"
#include "base/error.h"

#include <signal.h>

#define FEED_README "README"
#define FEED_MARK "Vetted feed, made by kmodaudit" /* the first words of its README */
#define FEED_KEYS "etc/opkg/keys"
#define FEED_APK_KEYS "etc/apk/keys"
#define FEED_APK_INDEX "packages.adb"

struct feed_folder {
	const char *path; /* as given by the user */
	const char *place; /* the same path, absolute and without symbolic links */
	char *temporary; /* path of the temporary folder; NULL: there is none */
	bool replaces; /* the destination is an earlier vetted feed */
	sigset_t signals; /* the signal mask to restore */
};

/* Checks that PATH may be written: it does not exist, is an empty folder, or is a
 * vetted feed. Fails if it is one of INPUTS (feeds and image, paths or URLs), lies
 * inside one, or contains one. Writes nothing. */
bool feed_folder_plan(struct arena *arena, const char *path, const struct strings *inputs,
		      struct feed_folder *ret, struct error *error);
/* Creates the temporary folder. Signals that would end the program are blocked until
 * feed_folder_finish() or feed_folder_drop(). */
bool feed_folder_open(struct arena *arena, struct feed_folder *folder, struct error *error);
/* Writes the file NAME, a path below the folder, and creates its parent folders. */
bool feed_folder_write(const struct feed_folder *folder, const char *name, struct span bytes,
		       struct error *error);
/* Renames the folder to its destination. */
bool feed_folder_finish(struct feed_folder *folder, struct error *error);
/* Removes the folder if it is unfinished; else does nothing. */
void feed_folder_drop(struct feed_folder *folder);
#define _cleanup_folder_ __attribute__((cleanup(feed_folder_drop)))

#endif

/* SPDX-License-Identifier: ISC */
/* feed_search - finds the files below a directory that belong to a feed. Private to facts/. */
#ifndef KMODAUDIT_FEED_SEARCH_H
#define KMODAUDIT_FEED_SEARCH_H

#include "base/array.h"
#include "base/error.h"

/* Adds the packages and modules below ROOT to FILES, and Packages and Packages.gz files to
 * INDEXES, in the order of their names. A link is followed if it leads to a file below ROOT, or
 * if both its name and its target's name are those of a package. */
bool feed_search(struct arena *arena, const char *root, struct strings *files,
		 struct strings *indexes, struct error *error);

#endif

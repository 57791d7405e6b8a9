/* SPDX-License-Identifier: ISC */
/* feed_search - which files below a directory belong to a feed. Private to facts/. */
#ifndef KMODAUDIT_FEED_SEARCH_H
#define KMODAUDIT_FEED_SEARCH_H

#include "base/array.h"
#include "base/error.h"

/* Adds the packages and modules below ROOT to FILES, the Packages and Packages.gz to INDEXES,
 * in the order of their names. A link is followed when it leads to a file below ROOT, or from
 * the name of a package to a package. */
bool feed_search(struct arena *arena, const char *root, struct strings *files,
		 struct strings *indexes, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* feed_search - finds the files below a directory that belong to a feed.
 * Private to facts/. */
#ifndef KMODAUDIT_FEED_SEARCH_H
#define KMODAUDIT_FEED_SEARCH_H

#include "facts/catalogue/pkg_meta.h"
#include "facts/feed/feed.h"

struct feed_index {
	const char *path;
	const struct pkg_meta *meta; /* which names it; NULL: it has the usual name */
};

struct feed_indexes {
	struct feed_index *list;
	size_t count, room;
};

/* In the order of their names. */
struct feed_found {
	struct strings files; /* with the name of a package or module */
	struct feed_indexes indexes; /* with the name of an index */
	struct strings metas; /* meta.conf and meta.txz */
	struct feed_lefts left; /* what may hold packages and was not read */
};

/* Searches ROOT downwards. A link to a file counts as a file of its own name, wherever
 * it leads, unless NO_FOLLOW; a link to a directory is not followed. */
bool feed_search(struct arena *arena, const char *root, bool no_follow, struct feed_found *ret,
		 struct error *error);

/* Adds the names of what is in the directory PATH, without "." and "..", and sorts
 * them. Fails if *SEEN, which counts them, gets larger than MOST. */
bool directory_names(struct arena *arena, const char *path, size_t most, size_t *seen,
		     struct strings *ret, struct error *error);

#endif

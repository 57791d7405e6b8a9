/* SPDX-License-Identifier: ISC */
/* feed_meta - finds the catalogues of a local FreeBSD repository by its meta.conf.
 * Private to facts/. */
#ifndef KMODAUDIT_FEED_META_H
#define KMODAUDIT_FEED_META_H

#include "facts/feed/feed_search.h"

/* For each folder with a meta.conf or meta.txz: replaces the catalogues that FOUND has
 * there by those that the file names. Adds to PROBLEMS each such file that cannot be
 * read, or of whose catalogues none exists. */
void feed_metas_apply(struct arena *arena, struct feed_found *found, struct feed_lefts *problems);
/* Adds to PROBLEMS that PATH, such a file, cannot be read. */
void feed_meta_unreadable(struct arena *arena, struct feed_lefts *problems, const char *path,
			  const struct error *why);

#endif

/* SPDX-License-Identifier: ISC */
/* feed_meta - finds the catalogues of a local FreeBSD repository by its meta.conf.
 * Private to facts/. */
#ifndef KMODAUDIT_FEED_META_H
#define KMODAUDIT_FEED_META_H

#include "facts/feed/feed_search.h"

/* Replaces, in each folder with a meta.conf or meta.txz, what FOUND has there by what
 * that file names. Adds to PROBLEMS each such file that cannot be read or names nothing
 * that is there. */
void feed_metas_apply(struct arena *arena, struct feed_found *found, struct feed_lefts *problems);
/* Adds to PROBLEMS that PATH, such a file, cannot be read. */
void feed_meta_unreadable(struct arena *arena, struct feed_lefts *problems, const char *path,
			  const struct error *why);

#endif

/* SPDX-License-Identifier: ISC */
/* index - a feed's Packages file. Private to facts/. */
#ifndef KMODAUDIT_INDEX_H
#define KMODAUDIT_INDEX_H

#include "facts/feed/feed.h"

struct index {
	const char *path; /* "packages/Packages" */
	const char *directory; /* "packages", or "" */
	struct packages rows; /* as written, in order */
	size_t bad; /* lines that are no field, stanzas that name no package */
	struct span text; /* of index_parse: decompressed, which is what is signed */
};

/* "Packages" or "Packages.gz", by the last part of PATH. */
bool index_is_path(const char *path);
/* Reads PATH, plain or gzip'd. */
bool index_read(struct arena *arena, const char *path, struct index *ret, struct error *error);
/* The same for BYTES, which the result's text may point to; PATH, or URL, is only what they are
 * called. */
bool index_parse(struct arena *arena, const char *path, struct span bytes, struct index *ret,
		 struct error *error);
/* Where the row's file would lie; NULL when its Filename is missing or leads out of the feed. */
const char *index_row_path(struct arena *arena, const struct index *index,
			   const struct package *row);

/* Adds to FEED what INDEX says otherwise than the files. */
void index_compare(struct arena *arena, const struct index *index, struct feed *feed);
/* Adds to FEED when the texts of PLAIN and PACKED, "Packages" and "Packages.gz", differ. */
void index_compare_packed(struct arena *arena, const char *plain, const char *packed,
			  struct feed *feed);
/* One finding about the index at PATH as a whole. */
void index_unreadable(struct arena *arena, struct feed *feed, const char *path, const char *found);

#endif

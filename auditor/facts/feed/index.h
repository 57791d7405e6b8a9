/* SPDX-License-Identifier: ISC */
/* index - reads a feed's Packages file and compares it with the files. Private to facts/. */
#ifndef KMODAUDIT_INDEX_H
#define KMODAUDIT_INDEX_H

#include "facts/feed/feed.h"

struct index {
	const char *path; /* "packages/Packages" */
	const char *directory; /* "packages", or "" */
	struct packages rows; /* as written, in the file's order */
	/* number of lines that cannot be parsed, and of stanzas without a package name */
	size_t bad;
	struct span text; /* set by index_parse: the decompressed text, which is what is signed */
};

/* True if the last component of PATH is "Packages" or "Packages.gz". */
bool index_is_path(const char *path);
/* Reads the index PATH, plain or compressed with gzip. */
bool index_read(struct arena *arena, const char *path, struct index *ret, struct error *error);
/* Like index_read for BYTES, which the result may refer to. PATH is a path or URL for messages. */
bool index_parse(struct arena *arena, const char *path, struct span bytes, struct index *ret,
		 struct error *error);
/* The path of the row's file; NULL if the row has no Filename or it leads out of the feed. */
const char *index_row_path(struct arena *arena, const struct index *index,
			   const struct package *row);

/* Adds to FEED the differences between INDEX and the files. */
void index_compare(struct arena *arena, const struct index *index, struct feed *feed);
/* Adds a finding to FEED if the texts of PLAIN and PACKED, Packages and Packages.gz, differ. */
void index_compare_packed(struct arena *arena, const char *plain, const char *packed,
			  struct feed *feed);
/* Adds a finding about the index at PATH as a whole. */
void index_unreadable(struct arena *arena, struct feed *feed, const char *path, const char *found);

#endif

/* SPDX-License-Identifier: ISC */
/* index - reads a feed's Packages file and compares it with the files. */
#ifndef KMODAUDIT_INDEX_H
#define KMODAUDIT_INDEX_H

#include "facts/catalogue/pkg_meta.h"
#include "facts/feed/feed.h"

/* What a FreeBSD repository of version 1 has beside its catalogue. */
enum index_side_kind { SIDE_DIGESTS, SIDE_FILESITE, SIDES };

struct index_side {
	enum index_side_kind kind;
	struct index_text text;
};

struct index_sides {
	struct index_side *list;
	size_t count, room;
};

struct index {
	const char *path; /* "packages/Packages" */
	const char *directory; /* "packages", or "" */
	struct packages rows; /* as written, in the file's order */
	/* number of lines that cannot be parsed, and of stanzas without
	 * a package name */
	size_t bad;
	struct span text; /* set by index_parse: the decompressed text, which is what is signed */
	/* set by index_parse for a FreeBSD repository, else NULL */
	const struct pkg_signatures *pkg;
	bool rows_apart; /* a FreeBSD catalogue with a row a line: packagesite.yaml */
};

/* True if the last component of PATH is the name of an index: "Packages",
 * "Packages.gz", "packages.adb", "data.pkg", "packagesite.pkg", "packagesite.txz". */
bool index_is_path(const char *path);

/* One index in a file, with what lies beside it. */
struct index_file {
	struct index_text text;
	struct index index; /* no rows where the text has a problem */
	struct index_sides sides;
};

struct indexes_read {
	struct index_file *list;
	size_t count, room;
};

/* Reads PATH, plain or gzip'd, and the signature beside it, each once, and adds both
 * to RET. META: of the FreeBSD repository whose catalogue it is; NULL: its name says
 * what it is. */
const struct index_file *index_read(struct arena *arena, const char *path,
				    const struct pkg_meta *meta, struct indexes_read *ret);
/* Reads the rows in BYTES, which the result may refer to. PATH is a path or
 * URL for messages. */
bool index_parse(struct arena *arena, const char *path, struct span bytes,
		 const struct pkg_meta *meta, struct index *ret, struct error *error);
/* The path of the row's file; NULL if the row has no Filename or it leads out
 * of the feed. */
const char *index_row_path(struct arena *arena, const struct index *index,
			   const struct package *row);

/* index_side.c: adds to RET what lies in DIRECTORY ("" for the current one) under the
 * names of META; what cannot be read has a problem. */
void index_sides_read(struct arena *arena, const char *directory, const struct pkg_meta *meta,
		      struct index_sides *ret);
/* Adds the archive in BYTES. PATH is a path or URL for messages. */
void index_side_open(struct arena *arena, enum index_side_kind kind, const char *path,
		     struct span bytes, const struct pkg_meta *meta, struct index_sides *ret);
/* Adds to FEED where SIDES differ from INDEX and from the packages, which were compared
 * with INDEX before, and their texts, whose signatures count as well. */
void index_sides_compare(struct arena *arena, const struct index *index,
			 const struct index_sides *sides, struct feed *feed);

/* Adds to FEED the differences between INDEX and the files. */
void index_compare(struct arena *arena, const struct index *index, struct feed *feed);
/* Adds to FEED what its indexes say, all of which were read. A "Packages.gz" beside
 * "Packages" counts only if its text differs, and then the difference is added as well. */
void indexes_compare(struct arena *arena, const struct indexes_read *indexes, struct feed *feed);
/* index_row.c: adds to FEED where ROW differs from PACKAGE, its file. */
void index_row_compare(struct arena *arena, struct feed *feed, const struct package *row,
		       struct package *package);
/* Adds to FEED its files that have no row in INDEX; LISTED: by package, whether it has one. */
void index_files_compare(struct arena *arena, const struct index *index, struct feed *feed,
			 const bool *listed);

/* The folder of PATH without a "/" at its end; "" for the current one. */
const char *index_folder(struct arena *arena, const char *path);
/* Adds a finding about PACKAGE (NULL: the index itself) in FILE; the caller sets what
 * was expected and found. */
struct index_finding *index_finding_add(struct arena *arena, struct feed *feed,
					enum index_trouble trouble, const struct package *package,
					const char *file, const char *witness);
/* Adds a finding about the index at PATH as a whole. */
void index_trouble(struct arena *arena, struct feed *feed, enum index_trouble trouble,
		   const char *path, const char *found);

#endif

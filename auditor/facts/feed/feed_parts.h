/* SPDX-License-Identifier: ISC */
/* feed_parts - feeds while they are read. Private to feed*.c. */
#ifndef KMODAUDIT_FEED_PARTS_H
#define KMODAUDIT_FEED_PARTS_H

#include "base/pool.h"
#include "facts/feed/feed.h"
#include "facts/feed/index.h"
#include "facts/package/package_file.h"

/* One file to read: a package, a module, or an archive of these. */
struct job {
	const char *path;
	size_t feed;
	bool archive; /* neither by its name: the content tells */
	const char *url; /* where PATH was fetched from; NULL: PATH is the user's own file */
	const struct package *row; /* of the index that led to it, or NULL */
	const char *problem; /* why it could not be fetched, or NULL */
	/* what it is where a package is expected: "a firmware image"; NULL: not known */
	const char *nature;
	struct packages packages;
};

struct jobs {
	struct job *list;
	size_t count, room;
};

/* What a feed is made of, before it is read. */
struct source {
	bool singles; /* of files named one by one */
	struct strings names;
	struct strings index_paths;
	const char *url; /* of a directory or index to be fetched, else NULL */
	struct index index; /* the one fetched */
	struct span signature; /* beside it; no data: there is none */
	struct packages rows; /* packages that need not be fetched */
};

struct sources {
	struct source *list;
	size_t count, room;
};

struct feed_worker {
	struct arena arena, scratch;
	struct map names;
};

struct feed_reading {
	struct arena *arena;
	const struct feed_options *options;
	const struct map *twins;
	struct sources sources;
	struct jobs jobs;
	struct feed_worker workers[POOL_MOST];
};

/* feed_url.c */
/* Fetches the indexes of all sources that have a URL, then the packages that matter: adds jobs. */
bool feed_urls_fetch(struct feed_reading *reading, struct error *error);
/* The package of a job that has a URL. */
struct package feed_url_package(struct module_reader *reader, const struct job *job);

/* feed_wanted.c */
struct wanted_row {
	const struct package *row;
	size_t source;
	bool wanted;
};

struct wanted_rows {
	struct wanted_row *list;
	size_t count, room;
};

/* Which of ROWS, those of all feeds that are fetched, matter: they carry modules, or are needed
 * by such, or need such. */
void rows_wanted(struct wanted_rows *rows);

#endif

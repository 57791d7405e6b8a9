/* SPDX-License-Identifier: ISC */
/* feed_parts - the state of reading feeds. Private to feed*.c. */
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
	bool archive; /* the name is neither a package's nor a module's, so the content decides */
	/* the URL from which PATH was fetched; NULL: PATH is the user's own file */
	const char *url;
	const struct package *row; /* the index row for the file, or NULL */
	const char *problem; /* why it could not be fetched, or NULL */
	/* what the file is instead of a package, such as "a firmware
	 * image"; NULL: unknown */
	const char *nature;
	struct packages packages;
};

struct jobs {
	struct job *list;
	size_t count, room;
};

/* The parts of a feed before its packages are read. */
struct source {
	bool singles; /* it consists of files that were named one by one */
	struct strings names;
	struct indexes_read indexes;
	struct feed_lefts left;
	struct feed_lefts metas; /* files that name the catalogues, and what is wrong with them */
	const char *url; /* of a remote directory or index, else NULL */
	bool untrusted; /* an image named it */
	const struct pkg_meta *meta; /* of a remote FreeBSD repository; NULL: it has none */
	struct index index; /* the fetched index */
	struct index_sides sides; /* fetched from beside it */
	struct span signature; /* the fetched Packages.sig; no data: there is none */
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
	bool undigested; /* as in struct module_reader */
	struct sources sources;
	struct jobs jobs;
	struct feed_worker workers[POOL_MOST];
};

/* feed_url.c */
/* Fetches the indexes of all sources that have a URL, then adds jobs for the packages
 * that are wanted. */
bool feed_urls_fetch(struct feed_reading *reading, struct error *error);
/* The package of a job that has a URL. */
struct package feed_url_package(struct module_reader *reader, const struct job *job);

/* feed.c: reads all jobs. */
void jobs_run(struct feed_reading *reading);
/* feed_doubles.c: after all were read without digests, reads those again that have a
 * module with the name of another one. */
void doubles_digest(struct feed_reading *reading);

/* feed_revision.c: which revision of OpenWrt the packages of a directory were built
 * from, as the file version.buildinfo beside them says (OpenWrt include/version.mk,
 * package/Makefile). SOURCE: a directory as the user named it. The file lies in it, or
 * up to two directories above: targets/T/S/version.buildinfo, targets/T/S/packages,
 * targets/T/S/kmods/KERNEL. Its value is "r28427-6df0e3d02a"; NULL where there is none,
 * or SOURCE is no directory. */
struct fact feed_revision(struct arena *arena, const char *source);

/* feed_link.c: escapes the part of URL after its first DIRECTORY bytes, which is a file
 * name; the bytes before are already part of a URL. */
const char *url_escape(struct arena *arena, const char *url, size_t directory);

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

/* Sets WANTED for the rows of all remote feeds that are worth fetching: packages with
 * modules, packages that these need, and packages that need these. */
void rows_wanted(struct wanted_rows *rows);

#endif

/* SPDX-License-Identifier: ISC */
/* Fetches a remote feed: its index under the names it can have, its signature, what
 * lies beside it and is compared with it, and the packages that are wanted. */
#include "facts/feed/feed_parts.h"
#include "fetch/fetch.h"
#include "facts/catalogue/pkg_meta.h"
#include "facts/feed/feed_meta.h"
#include "unpack/file.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <string.h>

#define INDEX_MOST (64 * MIB)
#define SIGNATURE_MOST (64u << 10)

/* The names under which an index is asked for, in this order: OpenWrt's, the two files
 * in which a FreeBSD repository names its catalogues, and these. */
enum {
	ASKED_META = 3,
	ASKED_CATALOGUE = ASKED_META + 2,
	ASKED = ASKED_CATALOGUE + META_CATALOGUES,
	FETCHES_MOST = 1 << 15,
};

/* By fetch: the number of the source whose index or signature it is, or of the job
 * whose package it is. */
struct orders {
	size_t *list;
	size_t count, room;
};

struct fetches {
	struct fetch *list;
	size_t count, room;
};

static bool asks_meta(size_t asked)
{
	return asked >= ASKED_META && asked < ASKED_CATALOGUE;
}

/* The URL under which the index of SOURCE, or its meta file, is requested at try ASKED;
 * NULL: this try is left out. */
static const char *index_url(struct arena *arena, const struct source *source, size_t asked)
{
	static const char *const names[] = {"Packages.gz", "Packages", "packages.adb", "meta.conf",
					    "meta.txz"};
	struct pkg_meta usual = pkg_meta_default();
	const char *url = source->url, *name;

	if (!url || source->index.path || source->singles)
		return NULL;
	if (index_is_path(url))
		return asked == 0 ? url : NULL;
	if (asks_meta(asked) && (source->meta || source->metas.count > 0))
		return NULL;

	size_t size = strlen(url);

	while (size > 0 && url[size - 1] == '/')
		size--;
	name = asked < ASKED_CATALOGUE
		       ? names[asked]
		       : pkg_meta_archive(arena, source->meta ? source->meta : &usual,
					  asked - ASKED_CATALOGUE);
	return arena_format(arena, "%.*s/%s", (int)size, url, name);
}

/* Reads what was fetched. */
static bool fetched_read(struct feed_reading *reading, const struct fetch *fetch, uint64_t most,
			 struct span *ret, struct error *error)
{
	return file_read(reading->arena, fetch->path, most, ret, error) ||
	       within(error, "%s", fetch->url);
}

static bool index_open(struct feed_reading *reading, struct source *source,
		       const struct fetch *fetch, struct error *error)
{
	struct span bytes;

	return fetched_read(reading, fetch, INDEX_MOST, &bytes, error) &&
	       index_parse(reading->arena, fetch->url, bytes, source->meta, &source->index, error);
}

/* A meta file that cannot be read is a finding about the feed; the
 * usual names remain. */
static bool meta_open(struct feed_reading *reading, struct source *source,
		      const struct fetch *fetch, struct error *error)
{
	struct pkg_meta *meta = arena_new(reading->arena, struct pkg_meta);
	struct error why;
	struct span bytes;

	if (!fetched_read(reading, fetch, PKG_META_MOST, &bytes, error))
		return false;
	if (pkg_meta_read(reading->arena, fetch->url, bytes, meta, &why))
		source->meta = meta;
	else
		feed_meta_unreadable(reading->arena, &source->metas, fetch->url, &why);
	return true;
}

/* Takes what came for SOURCE at try ASKED. False if it is unknown whether some
 * index exists. */
static bool index_take(struct feed_reading *reading, struct source *source, size_t asked,
		       const struct fetch *fetch, struct error *error)
{
	const struct pkg_meta *meta = source->meta;
	bool other = !index_is_path(source->url) && asked + 1 < ASKED;

	if (fetch->path)
		return (asks_meta(asked) ? meta_open : index_open)(reading, source, fetch, error);
	if (fetch->absent && other)
		return true;
	if (!fetch->absent || asked == 0)
		return fail(error, "%s", fetch->problem);
	/* the index exists under none of its names */
	if (!fetch->status)
		return fail(error, "%s: is not in the cache; run once without --offline",
			    source->url);
	if (meta)
		return fail(error,
			    "%s: names the catalogues %s and %s, and the server has neither (%ld)",
			    meta->path, pkg_meta_archive(reading->arena, meta, 0),
			    pkg_meta_archive(reading->arena, meta, 2), fetch->status);
	return fail(error,
		    "%s: the server has no Packages.gz, Packages, packages.adb, data.pkg or "
		    "packagesite.pkg there (%ld)",
		    source->url, fetch->status);
}

static const char *signature_url(struct arena *arena, const struct source *source, size_t asked)
{
	const char *index = source->index.path, *slash = index ? strrchr(index, '/') : NULL;

	(void)asked;
	if (!index || source->index.pkg || strcmp(slash, "/packages.adb") == 0)
		return NULL;
	return arena_format(arena, "%.*s/Packages.sig", (int)(slash - index), index);
}

static bool signature_take(struct feed_reading *reading, struct source *source, size_t asked,
			   const struct fetch *fetch, struct error *error)
{
	(void)asked;
	if (!fetch->path)
		return fetch->absent || fail(error, "%s", fetch->problem);
	return fetched_read(reading, fetch, SIGNATURE_MOST, &source->signature, error);
}

/* A repository of version 1 has its digests under one name. Its lists of files are not
 * fetched: they are no evidence. */
static const char *digests_url(struct arena *arena, const struct source *source, size_t asked)
{
	const struct pkg_meta *meta = source->meta;

	(void)asked;
	if (!source->index.rows_apart || !meta || meta->version != 1)
		return NULL;
	return arena_format(arena, "%s/%s", source->index.directory,
			    pkg_meta_packed(arena, meta, meta->digests, 1));
}

static bool digests_take(struct feed_reading *reading, struct source *source, size_t asked,
			 const struct fetch *fetch, struct error *error)
{
	struct span bytes;

	(void)asked;
	if (!fetch->path)
		return fetch->absent || fail(error, "%s", fetch->problem);
	if (!fetched_read(reading, fetch, INDEX_MOST, &bytes, error))
		return false;
	index_side_open(reading->arena, SIDE_DIGESTS, fetch->url, bytes, source->meta,
			&source->sides);
	return true;
}

/* What is requested of the sources, all at once: the file at the URL that URL gives,
 * NULL: none; TAKE gets what came. */
struct request {
	uint64_t limit;
	const char *(*url)(struct arena *arena, const struct source *source, size_t asked);
	bool (*take)(struct feed_reading *reading, struct source *source, size_t asked,
		     const struct fetch *fetch, struct error *error);
};

static bool sources_ask(struct feed_reading *reading, const struct request *request, size_t asked,
			struct error *error)
{
	struct orders orders = {0};
	struct fetches fetches = {0};

	for (size_t i = 0; i < reading->sources.count; i++) {
		const struct source *source = &reading->sources.list[i];
		const char *url = request->url(reading->arena, source, asked);

		if (!url)
			continue;
		*array_add(reading->arena, &orders) = i;
		*array_add(reading->arena, &fetches) = (struct fetch){
			.url = url, .limit = request->limit, .untrusted = source->untrusted};
	}
	if (fetches.count > 0)
		fetch_all(reading->options->fetcher, fetches.list, fetches.count);
	for (size_t i = 0; i < fetches.count; i++)
		if (!request->take(reading, &reading->sources.list[orders.list[i]], asked,
				   &fetches.list[i], error))
			return false;
	return true;
}

static struct job *job_fetched(struct feed_reading *reading, const char *url, size_t source)
{
	struct job *job = array_add(reading->arena, &reading->jobs);

	job->url = url;
	job->feed = source;
	return job;
}

/* Adds a job for a wanted row; any other row becomes a package as it is. */
static void row_sort_in(struct feed_reading *reading, const struct wanted_row *wanted,
			struct map *urls)
{
	struct source *source = &reading->sources.list[wanted->source];
	const char *url = index_row_path(reading->arena, &source->index, wanted->row);

	if (!url || map_put(urls, reading->arena, url, (uint32_t)wanted->source) != wanted->source)
		return;
	if (wanted->wanted) {
		job_fetched(reading, url, wanted->source)->row = wanted->row;
		return;
	}

	struct package *package = array_add(reading->arena, &source->rows);
	*package = *wanted->row;
	package->file = url;
	package->feed = wanted->source;
}

static const char *digest_stated(struct arena *arena, const struct package *row)
{
	const char *stated = row ? row->stated_sha256 : NULL;

	if (!stated || strlen(stated) != 2 * SHA256_SIZE)
		return NULL;

	char *lower = arena_chars(arena, span_text(stated));
	for (size_t i = 0; lower[i]; i++) {
		if (!strchr("0123456789abcdefABCDEF", lower[i]))
			return NULL;
		lower[i] |= 0x20;
	}
	return lower;
}

static bool packages_fetch(struct feed_reading *reading, struct error *error)
{
	struct orders orders = {0};
	struct fetches fetches = {0};

	for (size_t i = 0; i < reading->jobs.count; i++) {
		const struct job *job = &reading->jobs.list[i];

		if (!job->url)
			continue;

		const struct index *index = &reading->sources.list[job->feed].index;
		size_t directory = job->row ? strlen(index->directory) : strlen(job->url);
		*array_add(reading->arena, &orders) = i;
		*array_add(reading->arena, &fetches) =
			(struct fetch){.url = url_escape(reading->arena, job->url, directory),
				       .sha256 = digest_stated(reading->arena, job->row),
				       .size = job->row ? job->row->stated_size : 0,
				       .limit = LIMIT_FILE,
				       .untrusted = reading->sources.list[job->feed].untrusted};
	}
	if (fetches.count > FETCHES_MOST)
		return fail(error, "more than %d packages to fetch", FETCHES_MOST);
	if (fetches.count > 0)
		fetch_all(reading->options->fetcher, fetches.list, fetches.count);
	for (size_t i = 0; i < fetches.count; i++) {
		struct job *job = &reading->jobs.list[orders.list[i]];

		job->path = fetches.list[i].path;
		job->problem = fetches.list[i].problem;
	}
	return true;
}

bool feed_urls_fetch(struct feed_reading *reading, struct error *error)
{
	static const struct request index = {INDEX_MOST, index_url, index_take},
				    signature = {SIGNATURE_MOST, signature_url, signature_take},
				    digests = {INDEX_MOST, digests_url, digests_take};
	struct wanted_rows rows = {0};
	struct map urls = {0};

	for (size_t i = 0; i < reading->sources.count; i++) {
		struct source *source = &reading->sources.list[i];

		if (source->url && package_kind_of(source->url) != KIND_OTHER &&
		    !index_is_path(source->url)) {
			source->singles = true;
			job_fetched(reading, source->url, i);
		}
	}
	for (size_t asked = 0; asked < ASKED; asked++)
		if (!sources_ask(reading, &index, asked, error))
			return false;
	if (!sources_ask(reading, &signature, 0, error) ||
	    !sources_ask(reading, &digests, 0, error))
		return false;
	for (size_t i = 0; i < reading->sources.count; i++)
		array_each(row, &reading->sources.list[i].index.rows)
			*array_add(reading->arena, &rows) =
				(struct wanted_row){.row = row, .source = i};
	rows_wanted(&rows);
	array_each(row, &rows)
		row_sort_in(reading, row, &urls);
	return packages_fetch(reading, error);
}

static struct package problem_package(struct module_reader *reader, const struct job *job,
				      const char *problem)
{
	struct package package = {.name = job->url};

	if (job->row)
		package = *job->row;
	package.origin = module_is_path(job->url) ? PACKAGE_BARE_MODULE : PACKAGE_FILE;
	package.file = package.witness = job->url;
	package.size = 0;
	package.problem = arena_string(reader->arena, span_text(problem));
	return package;
}

struct package feed_url_package(struct module_reader *reader, const struct job *job)
{
	_cleanup_arena_ struct arena bytes_arena = {0};
	struct span bytes;
	struct error error;

	if (job->problem)
		return problem_package(reader, job, job->problem);
	if (!file_read(&bytes_arena, job->path, LIMIT_FILE, &bytes, &error))
		return problem_package(reader, job, error.text);
	return package_kind_of(job->url) == KIND_MODULE
		       ? package_from_module(reader, job->url, bytes)
		       : package_from_bytes(reader, job->url, bytes);
}

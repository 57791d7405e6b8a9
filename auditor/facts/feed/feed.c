/* SPDX-License-Identifier: ISC */
/* Reads feeds from directories, indexes, archives and single files on several threads,
 * and compares each index with its files. */
#include "facts/feed/feed_meta.h"
#include "facts/feed/feed_parts.h"
#include "facts/feed/feed_search.h"
#include "facts/feed/nature.h"
#include "unpack/limits.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* The state of reading an archive of packages and modules. */
struct archive_reading {
	struct module_reader *reader;
	struct packages packages;
	bool is_package;
	bool image; /* it contains a kernel, a file system or a package database */
	/* it contains packages, not only bare modules, so it is a feed whatever else
	 * is in it */
	bool holds_packages;
};

static enum want archive_want(void *context, const char *path, uint64_t size, enum part part)
{
	struct archive_reading *reading = context;

	(void)size;
	if (part == PART_CONTROL) {
		reading->is_package = true;
		return WANT_NOTHING;
	}
	if (part == PART_DATA)
		return WANT_NOTHING;
	return package_kind_of(path) == KIND_OTHER ? WANT_NAME : WANT_BYTES;
}

static bool archive_entry(void *context, const struct entry *entry, struct error *error)
{
	struct archive_reading *reading = context;
	struct arena *arena = reading->reader->arena;
	enum package_kind kind = package_kind_of(entry->path);

	reading->image |= nature_path_is_root(entry->path);
	if (entry->kind != ENTRY_FILE || kind == KIND_OTHER)
		return true;
	reading->holds_packages |= kind == KIND_PACKAGE;
	if (reading->packages.count >= LIMIT_ENTRIES)
		return fail(error, "more than %d packages", LIMIT_ENTRIES);

	const char *file = arena_string(arena, span_text(entry->witness));
	struct package package = kind == KIND_MODULE
					 ? package_from_module(reading->reader, file, entry->bytes)
					 : package_from_bytes(reading->reader, file, entry->bytes);
	*array_add(arena, &reading->packages) = package;
	return true;
}

static bool archive_kernel(void *context, const struct kernel_bytes *bytes, struct error *error)
{
	(void)bytes;
	((struct archive_reading *)context)->image = true;
	return fail(error, "a kernel is in it");
}

static void archive_layout(void *context, const struct layout *layout)
{
	((struct archive_reading *)context)->image |= nature_layout_is_image(layout->kind);
}

/* Reads the packages in an archive. If PATH is an image, no package is returned and
 * NATURE says what it is: the modules of an image are not packages to install. */
static struct packages archive_read(struct module_reader *reader, const char *path,
				    const char **nature)
{
	struct archive_reading reading = {.reader = reader};
	struct visitor visitor = {.context = &reading,
				  .want = archive_want,
				  .entry = archive_entry,
				  .kernel = archive_kernel,
				  .layout = archive_layout,
				  .threads = 1};
	struct error error;
	bool whole = unpack_path(path, &visitor, &error);

	if (reading.is_package) {
		reading.packages = (struct packages){0};
		*array_add(reader->arena, &reading.packages) = package_read(reader, path);
	} else if (reading.image && !reading.holds_packages) {
		*nature = "a firmware image";
		reading.packages = (struct packages){0};
	} else if (!whole) {
		struct package *broken = array_add(reader->arena, &reading.packages);

		broken->name = broken->file = broken->witness = path;
		broken->problem = arena_string(reader->arena, span_text(error.text));
	}
	return reading.packages;
}

static void job_run(void *context, unsigned worker, size_t item)
{
	struct feed_reading *reading = context;
	struct feed_worker *own = &reading->workers[worker];
	struct module_reader reader = {
		.arena = &own->arena,
		.names = &own->names,
		.twins = reading->twins,
		.undigested = reading->undigested,
		.scratch = &own->scratch,
		.keeper = reading->options->cache ? &reading->options->cache->packages : NULL};
	struct job *job = &reading->jobs.list[item];

	job->packages = (struct packages){0};
	if (job->url)
		*array_add(&own->arena, &job->packages) = feed_url_package(&reader, job);
	else if (job->archive)
		job->packages = archive_read(&reader, job->path, &job->nature);
	else
		*array_add(&own->arena, &job->packages) = package_read(&reader, job->path);
}

static void job_add(struct feed_reading *reading, const char *path)
{
	struct job *job = array_add(reading->arena, &reading->jobs);

	job->path = path;
	job->feed = reading->sources.count - 1;
	job->archive = package_kind_of(path) == KIND_OTHER;
}

static struct source *source_add(struct feed_reading *reading, const char *path)
{
	struct source *source = array_add(reading->arena, &reading->sources);

	*array_add(reading->arena, &source->names) = path;
	return source;
}

/* The packages of a feed that is given by its Packages file are the files
 * that it lists. */
static bool source_from_index(struct feed_reading *reading, const char *path, struct error *error)
{
	struct source *source = source_add(reading, path);
	struct strings files = {0};
	const struct index_file *read = index_read(reading->arena, path, NULL, &source->indexes);
	struct stat status;

	if (read->text.problem)
		return fail(error, "%s", read->text.problem);
	array_each(row, &read->index.rows) {
		const char *file = index_row_path(reading->arena, &read->index, row);

		if (file && stat(file, &status) == 0 && S_ISREG(status.st_mode))
			*array_add(reading->arena, &files) = file;
	}
	strings_unique(&files);
	if (files.count == 0)
		return fail(error, "%s: none of the %zu files that it lists exists", path,
			    read->index.rows.count);
	array_each(file, &files)
		job_add(reading, *file);
	return true;
}

static bool source_from_directory(struct feed_reading *reading, const char *path,
				  struct error *error)
{
	struct source *source = source_add(reading, path);
	struct feed_found found;

	if (!feed_search(reading->arena, path, reading->options->no_follow, &found, error))
		return false;
	source->left = found.left;
	feed_metas_apply(reading->arena, &found, &source->metas);
	array_each(index, &found.indexes)
		index_read(reading->arena, index->path, index->meta, &source->indexes);
	array_each(file, &found.files)
		job_add(reading, *file);
	return true;
}

static bool not_a_feed(const char *path, const char *nature, struct error *error)
{
	return fail(error,
		    "%s: is %s, but a feed is expected here: a directory of packages, its index, "
		    "or a package",
		    path, nature);
}

static bool source_from_local(struct feed_reading *reading, const char *path, struct error *error)
{
	struct sources *sources = &reading->sources;
	struct nature nature;
	struct stat status;

	if (stat(path, &status) != 0)
		return fail(error, "%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return source_from_directory(reading, path, error);
	if (S_ISREG(status.st_mode) && index_is_path(path))
		return source_from_index(reading, path, error);
	/* a file on the command line that is clearly something else is a mistake of the
	 * user, not a broken package */
	nature = nature_of_head(path);
	if (!S_ISREG(status.st_mode) || (nature.words && nature.kind != NATURE_INDEX))
		return not_a_feed(path, nature.words, error);
	if (sources->count > 0 && sources->list[sources->count - 1].singles)
		*array_add(reading->arena, &sources->list[sources->count - 1].names) = path;
	else
		source_add(reading, path)->singles = true;
	job_add(reading, path);
	return true;
}

static bool source_from_path(struct feed_reading *reading, const char *named, struct error *error)
{
	const char *path = url_local(reading->arena, named);

	if (url_has_password(named))
		return fail(error, "a URL must not contain a user name and password, because "
				   "reports show it: put them into ~/.netrc");
	if (url_is_remote(named)) {
		struct source *source = source_add(reading, named);

		source->url = url_plain(named);
		source->untrusted = strings_have(&reading->options->untrusted, named);
		return reading->options->fetcher ||
		       fail(error, "%s: is a URL, and this command fetches nothing", named);
	}
	if (!path)
		return fail(error,
			    "%s: this kind of URL cannot be read; use http, https, or file without "
			    "a host",
			    named);
	if (!source_from_local(reading, path, error))
		return false;

	struct strings *names = &reading->sources.list[reading->sources.count - 1].names;
	names->list[names->count - 1] = named;
	return true;
}

static bool feed_finish(struct feed_reading *reading, const struct source *source,
			struct feed *feed, struct error *error)
{
	array_each(row, &source->rows)
		*array_add(reading->arena, &feed->packages) = *row;
	feed->source = strings_join(reading->arena, &source->names, 3);
	feed->revision = feed_revision(reading->arena, feed->source);
	if (feed->packages.count == 0 && !source->index.path)
		return fail(error,
			    "%s: contains no package (.ipk, .apk, .deb, .pkg) and no module (.ko)",
			    feed->source);
	array_sort(&feed->packages, package_compare);
	array_each(package, &feed->packages)
		feed->modules += package->modules.count;
	feed->left = source->left;
	array_each(problem, &source->metas)
		index_trouble(reading->arena, feed, INDEX_META, problem->path, problem->why);
	indexes_compare(reading->arena, &source->indexes, feed);
	if (!source->index.path)
		return true;
	*array_add(reading->arena, &feed->texts) = (struct index_text){
		.path = source->index.path,
		.text = source->index.text,
		.pkg = source->index.pkg,
		.signature = source->signature,
		.signature_path = source->signature.size ? source->index.path : NULL};
	feed->has_index = true;
	index_compare(reading->arena, &source->index, feed);
	index_sides_compare(reading->arena, &source->index, &source->sides, feed);
	return true;
}

static bool feeds_finish(struct feed_reading *reading, struct feeds *ret, struct error *error)
{
	for (size_t i = 0; i < reading->sources.count; i++)
		array_add(reading->arena, ret);
	array_each(job, &reading->jobs) {
		if (job->nature)
			return not_a_feed(job->path, job->nature, error);
		if (job->packages.count == 0)
			return fail(error, "%s: contains no package and no module", job->path);
		ret->unpacked += job->packages.count;
		array_each(package, &job->packages) {
			package->feed = job->feed;
			*array_add(reading->arena, &ret->list[job->feed].packages) = *package;
		}
	}
	for (size_t i = 0; i < ret->count; i++)
		if (!feed_finish(reading, &reading->sources.list[i], &ret->list[i], error))
			return false;
	return true;
}

bool feeds_listed(struct arena *arena, const struct feeds *feeds, struct feeds *ret)
{
	bool any = false;

	*ret = (struct feeds){.twins = feeds->twins, .unpacked = feeds->unpacked};
	array_each(feed, feeds) {
		struct feed *copy = array_add(arena, ret);

		*copy = *feed;
		copy->packages = (struct packages){0};
		array_each(package, &feed->packages)
			*array_add(arena, &copy->packages) = *package;
		array_each(row, &feed->absent) {
			struct package *package = array_add(arena, &copy->packages);

			*package = *row;
			package->listed = package->absent = true;
			package->feed = ret->count - 1;
		}
		any |= feed->absent.count > 0;
	}
	return any;
}

void jobs_run(struct feed_reading *reading)
{
	pool_run(pool_size(reading->options->threads), reading->jobs.count, job_run, reading);
}

bool feeds_open(struct arena *arena, const char *const *paths, size_t count,
		const struct feed_options *options, struct feeds *ret, struct error *error)
{
	struct feed_reading *reading = arena_new(arena, struct feed_reading);

	*ret = (struct feeds){.twins = ret->twins, .doubles = ret->doubles};
	reading->arena = arena;
	reading->options = options;
	reading->twins = ret->twins;
	/* what is kept for later runs has all digests */
	reading->undigested = ret->doubles && !options->cache;
	for (size_t i = 0; i < count; i++)
		if (!source_from_path(reading, paths[i], error))
			return false;
	if (!feed_urls_fetch(reading, error))
		return false;
	jobs_run(reading);
	if (reading->undigested)
		doubles_digest(reading);
	for (size_t i = 0; i < POOL_MOST; i++) {
		arena_adopt(arena, &reading->workers[i].arena);
		arena_free(&reading->workers[i].scratch);
	}
	return feeds_finish(reading, ret, error);
}

bool feeds_read(struct arena *arena, const char *const *paths, size_t count, unsigned threads,
		struct feeds *ret, struct error *error)
{
	struct feed_options options = {.threads = threads};

	*ret = (struct feeds){0};
	return feeds_open(arena, paths, count, &options, ret, error);
}

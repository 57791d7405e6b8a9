#include "commands/command.h"

#include "facts/image.h"
#include "report/report.h"
#include "unpack/fetch.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <time.h>
#include <unistd.h>

enum { SHOWN_EVERY = 200 };

#define LIST_MOST (1 * MIB)

struct shown {
	double begun, last; /* seconds */
};

static double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* "\rfetching 12 of 57 files, 3.4 of 10.2 MB, 1.2 MB/s, 6 s left" */
static void fetch_shown(void *context, const struct fetch_progress *progress)
{
	struct shown *shown = context;
	double now = clock_seconds(), mega = 1e6;
	double rate = now > shown->begun ? (double)progress->bytes / (now - shown->begun) : 0;

	if (now - shown->last < SHOWN_EVERY / 1e3)
		return;
	shown->last = now;
	fprintf(stderr, "\r\033[Kfetching %zu of %zu files, %.1f", progress->files_done, progress->files,
		(double)progress->bytes / mega);
	if (progress->bytes_all > progress->bytes)
		fprintf(stderr, " of %.1f MB, %.1f MB/s, %.0f s left", (double)progress->bytes_all / mega, rate / mega,
			rate > 0 ? (double)(progress->bytes_all - progress->bytes) / rate : 0);
	else
		fprintf(stderr, " MB, %.1f MB/s", rate / mega);
}

static bool lists_read(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image,
		       struct strings *paths, struct error *error)
{
	for (size_t i = 0; i < wanted->lists.count; i++) {
		const char *path = wanted->lists.list[i];
		struct span text;
		size_t before = paths->count;

		if (!file_read(arena, path, LIST_MOST, &text, error) ||
		    !feed_list_read(arena, path, text, paths, error))
			return false;
		if (paths->count == before)
			return fail(error, "%s: names no feed", path);
	}
	if (!wanted->from_image)
		return true;
	for (size_t i = 0; i < image->feed_lists.count; i++) {
		const struct feed_list *list = &image->feed_lists.list[i];

		if (!feed_list_read(arena, list->witness, list->text, paths, error))
			return false;
	}
	return paths->count > 0 ||
	       fail(error, "%s: names no feed in etc/opkg.conf, etc/opkg/*.conf, etc/apk/repositories{,.d/*.list}",
		    image->source);
}

static bool any_remote(const struct strings *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		if (url_is_remote(paths->list[i]))
			return true;
	return false;
}

bool feeds_gather(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image, struct feeds *ret,
		  struct error *error)
{
	struct shown shown = {.begun = clock_seconds()};
	struct fetch_options how = {.cache = fetch_cache(arena),
				    .offline = wanted->offline,
				    .timeout = wanted->timeout,
				    .progress = wanted->quiet || !isatty(STDERR_FILENO) ? NULL : fetch_shown,
				    .context = &shown};
	_cleanup_fetcher_ struct fetcher *fetcher = NULL;
	struct strings paths = {0};

	for (size_t i = 0; i < wanted->paths.count; i++)
		*array_add(arena, &paths) = wanted->paths.list[i];
	if (!lists_read(arena, wanted, image, &paths, error))
		return false;
	if (any_remote(&paths) && !fetcher_open(arena, &how, &fetcher, error))
		return false;

	struct feed_options options = {.threads = wanted->threads, .fetcher = fetcher};

	return feeds_open(arena, paths.list, paths.count, &options, ret, error);
}

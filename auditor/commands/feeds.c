/* SPDX-License-Identifier: ISC */
/* Gathers the feeds of a command: from operands, from lists (--feeds-from) and from the
 * image, and fetches the remote ones with a progress line. */
#include "commands/command.h"

#include "base/map.h"
#include "base/text.h"
#include "commands/progress.h"
#include "facts/image/image.h"
#include "fetch/fetch.h"
#include "unpack/file.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#define LIST_MOST (1 * MIB)

/* Shows a line such as "fetching 12 of 57 files, 3.4 of 10.2 MB, 1.2 MB/s". */
static void fetch_shown(void *context, const struct fetch_progress *fetched)
{
	struct progress *progress = context;
	struct arena arena _cleanup_arena_ = {0};
	double mega = 1e6, spent = progress_spent(progress);
	const char *all =
		fetched->bytes_all > fetched->bytes
			? arena_format(&arena, " of %.1f", (double)fetched->bytes_all / mega)
			: "";

	progress_show(progress, fetched->bytes, *all ? fetched->bytes_all : 0,
		      "fetching %zu of %zu files, %.1f%s MB, %.1f MB/s", fetched->files_done,
		      fetched->files, (double)fetched->bytes / mega, all,
		      spent > 0 ? (double)fetched->bytes / mega / spent : 0);
}

bool host_allowed(struct arena *arena, const struct strings *hosts, const struct strings *known,
		  const char *url)
{
	struct span host, other;

	if (!url_host(url, &host) || url_has_password(url))
		return false;

	char *name = arena_chars(arena, host);

	for (size_t i = 0; name[i]; i++)
		name[i] = (char)tolower((unsigned char)name[i]);
	if (hosts->count > 0 && globs_fit(hosts, name))
		return true;
	return array_any(path, known,
			 url_host(*path, &other) && host.size == other.size &&
				 strncasecmp((const char *)host.data, (const char *)other.data,
					     host.size) == 0);
}

/* Adds to RET what IMAGE names and may name. */
static bool image_read_lists(struct arena *arena, const struct feeds_wanted *wanted,
			     const struct image *image, const struct strings *known,
			     struct strings *ret, struct error *error)
{
	struct strings named = {0};

	array_each(list, &image->feed_lists)
		if (!feed_list_read(arena, list->witness, list->text, &named, error))
			return false;
	if (!named.count)
		return known->count > 0 || fail(error,
						"%s: lists no feed in etc/opkg.conf, "
						"etc/opkg/*.conf, etc/apk/repositories{,.d/*.list}",
						image->source);
	array_each(path, &named) {
		struct span host = SPAN_OF("HOST");

		if (host_allowed(arena, &wanted->hosts, known, *path)) {
			*array_add(arena, ret) = *path;
			continue;
		}
		url_host(*path, &host);
		complain("%s: lists the feed %s, which is left out: %s%.*s", image->source, *path,
			 url_is_remote(*path) ? "type --allow-host "
					      : "an image may only name http and https URLs",
			 url_is_remote(*path) ? (int)host.size : 0, (const char *)host.data);
	}
	return known->count + ret->count > 0 ||
	       fail(error, "%s: no feed that it lists may be read", image->source);
}

/* Adds PATH unless the same feed is there under any name: its packages
 * would count twice. */
static void path_add(struct arena *arena, struct map *known, const char *path, struct strings *ret)
{
	const char *real = url_is_remote(path) ? NULL : path_real(arena, path);
	uint32_t next = (uint32_t)known->count;

	if (map_put(known, arena, real ? real : path, next) == next)
		*array_add(arena, ret) = path;
}

bool feeds_paths(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image,
		 struct strings *ret, struct strings *untrusted, struct error *error)
{
	struct strings paths = {0}, by_image = {0};
	struct map known = {0};
	struct span text;
	size_t given;

	*ret = (struct strings){0};
	array_append(arena, &paths, &wanted->paths);
	array_each(list, &wanted->lists) {
		size_t before = paths.count;

		if (!file_read(arena, *list, LIST_MOST, &text, error) ||
		    !feed_list_read(arena, *list, text, &paths, error))
			return false;
		if (paths.count == before)
			return fail(error, "%s: lists no feed", *list);
	}
	if (wanted->from_image && !image_read_lists(arena, wanted, image, &paths, &by_image, error))
		return false;
	array_each(path, &paths)
		path_add(arena, &known, *path, ret);
	given = ret->count;
	array_each(path, &by_image)
		path_add(arena, &known, *path, ret);
	for (size_t i = given; untrusted && i < ret->count; i++)
		*array_add(arena, untrusted) = ret->list[i];
	return true;
}

bool fetcher_start(struct arena *arena, const struct feeds_wanted *wanted,
		   struct progress *progress, struct fetcher **ret, struct error *error)
{
	struct fetch_options how = {.cache = fetch_cache(arena),
				    .offline = wanted->offline,
				    .timeout = wanted->timeout,
				    .progress = fetch_shown,
				    .context = progress};

	return fetcher_open(arena, &how, ret, error);
}

bool feeds_gather(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image,
		  struct feeds *ret, struct error *error)
{
	_cleanup_progress_ struct progress progress = {0};
	_cleanup_fetcher_ struct fetcher *fetcher = NULL;
	struct strings paths, untrusted = {0};

	progress_begin(&progress, wanted->quiet);
	if (!feeds_paths(arena, wanted, image, &paths, &untrusted, error))
		return false;
	array_append(arena, &untrusted, &wanted->untrusted);
	if (array_any(path, &paths, url_is_remote(*path)) &&
	    !fetcher_start(arena, wanted, &progress, &fetcher, error))
		return false;

	struct feed_options options = {.threads = wanted->threads,
				       .fetcher = fetcher,
				       .no_follow = wanted->no_follow,
				       .cache = wanted->cache,
				       .untrusted = untrusted};

	return feeds_open(arena, paths.list, paths.count, &options, ret, error);
}

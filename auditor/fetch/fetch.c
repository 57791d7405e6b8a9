/* SPDX-License-Identifier: ISC */
/* Runs transfers in parallel with libcurl's multi interface, takes what the cache has,
 * and reports progress. */
#include "fetch/fetch_apart.h"
#include "fetch/fetch_parts.h"

#include <stdlib.h>
#include <string.h>

enum { TICK = 100 }; /* milliseconds between two progress reports */

const char *fetch_cache(struct arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return arena_format(arena, "%s/kmodaudit", cache);
	return home && *home ? arena_format(arena, "%s/.cache/kmodaudit", home) : NULL;
}

const char *fetch_cache_made(struct arena *arena)
{
	const char *path = fetch_cache(arena);
	struct cache cache;
	struct error ignored; /* fetcher_open reports it */

	if (path)
		cache_open(path, &cache, &ignored);
	return path;
}

bool fetcher_open(struct arena *arena, const struct fetch_options *options, struct fetcher **ret,
		  struct error *error)
{
	struct fetcher *fetcher = arena_new(arena, struct fetcher);

	fetcher->arena = arena;
	fetcher->options = *options;
	fetcher->apart = fetch_is_apart();
	if (fetcher->options.timeout == 0)
		fetcher->options.timeout = FETCH_TIMEOUT;
	if (fetcher->apart) {
		*ret = fetcher;
		return apart_open(arena, options, error);
	}
	if (!options->cache)
		return fail(error,
			    "no directory for the cache: neither XDG_CACHE_HOME nor HOME is set");
	if (!cache_open(options->cache, &fetcher->cache, error))
		return false;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return fail(error, "cannot initialize libcurl");
	fetcher->multi = curl_multi_init();
	if (!fetcher->multi) {
		curl_global_cleanup();
		return fail(error, "cannot initialize libcurl");
	}
	curl_multi_setopt(fetcher->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)FETCH_PARALLEL);
	*ret = fetcher;
	return true;
}

void fetcher_close(struct fetcher **fetcher)
{
	if (!*fetcher || (*fetcher)->apart)
		return;
	curl_multi_cleanup((*fetcher)->multi);
	curl_global_cleanup();
	*fetcher = NULL;
}

static void transfer_prepare(struct fetcher *fetcher, struct fetch *fetch,
			     struct transfer *transfer)
{
	*transfer = (struct transfer){.fetcher = fetcher, .fetch = fetch, .partial.fd = -1};
	if (fetch->sha256) {
		fetch->path = cache_find(&fetcher->cache, fetcher->arena, fetch->sha256);
	} else {
		const char *known = cache_known(&fetcher->cache, fetcher->arena, fetch->url,
						&transfer->known_tag);
		const char *path =
			known ? cache_find(&fetcher->cache, fetcher->arena, known) : NULL;

		transfer->known = path ? known : NULL;
		if (fetcher->options.offline)
			fetch->path = path;
	}
	if (fetch->path) {
		transfer->state = TRANSFER_DONE;
		return;
	}
	fetcher->progress.files++;
	fetcher->progress.bytes_all += fetch->size;
	fetch->absent = fetcher->options.offline;
	if (fetch->absent)
		transfer_fail(transfer, "%s: is not in the cache; run once without --offline",
			      fetch->url);
}

static void transfer_start(struct transfer *transfer)
{
	struct fetcher *fetcher = transfer->fetcher;
	const struct fetch *fetch = transfer->fetch;

	if (host_given_up(transfer)) {
		transfer_fail(transfer, "%s: the host did not answer for %d other files",
			      fetch->url, FAILURES_MOST);
		return;
	}

	const char *key =
		fetch->sha256 ? fetch->sha256 : sha256_hex(fetcher->arena, span_text(fetch->url));
	bool begun = transfer->partial.fd >= 0 || partial_open(&fetcher->cache, fetcher->arena, key,
							       &transfer->partial, &transfer->why);

	if (begun && transfer_request(transfer) &&
	    curl_multi_add_handle(fetcher->multi, transfer->easy) == CURLM_OK) {
		transfer->state = TRANSFER_RUNNING;
		return;
	}
	if (transfer->easy)
		curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
	transfer_fail(transfer, "%s: %s", fetch->url,
		      *transfer->why.text ? transfer->why.text : "libcurl cannot start a request");
}

static size_t transfers_in(const struct transfer *list, size_t count, enum transfer_state state)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += list[i].state == state;
	return found;
}

/* Starts transfers that are due, FETCH_PARALLEL at once. Returns the number that
 * are not done. */
static size_t transfers_start(struct transfer *list, size_t count)
{
	size_t running = transfers_in(list, count, TRANSFER_RUNNING);
	uint64_t now = clock_now();

	for (size_t i = 0; i < count; i++) {
		if (list[i].state != TRANSFER_WAITING || list[i].due > now ||
		    running >= FETCH_PARALLEL)
			continue;
		transfer_start(&list[i]);
		running += list[i].state == TRANSFER_RUNNING;
	}
	return count - transfers_in(list, count, TRANSFER_DONE);
}

/* The milliseconds until transfers_start can start one, at most TICK. A running
 * transfer may receive bytes before that. */
static int transfers_pause(const struct transfer *list, size_t count)
{
	bool room = transfers_in(list, count, TRANSFER_RUNNING) < FETCH_PARALLEL;
	uint64_t now = clock_now(), pause = TICK;

	if (transfers_in(list, count, TRANSFER_DONE) == count)
		return 0;
	for (size_t i = 0; room && i < count; i++) {
		uint64_t left = list[i].due > now ? list[i].due - now : 0;

		if (list[i].state == TRANSFER_WAITING && left < pause)
			pause = left;
	}
	return (int)pause;
}

void fetch_all(struct fetcher *fetcher, struct fetch *list, size_t count)
{
	if (fetcher->apart) {
		apart_all(&fetcher->options, fetcher->arena, list, count);
		return;
	}

	struct transfer *transfers = arena_get(fetcher->arena, (count + 1) * sizeof *transfers);
	int running, left;
	CURLMsg *message;

	fetcher->progress = (struct fetch_progress){0};
	for (size_t i = 0; i < count; i++)
		transfer_prepare(fetcher, &list[i], &transfers[i]);
	while (transfers_start(transfers, count) > 0) {
		curl_multi_perform(fetcher->multi, &running);
		while ((message = curl_multi_info_read(fetcher->multi, &left))) {
			CURLcode code = message->data.result;
			CURL *easy = message->easy_handle;
			char *transfer = NULL;

			if (message->msg != CURLMSG_DONE)
				continue;
			curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
			curl_multi_remove_handle(fetcher->multi, easy);
			transfer_end((struct transfer *)(void *)transfer, code);
		}
		if (fetcher->options.progress)
			fetcher->options.progress(fetcher->options.context, &fetcher->progress);
		/* curl_multi_poll waits even if no transfer is
		 * running, unlike curl_multi_wait */
		curl_multi_poll(fetcher->multi, NULL, 0, transfers_pause(transfers, count), NULL);
	}
}

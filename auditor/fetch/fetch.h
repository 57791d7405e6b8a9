/* SPDX-License-Identifier: ISC */
/* fetch - fetches files over http and https into a cache on disk. Only fetch*.c
 * use libcurl. Without an open fetcher the network is not used, and libcurl is
 * not even initialised. */
#ifndef KMODAUDIT_FETCH_H
#define KMODAUDIT_FETCH_H

#include "base/arena.h"
#include "base/error.h"

/* A wanted file, and the result. */
struct fetch {
	const char *url;
	/* its digest in lower-case hex, from an index: then a cached body is used.
	 * NULL: unknown; the server is asked whether its body changed */
	const char *sha256;
	uint64_t size; /* the exact size, from an index; 0: unknown */
	uint64_t limit; /* the most bytes that are read */
	/* an image named the URL: passwords of ~/.netrc are not sent, and a redirect to
	 * another host is refused */
	bool untrusted;

	/* the file with its bytes, whose digest may differ from SHA256. NULL: it could
	 * not be fetched */
	const char *path;
	/* the server does not have the file or refuses it; or, offline, it is not
	 * in the cache */
	bool absent;
	long status; /* of the last HTTP answer; 0: there was none */
	const char *problem; /* if PATH is NULL: one sentence with the URL */
};

struct fetch_progress {
	size_t files, files_done;
	uint64_t bytes, bytes_all; /* received so far; stated by indexes, 0 if unknown */
};

enum { FETCH_PARALLEL = 8, FETCH_TIMEOUT = 30 };

struct fetch_options {
	const char *cache; /* the directory; created if missing */
	bool offline; /* use only the cache */
	unsigned timeout; /* seconds without a connection or without bytes; 0: FETCH_TIMEOUT */
	/* NULL, or called several times per second */
	void (*progress)(void *context, const struct fetch_progress *progress);
	void *context;
};

struct fetcher;

/* $XDG_CACHE_HOME/kmodaudit or ~/.cache/kmodaudit; NULL if neither variable is set. */
const char *fetch_cache(struct arena *arena);
/* The same; the directory is made if it is missing and that is possible. */
const char *fetch_cache_made(struct arena *arena);
bool fetcher_open(struct arena *arena, const struct fetch_options *options, struct fetcher **ret,
		  struct error *error);
void fetcher_close(struct fetcher **fetcher);
#define _cleanup_fetcher_ __attribute__((cleanup(fetcher_close)))

/* The host of an http or https URL, without user and port; false if URL has none. */
bool url_host(const char *url, struct span *ret);

/* Fetches all of LIST, FETCH_PARALLEL at once. Afterwards each has PATH or PROBLEM. */
void fetch_all(struct fetcher *fetcher, struct fetch *list, size_t count);

#endif

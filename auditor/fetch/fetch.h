/* SPDX-License-Identifier: ISC */
/* fetch - files over http and https into a cache on disk. Only fetch*.c know libcurl. Nothing
 * is asked of the network, and libcurl is not even started, unless a fetcher is opened. */
#ifndef KMODAUDIT_FETCH_H
#define KMODAUDIT_FETCH_H

#include "base/arena.h"
#include "base/error.h"

/* One file wanted, and what became of it. */
struct fetch {
	const char *url;
	const char *
		/* its digest in lower-case hex, as an index states it: then the cache will do.
		 * NULL: not known, the server is asked whether it changed */
		sha256;
	uint64_t size; /* exactly, as an index states it; 0: not known */
	uint64_t limit; /* most bytes ever read */

	/* where its bytes are now; they may be others than SHA256 says. NULL: it could not be
	 * had */
	const char *path;
	/* the server has no such file or gives it to nobody; or, offline, the cache has not */
	bool absent;
	long status; /* of the last answer over HTTP; 0: there was none */
	const char *problem; /* with PATH NULL: one sentence that names the URL */
};

struct fetch_progress {
	size_t files, files_done;
	uint64_t bytes, bytes_all; /* come so far; stated by an index, 0 when none says */
};

enum { FETCH_PARALLEL = 8, FETCH_TIMEOUT = 30 };

struct fetch_options {
	const char *cache; /* directory; made when missing */
	bool offline; /* the cache must do */
	unsigned timeout; /* seconds without a connection or without bytes; 0: FETCH_TIMEOUT */
	/* or NULL; several times a second */
	void (*progress)(void *context, const struct fetch_progress *progress);
	void *context;
};

struct fetcher;

/* $XDG_CACHE_HOME/kmodaudit, ~/.cache/kmodaudit; NULL when neither variable is set. */
const char *fetch_cache(struct arena *arena);
bool fetcher_open(struct arena *arena, const struct fetch_options *options, struct fetcher **ret,
		  struct error *error);
void fetcher_close(struct fetcher **fetcher);
#define _cleanup_fetcher_ __attribute__((cleanup(fetcher_close)))

/* Fetches all of LIST, FETCH_PARALLEL at once; each ends with PATH or with PROBLEM. */
void fetch_all(struct fetcher *fetcher, struct fetch *list, size_t count);

#endif

/* SPDX-License-Identifier: ISC */
/* feeds - the feeds that a command is given, and the hosts that may be
 * asked for them. */
#ifndef KMODAUDIT_FEEDS_H
#define KMODAUDIT_FEEDS_H

#include "base/array.h"
#include "base/error.h"
#include "facts/image/image.h"

struct feeds_wanted {
	struct strings paths, lists; /* FEED operands and --feeds-from, as the user gave them */
	struct strings hosts; /* --allow-host */
	struct strings untrusted; /* those of PATHS that an image named */
	const struct fact_cache *cache; /* facts of earlier runs; NULL: none */
	bool from_image, offline, quiet, no_follow;
	unsigned timeout, threads;
};

/* True if the user named the host of URL: by one of the globs HOSTS, or in one of
 * the URLs KNOWN. */
bool host_allowed(struct arena *arena, const struct strings *hosts, const struct strings *known,
		  const char *url);

struct fetcher;
struct progress;
/* Opens a fetcher that uses the cache and reports to PROGRESS. */
bool fetcher_start(struct arena *arena, const struct feeds_wanted *wanted,
		   struct progress *progress, struct fetcher **ret, struct error *error);
/* The paths in WANTED, then those that its lists name, then those that IMAGE names: of
 * these only http and https URLs of hosts that --allow-host or the other paths name;
 * what is left out is told. UNTRUSTED, unless NULL: the paths that IMAGE named. */
bool feeds_paths(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image,
		 struct strings *ret, struct strings *untrusted, struct error *error);
/* Reads the feeds that feeds_paths gives. Uses the network only if one of them
 * is a URL. */
bool feeds_gather(struct arena *arena, const struct feeds_wanted *wanted, const struct image *image,
		  struct feeds *ret, struct error *error);

#endif

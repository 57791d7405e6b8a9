/* SPDX-License-Identifier: ISC */
/* cache - fetched files that are kept for later runs:
 *
 *     sha256/ab/abcd...    a body, named by its digest
 *     url/DIGEST           for a URL whose body may change: the digest of its body, and the tag of
 *                          the server
 *     partial/DIGEST       a body that is not complete; DIGEST.tag: the tag of the server
 *
 * Digests are verified when a file is read, files are created by rename, and the writer of a
 * partial file locks it, so several runs can use one cache. Private to fetch/. */
#ifndef KMODAUDIT_CACHE_H
#define KMODAUDIT_CACHE_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"

enum { TAG_MOST = 256 };

struct cache {
	const char *root;
};

/* How the server identifies a body; empty strings if it does not. */
struct tag {
	char etag[TAG_MOST], modified[TAG_MOST];
};

/* A body that is being fetched. */
struct partial {
	int fd; /* -1: none */
	const char *path; /* NULL: none */
	bool shared; /* a later run can continue it */
	uint64_t size;
	struct tag tag; /* of the bytes fetched so far */
};

/* Opens the cache at ROOT; creates its directories. */
bool cache_open(const char *root, struct cache *ret, struct error *error);
/* The path of the body with that digest (hex), or NULL. A file whose digest is
 * wrong is removed. */
const char *cache_find(const struct cache *cache, struct arena *arena, const char *sha256);
/* The digest of URL's body and, in TAG, its tag, from an earlier run; NULL if it
 * was never fetched. */
const char *cache_known(const struct cache *cache, struct arena *arena, const char *url,
			struct tag *tag);
/* Stores them. If that fails, the next run asks the server again. */
void cache_learn(const struct cache *cache, const char *url, const char *sha256,
		 const struct tag *tag);

/* Opens the partial file of KEY, with what an earlier run fetched, unless another run
 * is using it. */
bool partial_open(const struct cache *cache, struct arena *arena, const char *key,
		  struct partial *ret, struct error *error);
bool partial_write(struct partial *partial, struct span bytes, struct error *error);
bool partial_empty(struct partial *partial, struct error *error);
/* Stores the tag of the body that follows. */
void partial_tag(const struct partial *partial, const struct tag *tag);
bool partial_digest(const struct partial *partial, struct sha256 *ret, struct error *error);
/* Renames the partial file to the body of that digest, and closes it. RET
 * is its path. */
bool partial_finish(const struct cache *cache, struct arena *arena, struct partial *partial,
		    const char *sha256, const char **ret, struct error *error);
/* Closes a partial file. A shared one is kept if it has bytes. */
void partial_close(struct partial *partial);

#endif

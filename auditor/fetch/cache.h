/* SPDX-License-Identifier: ISC */
/* cache - files that were fetched, kept from one run to the next:
 *
 *     sha256/ab/abcd...    a body, called by its digest
 *     url/DIGEST           of a URL whose body may change: which body it was, and what the server
 *         called it
 *     partial/DIGEST       a body that has not come whole; DIGEST.tag: what the server called it
 *
 * The digest of what is read is verified, files appear by rename, and the writer of a partial
 * file locks it, so any number of runs may use one cache. Private to unpack/. */
#ifndef KMODAUDIT_CACHE_H
#define KMODAUDIT_CACHE_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"

enum { TAG_MOST = 256 };

struct cache {
	const char *root;
};

/* What the server said to recognise a body by; empty strings where it said nothing. */
struct tag {
	char etag[TAG_MOST], modified[TAG_MOST];
};

/* A body on its way in. */
struct partial {
	int fd; /* -1: none */
	const char *path; /* NULL: none */
	bool shared; /* a later run can continue it */
	uint64_t size;
	struct tag tag; /* of the bytes that are there */
};

/* Makes the directories. */
bool cache_open(const char *root, struct cache *ret, struct error *error);
/* The body of that digest (hex), or NULL. A file that is not what it is called is removed. */
const char *cache_find(const struct cache *cache, struct arena *arena, const char *sha256);
/* What is known of URL: the digest of its body, and TAG; NULL when it was never fetched. */
const char *cache_known(const struct cache *cache, struct arena *arena, const char *url,
			struct tag *tag);
/* Best effort: when it cannot be written, the next run asks again. */
void cache_learn(const struct cache *cache, const char *url, const char *sha256,
		 const struct tag *tag);

/* The partial file of KEY, with what an earlier run left in it unless another run is at it now. */
bool partial_open(const struct cache *cache, struct arena *arena, const char *key,
		  struct partial *ret, struct error *error);
bool partial_write(struct partial *partial, struct span bytes, struct error *error);
bool partial_empty(struct partial *partial, struct error *error);
/* Writes down the tag of what comes now. */
void partial_tag(const struct partial *partial, const struct tag *tag);
bool partial_digest(const struct partial *partial, struct sha256 *ret, struct error *error);
/* Becomes the body of that digest; RET is its path. PART is closed. */
bool partial_finish(const struct cache *cache, struct arena *arena, struct partial *partial,
		    const char *sha256, const char **ret, struct error *error);
/* Closes; a shared one with something in it stays. */
void partial_close(struct partial *partial);

#endif

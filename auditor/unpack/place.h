/* SPDX-License-Identifier: ISC */
/* place - what one unpacking keeps beside the places in it. Private to the door and to the
 * containers that start afresh. */
#ifndef KMODAUDIT_PLACE_H
#define KMODAUDIT_PLACE_H

#include "unpack/reader.h"

#include <stdatomic.h>

struct unpacking {
	const struct visitor *visitor;
	unsigned volumes;
	size_t layouts;
	atomic_uint_least64_t decoded, encoded;
};

/* Threads that the visitor allows, between 1 and POOL_MOST. */
unsigned place_threads(const struct place *place);

/* Like place_entry, never opening: for what is known to be no container. */
bool place_hand(const struct place *place, const struct entry *entry, struct error *error);

/* The path with "." and ".." worked out as if nothing were above the root, and whether a ".."
 * was in it; NULL when it is too long or has a NUL. Says what an unclean path would have
 * meant. */
const char *path_resolve(struct arena *scratch, struct span path, bool *leaves);

#endif

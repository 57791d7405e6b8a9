/* SPDX-License-Identifier: ISC */
/* place - the state that all places of one unpacking share. Private to unpack/:
 * most readers need only reader.h; these start a new unpacking or ask what one has
 * found. */
#ifndef KMODAUDIT_PLACE_H
#define KMODAUDIT_PLACE_H

#include "unpack/reader.h"

#include <stdatomic.h>

struct unpacking {
	const struct visitor *visitor;
	unsigned volumes;
	atomic_size_t entries; /* files and links that the visitor wanted */
	atomic_size_t roots; /* names that show a root file system */
	atomic_size_t parts; /* names that are in one, or in a part of one */
	size_t layouts;
	/* bytes of the file itself, and those decoded from it and from what is
	 * nested in it */
	uint64_t own;
	atomic_uint_least64_t decoded;
};

/* The number of threads that the visitor allows, 1 to POOL_MOST. */
unsigned place_threads(const struct place *place);

/* Tells the visitor that another entry replaces PATH. False: it cannot forget it. */
bool place_replaced(const struct place *place, const char *path);
/* The part of SIZE, which a header states, that the input can have at all: as much is
 * reserved at once, so that a header alone costs no memory. */
uint64_t place_room(const struct place *place, uint64_t size);

/* The number of files and links that were passed on so far. */
size_t place_entries(const struct place *place);

#endif

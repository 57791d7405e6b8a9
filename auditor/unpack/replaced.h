/* SPDX-License-Identifier: ISC */
/* replaced - for a visitor (unpack.h) that is told of paths that an archive has twice: which of
 * the elements of an array it found at a path that came again later. */
#ifndef KMODAUDIT_REPLACED_H
#define KMODAUDIT_REPLACED_H

#include "base/array.h"

/* The array had COUNT elements when PATH came again. */
struct replaced_path {
	unsigned volume;
	const char *path;
	size_t count;
};

/* A zero-initialised struct is empty. */
struct replaced {
	struct replaced_path *list;
	size_t count, room;
};

/* Paths are borrowed. Add all paths, then sort the list, then look up in it. */
void replaced_add(struct arena *arena, struct replaced *replaced, unsigned volume, const char *path,
		  size_t count);
void replaced_sort(struct replaced *replaced);
/* True if element INDEX of the array, found under PATH of VOLUME, does not count. */
bool replaced_has(const struct replaced *sorted, unsigned volume, const char *path, size_t index);

#endif

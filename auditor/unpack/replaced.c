/* SPDX-License-Identifier: ISC */
/* Sorts the paths that an archive has twice, so that a lookup takes a binary search. */
#include "unpack/replaced.h"

static int place_compare(const struct replaced_path *one, unsigned volume, const char *path)
{
	return one->volume != volume ? (one->volume < volume ? -1 : 1) : strcmp(one->path, path);
}

/* sorts by volume and path, the highest count first */
static int replaced_compare(const void *a, const void *b)
{
	const struct replaced_path *x = a, *y = b;
	int order = place_compare(x, y->volume, y->path);

	return order ? order : (x->count < y->count) - (x->count > y->count);
}

void replaced_add(struct arena *arena, struct replaced *replaced, unsigned volume, const char *path,
		  size_t count)
{
	*array_add(arena, replaced) =
		(struct replaced_path){.volume = volume, .path = path, .count = count};
}

void replaced_sort(struct replaced *replaced)
{
	array_sort(replaced, replaced_compare);
}

bool replaced_has(const struct replaced *sorted, unsigned volume, const char *path, size_t index)
{
	size_t at = array_lower(one, sorted, place_compare(one, volume, path) < 0);
	const struct replaced_path *last = array_from(sorted, at);

	return at < sorted->count && place_compare(last, volume, path) == 0 && index < last->count;
}

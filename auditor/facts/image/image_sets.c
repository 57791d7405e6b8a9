/* SPDX-License-Identifier: ISC */
/* Compares the distribution sets of a FreeBSD release with the sums in its MANIFEST, and says that
 * the database of pkg(8) is not read. */
#include "facts/image/image_parts.h"

#include <string.h>

/* A row of MANIFEST (FreeBSD release/scripts/make-manifest.sh), fields separated by tabs:
 *
 *   kernel.txz  sha256 in hex  number of files  name  "description"  on or off
 *
 * The SUM of NAME; empty if no row has it. */
static struct span manifest_sum(struct span manifest, const char *name)
{
	struct span line, file, rest, sum;

	while (span_line(&manifest, &line))
		if (span_split(line, '\t', &file, &rest) && span_is(file, name) &&
		    span_split(rest, '\t', &sum, &rest))
			return sum;
	return (struct span){NULL, 0};
}

static const struct found_file *manifest_beside(const struct image_reading *reading,
						const struct found_set *set)
{
	const char *slash = strrchr(set->path, '/');
	size_t folder = slash ? (size_t)(slash + 1 - set->path) : 0;

	for (size_t i = 0; i < POOL_MOST; i++)
		array_each(file, &reading->workers[i].files) {
			if (file->kept == KEPT_SETS && file->volume == set->volume &&
			    strncmp(file->path, set->path, folder) == 0 &&
			    strcmp(file->path + folder, "MANIFEST") == 0)
				return file;
		}
	return NULL;
}

static bool set_check(struct image_reading *reading, const struct found_set *set,
		      struct error *error)
{
	const struct found_file *manifest = manifest_beside(reading, set);
	const char *slash = strrchr(set->path, '/');

	if (!manifest)
		return true;

	struct span sum = manifest_sum(manifest->bytes, slash ? slash + 1 : set->path);

	if (sum.size == 0)
		image_remark(reading, "%s: it has no sum of %s", manifest->witness, set->path);
	else if (!span_is(sum, set->sha256))
		return fail(error,
			    "%s: its sha256 is %s, but %s states %.64s: data corrupted, or of "
			    "another release",
			    set->path, set->sha256, manifest->path,
			    arena_string(reading->arena, sum));
	return true;
}

static void databases_remark(struct image_reading *reading, const struct found_files *files)
{
	array_each(file, files) {
		if (file->kept == KEPT_PKG_DATABASE)
			image_remark(reading,
				     "%s: not read: which packages are installed is not known",
				     file->witness);
	}
}

bool image_sets(struct image_reading *reading, struct error *error)
{
	for (size_t i = 0; i < POOL_MOST; i++) {
		databases_remark(reading, &reading->workers[i].files);
		array_each(set, &reading->workers[i].sets) {
			if (!set_check(reading, set, error))
				return false;
		}
	}
	return true;
}

/* SPDX-License-Identifier: ISC */
/* Compares the files of a FreeBSD package with those that its manifest lists. */
#include "facts/package/pkg.h"
#include "facts/package/pkg_sum.h"

static const struct pkg_file *file_find(const struct pkg *pkg, const char *path)
{
	size_t at = array_lower(file, &pkg->files, strcmp(file->path, path) < 0);
	const struct pkg_file *file = array_from(&pkg->files, at);

	return at < pkg->files.count && strcmp(file->path, path) == 0 ? file : NULL;
}

void pkg_file_compare(struct arena *arena, struct package *package, const char *path,
		      struct span bytes)
{
	const struct pkg_file *file = file_find(package->pkg, path);
	const char *found = file && file->sum ? pkg_sum_of(arena, file->sum, bytes) : NULL;

	if (!found || strcmp(file->sum, found) == 0)
		return;
	*array_add(arena, &package->pkg->differences) =
		(struct pkg_difference){arena_string(arena, span_text(path)), file->sum, found};
}

void pkg_files_compare(struct arena *arena, struct package *package)
{
	struct pkg *pkg = package->pkg;
	size_t at = 0;

	for (size_t i = 0; i < package->files.count; i++)
		if (!file_find(pkg, package->files.list[i]))
			*array_add(arena, &pkg->unlisted) = package->files.list[i];
	array_each(file, &pkg->files) {
		while (at < package->files.count && strcmp(package->files.list[at], file->path) < 0)
			at++;
		if (at == package->files.count || strcmp(package->files.list[at], file->path) != 0)
			*array_add(arena, &pkg->lacking) = file->path;
	}
}

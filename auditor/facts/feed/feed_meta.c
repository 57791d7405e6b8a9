/* SPDX-License-Identifier: ISC */
/* Reads the meta files of a local feed and sorts out which of its
 * files are catalogues. */
#include "facts/feed/feed_meta.h"
#include "base/text.h"
#include "unpack/file.h"

#include <string.h>
#include <sys/stat.h>

static size_t folder_size(const char *path)
{
	return (size_t)(path_last(path) - path);
}

static bool same_folder(const char *a, const char *b)
{
	return folder_size(a) == folder_size(b) && strncmp(a, b, folder_size(a)) == 0;
}

static void problem_add(struct arena *arena, struct feed_lefts *problems, const char *path,
			const char *why)
{
	*array_add(arena, problems) = (struct feed_left){path, why};
}

void feed_meta_unreadable(struct arena *arena, struct feed_lefts *problems, const char *path,
			  const struct error *why)
{
	problem_add(arena, problems, path,
		    arena_format(arena, "%s; pkg takes the default names then", why->text));
}

/* The catalogue that pkg takes for the AT-th name and the one after it; or NULL. */
static const char *catalogue_find(struct arena *arena, const struct pkg_meta *meta, size_t at)
{
	struct stat status;

	for (size_t i = at; i < at + META_CATALOGUES / 2; i++) {
		const char *path = arena_format(arena, "%.*s%s", (int)folder_size(meta->path),
						meta->path, pkg_meta_archive(arena, meta, i));

		if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
			return path;
	}
	return NULL;
}

static void meta_apply(struct arena *arena, const struct pkg_meta *meta, struct feed_found *found,
		       struct feed_lefts *problems)
{
	bool any = false;

	/* of the catalogues and archives beside META only those that it names count */
	array_drop(index, &found->indexes, same_folder(index->path, meta->path));
	array_drop(file, &found->files,
		   same_folder(*file, meta->path) && pkg_meta_is_special(arena, meta, *file));
	for (size_t at = 0; at < META_CATALOGUES; at += META_CATALOGUES / 2) {
		const char *path = catalogue_find(arena, meta, at);

		any |= path != NULL;
		if (path)
			*array_add(arena, &found->indexes) = (struct feed_index){path, meta};
	}
	if (!any)
		problem_add(arena, problems, meta->path,
			    arena_format(arena,
					 "it names the catalogues %s and %s, and neither is there: "
					 "pkg cannot use the repository",
					 pkg_meta_archive(arena, meta, 0),
					 pkg_meta_archive(arena, meta, 2)));
}

void feed_metas_apply(struct arena *arena, struct feed_found *found, struct feed_lefts *problems)
{
	array_each(path, &found->metas) {
		struct pkg_meta *meta = arena_new(arena, struct pkg_meta);
		struct error error;
		struct span bytes;

		/* pkg asks for meta.txz only where there is no meta.conf */
		if (text_ends(*path, ".txz") &&
		    array_any(other, &found->metas,
			      text_ends(*other, ".conf") && same_folder(*other, *path)))
			continue;
		if (file_read(arena, *path, PKG_META_MOST, &bytes, &error) &&
		    pkg_meta_read(arena, *path, bytes, meta, &error))
			meta_apply(arena, meta, found, problems);
		else
			feed_meta_unreadable(arena, problems, *path, &error);
	}
}

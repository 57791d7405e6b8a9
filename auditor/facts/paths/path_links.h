/* SPDX-License-Identifier: ISC */
/* path_links - symbolic links of a root file system, and the paths that lead through
 * them to modules, and to files that give the module loader orders. */
#ifndef KMODAUDIT_PATH_LINKS_H
#define KMODAUDIT_PATH_LINKS_H

#include "base/arena.h"
#include "facts/paths/path_kept.h"

/* A link, by its path below the root. */
struct path_link {
	const char *path, *target, *witness;
};

struct path_links {
	struct path_link *list; /* sorted by path_links_sort */
	size_t count, room;
};

/* A path through links, and the path without links that it leads to. */
struct path_alias {
	const char *path, *end;
	const struct path_link *link; /* the last one on the way */
	size_t above; /* the number, from 1, of the one before it on the way; 0: none */
};

struct path_aliases {
	struct path_alias *list;
	size_t count, room;
	bool cut; /* there are more */
};

void path_links_sort(struct path_links *links);
/* Where PATH leads, as in the running system: an absolute link begins at the root, and the
 * root has no parent. NULL: in a circle, or the path is too long. */
const char *path_links_end(struct arena *arena, const struct path_links *links, const char *path);
/* The paths of links that are, or are on the way to, a file for which path_decides. */
void path_aliases_find(struct arena *arena, const struct path_links *links,
		       struct path_aliases *ret);
/* The path of FILE, which has no links in it, by way of ALIAS; NULL: it is not there. */
const char *path_alias_of(struct arena *arena, const struct path_alias *alias, const char *file);
/* What PATH, below the root of an image, is, if it is a module, a list of built-in modules,
 * or has orders for the module loader; else KEPT_NOTHING. */
enum kept path_decides(const char *path);

#endif

/* SPDX-License-Identifier: ISC */
/* path - the paths of what lies in containers. */
#ifndef KMODAUDIT_PATH_H
#define KMODAUDIT_PATH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

/* PATH without leading "/" and "./", in SCRATCH. NULL if it has a "." or ".." component
 * after that, an empty component or a NUL, or is too long: a container in which a
 * wanted file has such a path is an error. The root directory itself gives "". */
const char *path_clean(struct arena *scratch, struct span path);
/* The path of what has the NAME in DIRECTORY, a clean path or "" for the root. NULL if that
 * is not one name, or the path would be too long. */
const char *path_child(struct arena *scratch, const char *directory, struct span name,
		       struct error *error);
/* The file that PATH names: "." and ".." are resolved as if the root had no parent.
 * LEAVES: PATH contains a "..". NULL if PATH is too long or contains a NUL. */
const char *path_resolve(struct arena *scratch, struct span path, bool *leaves);

#endif

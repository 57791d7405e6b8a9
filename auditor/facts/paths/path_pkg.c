/* SPDX-License-Identifier: ISC */
/* Decides which file of a FreeBSD system tells what pkg trusts: the files of its
 * repositories, and everything that these may name (pkg.conf(5)). */
#include "base/text.h"
#include "facts/paths/path_kept.h"

#include <string.h>

/* etc/pkg/NAME.conf, usr/local/etc/pkg/repos/NAME.conf, and what these may be
 * links to: usr/local/share/pfSense/pkg/repos/NAME.conf. They name a folder with
 * trusted/NAME and revoked/NAME, or the file of a key:
 * usr/local/etc/pkg/keys/NAME, NAME.pub, NAME.cert. */

/* Where the component usr or etc begins that comes first in PATH; SIZE_MAX:
 * there is none. */
static size_t root_of(const char *path)
{
	for (const char *at = path; at; at = strchr(at, '/')) {
		at += at != path;
		if (strncmp(at, "usr/", 4) == 0 || strncmp(at, "etc/", 4) == 0)
			return (size_t)(at - path);
	}
	return SIZE_MAX;
}

/* True if the folder of the file PATH is NAME: "/pkg/repos/". */
static bool lies_in(const char *path, const char *name)
{
	size_t size = (size_t)(path_last(path) - path), length = strlen(name);

	return size >= length && strncmp(path + size - length, name, length) == 0;
}

enum kept pkg_kept(const char *path, size_t *root)
{
	size_t begin = root_of(path);

	if (begin == SIZE_MAX || !*path_last(path))
		return KEPT_NOTHING;

	const char *inner = path + begin;
	bool conf = text_ends(path, ".conf");

	if (conf && ((strncmp(inner, "etc/pkg/", 8) == 0 && !strchr(inner + 8, '/')) ||
		     lies_in(path, "/pkg/repos/"))) {
		*root = begin;
		return KEPT_PKG_CONF;
	}
	if (!lies_in(path, "/trusted/") && !lies_in(path, "/revoked/") &&
	    !lies_in(path, "/pkg/keys/") && !text_ends(path, ".pub") && !text_ends(path, ".cert"))
		return KEPT_NOTHING;
	*root = begin;
	return KEPT_PKG_KEY;
}

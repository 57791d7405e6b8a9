/* SPDX-License-Identifier: ISC */
/* Decides which distribution set of a FreeBSD release is read (release/Makefile,
 * release/scripts/make-manifest.sh). */
#include "facts/paths/path_kept.h"

#include <string.h>

/* The sets are at the top of a directory, or in usr/freebsd-dist of the installer:
 * kernel.txz, kernel.CONFIG.txz, base.txz, and MANIFEST with their sums. Since
 * 15.0 there are packages instead: FreeBSD-kernel-CONFIG-VERSION.pkg has the
 * kernel, FreeBSD-bootloader-VERSION.pkg the defaults of loader.conf. The other
 * sets (lib32, src, tests, ...) and debug symbols have no kernel, no modules and
 * nothing of boot/. */
static bool is_opened(const char *name)
{
	if (strncmp(name, "FreeBSD-kernel-", 15) == 0 ||
	    strncmp(name, "FreeBSD-bootloader-", 19) == 0)
		return text_ends(name, ".pkg") && !strstr(name, "-dbg-");
	return strcmp(name, "base.txz") == 0 ||
	       (strncmp(name, "kernel.", 7) == 0 && text_ends(name, ".txz") &&
		!text_ends(name, "-dbg.txz"));
}

bool dist_kept(const char *path, enum kept *ret)
{
	static const char folder[] = "usr/freebsd-dist/";
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t before = (size_t)(name - path), size = sizeof folder - 1;
	bool dist = before >= size && strncmp(name - size, folder, size) == 0 &&
		    (before == size || name[-(ptrdiff_t)size - 1] == '/');

	if (before > 0 && !dist)
		return false;
	*ret = strcmp(name, "MANIFEST") == 0 ? KEPT_SETS
	       : is_opened(name)	     ? KEPT_KERNEL
	       : text_ends(name, ".txz")     ? KEPT_SET
					     : KEPT_NOTHING;
	return dist || *ret != KEPT_NOTHING;
}

bool dist_is_set(const char *path)
{
	enum kept kept;

	return dist_kept(path, &kept) && kept == KEPT_KERNEL;
}

/* SPDX-License-Identifier: ISC */
/* Decides which distribution set of a FreeBSD release is read (release/Makefile,
 * release/scripts/make-manifest.sh). */
#include "facts/paths/path_kept.h"

#include <string.h>

/* The sets are at the top of a directory, or in usr/freebsd-dist of the installer: kernel.txz,
 * kernel.CONFIG.txz, and MANIFEST with their sums. Since 15.0 there are packages instead,
 * of which FreeBSD-kernel-CONFIG-VERSION.pkg has the kernel. Debug symbols (kernel-dbg.txz) and
 * sets without a kernel are not read. */
static bool is_kernel_set(const char *name)
{
	if (strncmp(name, "FreeBSD-kernel-", 15) == 0)
		return text_ends(name, ".pkg") && !strstr(name, "-dbg-");
	return strncmp(name, "kernel.", 7) == 0 && text_ends(name, ".txz") &&
	       !text_ends(name, "-dbg.txz");
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
	if (strcmp(name, "MANIFEST") == 0)
		*ret = KEPT_SETS;
	else if (is_kernel_set(name))
		*ret = KEPT_KERNEL;
	else
		*ret = KEPT_NOTHING;
	return dist || *ret != KEPT_NOTHING || text_ends(name, "-dbg.txz");
}

/* SPDX-License-Identifier: ISC */
/* path_kept - which files of an image are read, by their paths. */
#ifndef KMODAUDIT_PATH_KEPT_H
#define KMODAUDIT_PATH_KEPT_H

#include "base/span.h"

/* What a path is to us. */
enum kept {
	KEPT_NOTHING,
	KEPT_MODULE,
	KEPT_KERNEL, /* a kernel, or a container of one or of a root file system: to be opened */
	KEPT_OPKG_STATUS,
	KEPT_IPKG_STATUS,
	KEPT_DPKG_STATUS,
	KEPT_CONTROL, /* of one installed package */
	KEPT_LIST, /* its files */
	KEPT_APK,
	KEPT_BUILTIN,
	KEPT_OPENWRT_RELEASE,
	KEPT_OPENWRT_VERSION,
	KEPT_OS_RELEASE,
	KEPT_KEY,
	KEPT_FEEDS,
	KEPT_APK_WORLD,
	KEPT_APK_ARCH,
	KEPT_PROVIDERS,
	KEPT_AUTOLOAD,
	KEPT_LOADER, /* by name, or a link named modprobe */
	KEPT_LIB, /* lib, where it is a link */
	KEPT_CONFIG,
	KEPT_SYMVERS,
	KEPT_STRAY, /* a module where no loader looks for one by itself: only its name is kept */
};

/* What PATH is, and how many bytes of it lead to the root directory that it belongs to
 * ("rootfs/etc/os-release": 7). */
enum kept path_kept(const char *path, size_t *root);
/* path_trees.c: the same for what a build leaves behind; INSIDE is false where PATH is not
 * below such a tree. */
enum kept tree_kept(const char *path, size_t *root, bool *inside);
/* "lib/modules/<release>/..." and "modules/<release>/...": the release, else empty. */
struct span path_release(const char *path);

#endif

/* SPDX-License-Identifier: ISC */
/* path_kept - decides by the path of a file in an image whether it is read, and as
 * what. */
#ifndef KMODAUDIT_PATH_KEPT_H
#define KMODAUDIT_PATH_KEPT_H

#include "unpack/unpack.h"

/* What a file is, according to its path. */
enum kept {
	KEPT_NOTHING,
	KEPT_MODULE,
	KEPT_KERNEL, /* a kernel, or a container of a kernel or root file system, which is opened */
	KEPT_OPKG_STATUS,
	KEPT_IPKG_STATUS,
	KEPT_DPKG_STATUS,
	KEPT_CONTROL, /* the control file of one installed package */
	KEPT_LIST, /* the file list of an installed package */
	KEPT_APK,
	KEPT_BUILTIN,
	KEPT_OPENWRT_RELEASE,
	KEPT_OPENWRT_VERSION,
	KEPT_OS_RELEASE,
	KEPT_KEY,
	KEPT_PKG_CONF, /* a repository of FreeBSD's pkg */
	KEPT_PKG_KEY, /* what such a file may name: a key, or a fingerprint */
	KEPT_FEEDS,
	KEPT_APK_WORLD,
	KEPT_APK_ARCH,
	KEPT_PROVIDERS,
	KEPT_AUTOLOAD,
	KEPT_COMMAND_LINE, /* of a boot loader: it has the kernel's command line */
	KEPT_LOADER_RULES, /* what the module loader leaves out: etc/modules.conf, etc/modprobe.d */
	KEPT_SYSCTL, /* etc/sysctl.conf, etc/sysctl.d, etc/rc.local */
	KEPT_RC_CONF, /* what rc of FreeBSD obeys, or a link in place of a directory of it */
	KEPT_LOADER, /* a module loader by name, or a link named modprobe */
	KEPT_LIB, /* the path lib, if it is a link */
	KEPT_CONFIG,
	KEPT_SYMVERS,
	KEPT_HINTS, /* boot/KERNEL/linker.hints of FreeBSD */
	KEPT_LOADER_CONF, /* boot/loader.conf of FreeBSD and the files beside it */
	KEPT_SETS, /* MANIFEST: the sums of the distribution sets beside it */
	KEPT_SET, /* a distribution set that is not opened; only its name is kept */
	KEPT_PKG_DATABASE, /* packages that pkg(8) installed; only its name is kept */
	KEPT_FOLDER, /* boot/NAME of FreeBSD, if it is a link to a directory */
	KEPT_DEVICE_KERNEL, /* of a build tree: read if the tree has no vmlinux beside it */
	KEPT_LINK, /* any other link: paths may lead through it to files above */
	KEPT_STRAY, /* a module in a place where no loader searches; only its name is kept */
};

/* What PATH is. ROOT gets the length of the part before the root directory that it
 * belongs to: 7 for "rootfs/etc/os-release". */
enum kept path_kept(const char *path, size_t *root);
/* path_trees.c: the same for files of a build tree. INSIDE is false if PATH is not
 * below such a tree. */
enum kept tree_kept(const char *path, size_t *root, bool *inside);
/* path_boot.c: the same for files below boot/ of FreeBSD. */
enum kept boot_kept(const char *path, size_t *root);
/* True if PATH is boot/NAME. */
bool boot_is_folder(const char *path, size_t *root);
/* True if PATH is one of these files without "boot/" before it. */
bool boot_is_bare(const char *path);
/* The directory of a file two levels below boot: "boot/kernel" in
 * "rootfs/boot/kernel/if_em.ko". Empty for other paths. */
struct span boot_folder(const char *path);
/* path_pkg.c: the same for the configuration of FreeBSD's pkg. */
enum kept pkg_kept(const char *path, size_t *root);
/* path_sets.c: the same for distribution sets of FreeBSD, whose root is the
 * top. False if PATH is none of them and can be anything else. Those that are
 * opened are KEPT_KERNEL. */
bool dist_kept(const char *path, enum kept *ret);
/* True if PATH is a set that is opened. */
bool dist_is_set(const char *path);
/* path_want.c: how a file of SIZE bytes is read that is KEPT. */
enum want kept_want(enum kept kept, uint64_t size);
/* path_names.c: the release in "lib/modules/<release>/..." or "modules/<release>/..."; empty
 * for other paths. */
struct span path_release(const char *path);
/* Where START, "boot/", begins a component of PATH for the first time; NULL: nowhere. */
const char *component_find(const char *path, const char *start);
/* True if PATH is a member of a sysupgrade archive: sysupgrade-BOARD/kernel. */
bool path_is_sysupgrade(const char *path);

/* path_beside.c: what PATH tells of the container that has it. */
enum sign path_root(const char *path);
/* Whether PATH, beside a kernel in a container that is no root file system, may have that;
 * EARLY: none else has. */
enum want beside_wanted(const char *path, bool early);

#endif

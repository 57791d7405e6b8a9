/* SPDX-License-Identifier: ISC */
/* Decides by its path whether a file is in a root file system, and which files beside a kernel
 * may be a root file system. */
#include "facts/package/package_file.h"
#include "facts/paths/path_kept.h"

#include <string.h>

/* Files of every root file system of one kind: busybox, systemd, OpenWrt, FreeBSD. */
static const char *const marks[] = {
	"bin/sh",
	"bin/busybox",
	"sbin/init",
	"lib/systemd/systemd",
	"etc/passwd",
	"etc/os-release",
	"usr/lib/os-release",
	"etc/openwrt_release",
	"var/lib/dpkg/status",
	"lib/apk/db/installed",
	"lib/opkg/status",
	"var/db/pkg/local.sqlite",
};

/* Directories of a root file system, of packages and of boot loaders, in any folder. */
static const char *const not_firmware[] = {
	"lib", "lib64", "usr",	 "var",	      "etc",	     "sbin",	 "proc",  "sys",
	"dev", "run",	"home",	 "build_dir", "staging_dir", "pool",	 "dists", "pool-udeb",
	"d-i", "grub",	"grub2", "EFI",	      "efi",	     "overlays",
};

/* Programs and tables of boot loaders: memory tests have the form of a kernel of Linux. */
static const char *const not_ends[] = {".dtb", ".dtbo", ".efi", ".EFI", ".elf", ".c32", ".mod"};

static bool is_mark(const char *path, const char *mark)
{
	return text_ends(path, mark) &&
	       (strlen(path) == strlen(mark) || path[strlen(path) - strlen(mark) - 1] == '/');
}

enum sign path_root(const char *path)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (is_mark(path, marks[i]))
			return strlen(path) == strlen(marks[i]) ? SIGN_WHOLE : SIGN_FOLDER;
	return !text_ends(path, "/") && path_release(path).size > 0 ? SIGN_PART : SIGN_NONE;
}

static bool is_loader(const char *name)
{
	for (size_t i = 0; i < sizeof not_ends / sizeof *not_ends; i++)
		if (text_ends(name, not_ends[i]))
			return true;
	return strncmp(name, "memtest", 7) == 0;
}

/* True if a directory in PATH is one of those that have no firmware, or a hidden one (.git). */
static bool is_elsewhere(const char *path)
{
	struct span rest = span_text(path), name;

	if (path[0] == '.' || strstr(path, "/."))
		return true;
	while (span_split(rest, '/', &name, &rest))
		for (size_t i = 0; i < sizeof not_firmware / sizeof *not_firmware; i++)
			if (span_is(name, not_firmware[i]))
				return true;
	return false;
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The early root file system of a running system, of which the real one is elsewhere; that
 * of an installer is all there is. */
static bool is_early(const char *path)
{
	const char *name = name_of(path);

	return strncmp(name, "initr", 5) == 0 || strncmp(name, "uInitrd", 7) == 0;
}

enum want beside_wanted(const char *path, bool early)
{
	size_t root;

	if (is_elsewhere(path) || is_loader(name_of(path)))
		return WANT_NOTHING;
	if (text_ends(path, "/"))
		return WANT_NAME;
	if (is_early(path) != early || package_kind_of(path) != KIND_OTHER)
		return WANT_NOTHING;
	return path_kept(path, &root) == KEPT_NOTHING ? WANT_OPEN : WANT_NOTHING;
}

/* SPDX-License-Identifier: ISC */
/* Decides by its path whether a file is in a root file system, and which files beside a kernel
 * may be a root file system. */
#include "base/text.h"
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

enum sign path_root(const char *path)
{
	size_t size = strlen(path);

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t mark = strlen(marks[i]);

		if (text_ends(path, marks[i]) && (size == mark || path[size - mark - 1] == '/'))
			return size == mark ? SIGN_WHOLE : SIGN_FOLDER;
	}
	return !text_ends(path, "/") && path_release(path).size > 0 ? SIGN_PART : SIGN_NONE;
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

enum want beside_wanted(const char *path, bool early)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	/* the early root file system of a running system, of which the real one is elsewhere;
	 * that of an installer is all there is */
	bool initial = text_after(name, "initr") || text_after(name, "uInitrd");
	size_t root;

	for (size_t i = 0; i < sizeof not_ends / sizeof *not_ends; i++)
		if (text_ends(name, not_ends[i]))
			return WANT_NOTHING;
	if (is_elsewhere(path) || text_after(name, "memtest"))
		return WANT_NOTHING;
	if (text_ends(path, "/"))
		return WANT_NAME;
	if (initial != early || package_kind_of(path) != KIND_OTHER)
		return WANT_NOTHING;
	return path_kept(path, &root) == KEPT_NOTHING ? WANT_OPEN : WANT_NOTHING;
}

/* SPDX-License-Identifier: ISC */
/* Decides by its path which file of a root file system is wanted (module, kernel,
 * database, config, ...) and where that root begins. */
#include "base/text.h"
#include "facts/package/package_file.h"
#include "facts/paths/path_kept.h"

#include <string.h>

/* DEEPER: in a folder of the path. */
enum how { WHOLE, BEGIN, BELOW, DEEPER };

/* The wanted files, by their paths relative to the root directory of the image. */
static const struct place_of {
	const char *path, *end;
	enum how how;
	enum kept kept;
} places[] = {
	{"usr/lib/opkg/status", "", WHOLE, KEPT_OPKG_STATUS},
	{"var/lib/opkg/status", "", WHOLE, KEPT_OPKG_STATUS},
	{"usr/lib/ipkg/status", "", WHOLE, KEPT_IPKG_STATUS},
	{"usr/lib/opkg/info/", ".control", BELOW, KEPT_CONTROL},
	{"usr/lib/ipkg/info/", ".control", BELOW, KEPT_CONTROL},
	{"usr/lib/opkg/info/", ".list", BELOW, KEPT_LIST},
	{"usr/lib/ipkg/info/", ".list", BELOW, KEPT_LIST},
	{"var/lib/dpkg/status", "", WHOLE, KEPT_DPKG_STATUS},
	{"var/lib/dpkg/status.d/", "", BELOW, KEPT_DPKG_STATUS},
	{"var/lib/dpkg/info/", ".list", BELOW, KEPT_LIST},
	{"usr/lib/apk/db/installed", "", WHOLE, KEPT_APK},
	{"lib/apk/db/installed", "", WHOLE, KEPT_APK},
	{"var/db/pkg/local.sqlite", "", WHOLE, KEPT_PKG_DATABASE},
	{"etc/openwrt_release", "", WHOLE, KEPT_OPENWRT_RELEASE},
	{"etc/openwrt_version", "", WHOLE, KEPT_OPENWRT_VERSION},
	{"etc/os-release", "", WHOLE, KEPT_OS_RELEASE},
	{"usr/lib/os-release", "", WHOLE, KEPT_OS_RELEASE},
	{"etc/opkg/keys/", "", BELOW, KEPT_KEY},
	{"etc/opkg.conf", "", WHOLE, KEPT_FEEDS},
	{"etc/opkg/", ".conf", BELOW, KEPT_FEEDS},
	{"etc/apk/repositories", "", WHOLE, KEPT_FEEDS},
	{"etc/apk/repositories.d/", ".list", BELOW, KEPT_FEEDS},
	{"etc/apk/keys/", "", BELOW, KEPT_KEY},
	{"etc/apk/world", "", WHOLE, KEPT_APK_WORLD},
	{"etc/apk/arch", "", WHOLE, KEPT_APK_ARCH},
	{"usr/share/kmodaudit/providers/", ".yaml", BELOW, KEPT_PROVIDERS},
	{"etc/kmodaudit/providers/", ".yaml", BELOW, KEPT_PROVIDERS},
	{"usr/sbin/kmodloader", "", WHOLE, KEPT_LOADER},
	{"sbin/kmodloader", "", WHOLE, KEPT_LOADER},
	{"usr/bin/kmod", "", WHOLE, KEPT_LOADER},
	{"usr/sbin/kmod", "", WHOLE, KEPT_LOADER},
	{"bin/kmod", "", WHOLE, KEPT_LOADER},
	{"sbin/kmod", "", WHOLE, KEPT_LOADER},
	{"usr/sbin/modprobe", "", WHOLE, KEPT_LOADER},
	{"usr/bin/modprobe", "", WHOLE, KEPT_LOADER},
	{"sbin/modprobe", "", WHOLE, KEPT_LOADER},
	{"etc/modules.d/", "", BELOW, KEPT_AUTOLOAD},
	{"etc/modules-boot.d/", "", BELOW, KEPT_AUTOLOAD},
	{"etc/modules-load.d/", ".conf", BELOW, KEPT_AUTOLOAD},
	{"etc/modules", "", WHOLE, KEPT_AUTOLOAD},
	{"etc/defaults/rc.conf", "", WHOLE, KEPT_RC_CONF},
	{"etc/defaults/vendor.conf", "", WHOLE, KEPT_RC_CONF},
	{"etc/rc.conf", "", WHOLE, KEPT_RC_CONF},
	{"etc/rc.conf.local", "", WHOLE, KEPT_RC_CONF},
	{"usr/local/etc/rc.conf.d/", "", BELOW, KEPT_RC_CONF},
	{"usr/local/etc/rc.conf.d/", "", DEEPER, KEPT_RC_CONF},
	{"usr/local/etc/rc.d/", "", BELOW, KEPT_RC_CONF},
	{"etc/local/rc.conf.d/", "", BELOW, KEPT_RC_CONF},
	{"etc/local/rc.conf.d/", "", DEEPER, KEPT_RC_CONF},
	{"etc/local/rc.d/", "", BELOW, KEPT_RC_CONF},
	{"usr/local/etc/rc.conf.d", "", WHOLE, KEPT_RC_CONF},
	{"usr/local/etc/rc.d", "", WHOLE, KEPT_RC_CONF},
	{"usr/local/etc", "", WHOLE, KEPT_RC_CONF},
	{"usr/local", "", WHOLE, KEPT_RC_CONF},
	{"etc/rc.conf.d", "", WHOLE, KEPT_RC_CONF},
	{"etc/defaults", "", WHOLE, KEPT_RC_CONF},
	{"etc", "", WHOLE, KEPT_RC_CONF},
	{"etc/rc.conf.d/", "", BELOW, KEPT_RC_CONF},
	{"etc/rc.conf.d/", "", DEEPER, KEPT_RC_CONF},
	{"grub/grub.cfg", "", WHOLE, KEPT_COMMAND_LINE},
	{"grub2/grub.cfg", "", WHOLE, KEPT_COMMAND_LINE},
	{"EFI/BOOT/grub.cfg", "", WHOLE, KEPT_COMMAND_LINE},
	{"efi/boot/grub.cfg", "", WHOLE, KEPT_COMMAND_LINE},
	{"extlinux/extlinux.conf", "", WHOLE, KEPT_COMMAND_LINE},
	{"syslinux/syslinux.cfg", "", WHOLE, KEPT_COMMAND_LINE},
	{"isolinux/isolinux.cfg", "", WHOLE, KEPT_COMMAND_LINE},
	{"loader/entries/", ".conf", BELOW, KEPT_COMMAND_LINE},
	{"boot/cmdline.txt", "", WHOLE, KEPT_COMMAND_LINE},
	{"boot/firmware/cmdline.txt", "", WHOLE, KEPT_COMMAND_LINE},
	{"boot/uEnv.txt", "", WHOLE, KEPT_COMMAND_LINE},
	{"boot/", ".dtb", BELOW, KEPT_COMMAND_LINE},
	{"fit/", ".dtb", BELOW, KEPT_COMMAND_LINE},
	{"appended/", ".dtb", BELOW, KEPT_COMMAND_LINE},
	{"boot/config-", "", BEGIN, KEPT_CONFIG},
	{"boot/System.map", "", BEGIN, KEPT_SYMVERS},
	{"boot/Module.symvers", "", BEGIN, KEPT_SYMVERS},
	{"boot/symvers-", "", BEGIN, KEPT_SYMVERS},
};

/* Files beside a kernel, in a directory that is not a root file system. */
static const struct place_of tops[] = {
	{".config", "", WHOLE, KEPT_CONFIG},
	{"config", "", WHOLE, KEPT_CONFIG},
	{"kernel.config", "", WHOLE, KEPT_CONFIG},
	{"config-", "", BEGIN, KEPT_CONFIG},
	{"Module.symvers", "", BEGIN, KEPT_SYMVERS},
	{"System.map", "", BEGIN, KEPT_SYMVERS},
	{"cmdline.txt", "", WHOLE, KEPT_COMMAND_LINE},
	{"extlinux.conf", "", WHOLE, KEPT_COMMAND_LINE},
	{"syslinux.cfg", "", WHOLE, KEPT_COMMAND_LINE},
	{"uEnv.txt", "", WHOLE, KEPT_COMMAND_LINE},
};

/* Files beside the modules of a kernel, in lib/modules/RELEASE: where Fedora, openSUSE, Arch and
 * Debian (from Linux 7) install the kernel and what describes it. */
static const struct place_of beside_modules[] = {
	{"modules.builtin", "", WHOLE, KEPT_BUILTIN},
	{"modules.builtin.modinfo", "", WHOLE, KEPT_BUILTIN},
	{"config", "", WHOLE, KEPT_CONFIG},
	{"System.map", "", BEGIN, KEPT_SYMVERS},
	{"Module.symvers", "", BEGIN, KEPT_SYMVERS},
	{"symvers", "", BEGIN, KEPT_SYMVERS},
};

static bool tail_fits(const struct place_of *place, const char *tail)
{
	if (place->how == WHOLE)
		return *tail == '\0';
	if (place->how == BEGIN)
		return !strchr(tail, '/');
	if (place->how == DEEPER) {
		tail = strchr(tail, '/');
		if (!tail++)
			return false;
	}
	return *tail && !strchr(tail, '/') && text_ends(tail, place->end);
}

/* True if the place's path occurs in PATH at the start of a component. */
static bool place_fits(const struct place_of *place, const char *path, size_t *root)
{
	for (const char *at = path; (at = strstr(at, place->path)); at++)
		if ((at == path || at[-1] == '/') && tail_fits(place, at + strlen(place->path))) {
			*root = (size_t)(at - path);
			return true;
		}
	return false;
}

/* True if PATH is one of PATHS (facts/kernel/loader_rules.h) below ROOT. */
static bool order_fits(const char *const *paths, const char *path, size_t *root)
{
	for (; *paths; paths++) {
		struct place_of place = {*paths, ".conf", text_ends(*paths, "/") ? BELOW : WHOLE,
					 KEPT_NOTHING};

		if (place_fits(&place, path, root))
			return true;
	}
	return false;
}

const char *component_find(const char *path, const char *start)
{
	for (const char *at = path; (at = strstr(at, start)); at++)
		if (at == path || at[-1] == '/')
			return at;
	return NULL;
}

struct span path_release(const char *path)
{
	struct span release = release_of_path(path), rest;

	if (release.size == 0 && strncmp(path, "modules/", 8) == 0)
		span_split(span_text(path + 8), '/', &release, &rest);
	return release;
}

/* The length of the root in a path below modules/: "rootfs/" for
 * "rootfs/usr/lib/modules/4.14.275/". */
static size_t modules_root(const char *path, struct span release)
{
	size_t root = (size_t)((const char *)release.data - path) - strlen("modules/");

	if (root >= 4 && strncmp(path + root - 4, "lib/", 4) == 0)
		root -= 4;
	if (root >= 4 && strncmp(path + root - 4, "usr/", 4) == 0 &&
	    (root == 4 || path[root - 5] == '/'))
		root -= 4;
	return root;
}

bool path_is_sysupgrade(const char *path)
{
	const char *slash = strchr(path, '/');

	return strncmp(path, "sysupgrade-", 11) == 0 && slash && !strchr(slash + 1, '/');
}

static bool is_kernel_name(const char *name)
{
	bool begins = text_after(name, "vmlinux") || text_after(name, "vmlinuz") ||
		      text_after(name, "kernel");

	return (begins || strstr(name, "Image")) && package_kind_of(name) == KIND_OTHER &&
	       !strstr(name, ".config") && !text_ends(name, ".dtb") &&
	       !text_ends(name, ".manifest") && !text_ends(name, ".sig");
}

/* A kernel is in boot/, at the top, or beside the root file system in a sysupgrade archive.
 * Boot loaders of Netgear read it from a squashfs of its own (OpenWrt
 * target/linux/ath79/image/generic.mk, Build/netgear-squashfs). */
static bool is_kernel(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t folder = (size_t)(name - path);
	bool sysupgrade = path_is_sysupgrade(path);

	if ((sysupgrade && strcmp(name, "root") == 0) || strcmp(path, "image/uImage") == 0)
		return true;
	if (!is_kernel_name(name))
		return false;
	return folder == 0 || sysupgrade || (folder >= 5 && strncmp(name - 5, "boot/", 5) == 0);
}

/* What NAME is among TABLE, of which paths are at the start of NAME. */
static enum kept table_kept(const struct place_of *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(table[i].path);

		if (strncmp(name, table[i].path, size) == 0 && tail_fits(&table[i], name + size))
			return table[i].kept;
	}
	return KEPT_NOTHING;
}

/* What a file is that is in the directory of the modules of RELEASE; RELEASE is part of its
 * path. */
static enum kept beside_kept(struct span release)
{
	const char *name = (const char *)release.data + release.size + 1;
	enum kept kept =
		table_kept(beside_modules, sizeof beside_modules / sizeof *beside_modules, name);

	if (strchr(name, '/'))
		return KEPT_NOTHING;
	return kept == KEPT_NOTHING && is_kernel_name(name) ? KEPT_KERNEL : kept;
}

/* The length of the root in the path of a stray module: the part before
 * [usr/]lib/modules/, as in "rootfs/lib/modules/x.ko"; 0 if there is none. */
static size_t stray_root(const char *path)
{
	static const char *const folders[] = {"lib/modules/", "usr/lib/modules/"};
	size_t root = SIZE_MAX;

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *at = strstr(path, folders[i]);

		if (at && (at == path || at[-1] == '/') && (size_t)(at - path) < root)
			root = (size_t)(at - path);
	}
	return root == SIZE_MAX ? 0 : root;
}

enum kept path_kept(const char *path, size_t *root)
{
	struct span release = path_release(path);
	bool inside;
	enum kept kept = tree_kept(path, root, &inside);

	if (inside)
		return kept;
	*root = 0;
	if (dist_kept(path, &kept))
		return kept;
	if (release.size > 0) {
		*root = modules_root(path, release);
		kept = module_is_path(path) ? KEPT_MODULE : beside_kept(release);
		if (kept != KEPT_NOTHING)
			return kept;
	}
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (place_fits(&places[i], path, root))
			return places[i].kept;
	if (order_fits(loader_rules_paths, path, root))
		return KEPT_LOADER_RULES;
	if (order_fits(sysctl_paths, path, root))
		return KEPT_SYSCTL;
	kept = release.size == 0 ? boot_kept(path, root) : KEPT_NOTHING;
	if (kept == KEPT_NOTHING)
		kept = pkg_kept(path, root);
	if (kept != KEPT_NOTHING)
		return kept;
	if (strcmp(path, "lib") == 0 || text_ends(path, "/lib")) {
		*root = strlen(path) - 3;
		return KEPT_LIB;
	}
	*root = stray_root(path);
	if (release.size == 0 && strchr(path, '/') && module_is_path(path))
		return KEPT_STRAY;
	*root = 0;
	kept = strchr(path, '/') ? KEPT_NOTHING
				 : table_kept(tops, sizeof tops / sizeof *tops, path);
	if (kept != KEPT_NOTHING)
		return kept;
	if (is_kernel(path))
		return KEPT_KERNEL;
	return boot_is_folder(path, root) ? KEPT_FOLDER : KEPT_NOTHING;
}

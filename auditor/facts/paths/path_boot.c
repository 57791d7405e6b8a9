/* SPDX-License-Identifier: ISC */
/* Decides which file below the directory boot of a FreeBSD system is wanted (hier(7),
 * loader.conf(5), kldxref(8)). */
#include "facts/package/package_file.h"
#include "base/text.h"
#include "facts/paths/path_kept.h"

#include <string.h>

/* boot/KERNEL/kernel[.gz], boot/KERNEL/NAME.ko, boot/KERNEL/linker.hints, the
 * same without a kernel in boot/modules; boot/loader.conf,
 * boot/loader.conf.local, boot/loader.conf.d/[PRODUCT/]NAME.conf,
 * boot/defaults/loader.conf, which may name others: boot/[FOLDER/]NAME.conf,
 * boot/loader.conf.NAME; boot/lua/local.lua, which the loader runs. Of
 * boot/KERNEL/NAME.ko.bz2 only the name is kept. */

struct span boot_folder(const char *path)
{
	const char *boot = component_find(path, "boot/"),
		   *end = boot ? strchr(boot + 5, '/') : NULL;

	return end && !strchr(end + 1, '/') ? span_from(boot, (size_t)(end - boot))
					    : (struct span){NULL, 0};
}

static bool is_kernel_name(const char *name)
{
	static const char *const names[] = {"kernel", "kernel.gz", "kernel.bz2", "kernel.zst",
					    NULL};

	return text_among(name, names);
}

static bool is_loader_conf(const char *rest)
{
	const char *name = text_after(rest, "loader.conf.d/");

	return strcmp(rest, "loader.conf") == 0 || strcmp(rest, "loader.conf.local") == 0 ||
	       strcmp(rest, "defaults/loader.conf") == 0 ||
	       (name && !strchr(name, '/') && text_ends(name, ".conf"));
}

static bool is_other_conf(const char *rest)
{
	const char *slash;

	if (strncmp(rest, "loader.conf.d/", 14) == 0)
		rest += 14;
	slash = strchr(rest, '/');
	if (text_ends(rest, ".conf"))
		return !slash || !strchr(slash + 1, '/');
	return !slash && strncmp(rest, "loader.conf.", 12) == 0;
}

/* An input can be the directory boot itself. */
bool boot_is_bare(const char *path)
{
	static const char *const folders[] = {"kernel/", "kernel.old/", "modules/"};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *name = text_after(path, folders[i]);

		if (name && !strchr(name, '/') &&
		    (is_kernel_name(name) || strcmp(name, "linker.hints") == 0 ||
		     module_is_path(name)))
			return true;
	}
	return is_loader_conf(path);
}

bool boot_is_folder(const char *path, size_t *root)
{
	const char *boot = component_find(path, "boot/");

	if (!boot || !boot[5] || strchr(boot + 5, '/'))
		return false;
	*root = (size_t)(boot - path);
	return true;
}

enum kept boot_kept(const char *path, size_t *root)
{
	const char *boot = component_find(path, "boot/"), *name;
	struct span folder = boot_folder(path);

	*root = boot ? (size_t)(boot - path) : 0;
	if (boot && (is_loader_conf(boot + 5) || is_other_conf(boot + 5) ||
		     strcmp(boot + 5, "lua/local.lua") == 0))
		return KEPT_LOADER_CONF;
	if (folder.size == 0)
		return KEPT_NOTHING;
	name = (const char *)folder.data + folder.size + 1;
	if (is_kernel_name(name))
		return KEPT_KERNEL;
	if (strcmp(name, "linker.hints") == 0)
		return KEPT_HINTS;
	if (text_ends(name, ".ko.bz2"))
		return KEPT_STRAY;
	return module_is_path(name) ? KEPT_MODULE : KEPT_NOTHING;
}

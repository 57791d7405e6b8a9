/* SPDX-License-Identifier: ISC */
/* Decides by its path which file of a build tree, SDK or ImageBuilder directory is
 * wanted (OpenWrt target/sdk/Makefile, include/kernel.mk). */
#include "facts/package/package_file.h"
#include "facts/paths/path_kept.h"

#include <string.h>

/* The directories of a build tree, which may be complete (buildroot) or reduced to an SDK or
 * ImageBuilder (OpenWrt: target/sdk/Makefile, target/imagebuilder/Makefile, include/kernel.mk):
 *
 *   build_dir/target-MACHINE/linux-TARGET/vmlinux, vmlinux.elf
 *       the kernel
 *   build_dir/target-MACHINE/linux-TARGET/tl-wr841-v8-kernel.bin, vmlinux-gl-mt300a, Image
 *       the same, as it goes into the images of a device
 *   build_dir/target-MACHINE/linux-TARGET/linux-VERSION/
 *       the kernel's own tree: vmlinux, .config, Module.symvers, System.map,
 *       modules.builtin, *.ko
 *   build_dir/target-MACHINE/root-TARGET/
 *       the root file system of the image
 *   build_dir/..., staging_dir/...
 *       everything else: copies and other programs */

static const char *component_skip(const char *path)
{
	const char *slash = strchr(path, '/');

	return slash ? slash + 1 : path + strlen(path);
}

static enum kept kernel_tree_kept(const char *path)
{
	static const struct {
		const char *path;
		enum kept kept;
	} files[] = {
		{".config", KEPT_CONFIG},
		{"Module.symvers", KEPT_SYMVERS},
		{"System.map", KEPT_SYMVERS},
		{"modules.builtin", KEPT_BUILTIN},
		{"modules.builtin.modinfo", KEPT_BUILTIN},
		{"vmlinux", KEPT_KERNEL},
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (strcmp(path, files[i].path) == 0)
			return files[i].kept;
	return module_is_path(path) ? KEPT_MODULE : KEPT_NOTHING;
}

enum kept tree_kept(const char *path, size_t *root, bool *inside)
{
	const char *at = component_find(path, "build_dir/");

	*inside = at || component_find(path, "staging_dir/");
	*root = 0;
	if (!at || strncmp(at, "build_dir/target-", 17) != 0)
		return KEPT_NOTHING;
	at = component_skip(component_skip(at));
	*inside = strncmp(at, "root-", 5) != 0 || !strchr(at, '/');
	if (!*inside || strncmp(at, "linux-", 6) != 0)
		return KEPT_NOTHING;
	at = component_skip(at);
	if (!strchr(at, '/')) {
		bool kernel = (strncmp(at, "vmlinux", 7) == 0 && !strstr(at, ".debug")) ||
			      text_ends(at, "-kernel.bin") || text_ends(at, "Image");

		if (strcmp(at, "vmlinux") == 0 || strcmp(at, "vmlinux.elf") == 0)
			return KEPT_KERNEL;
		return kernel ? KEPT_DEVICE_KERNEL : KEPT_NOTHING;
	}
	if (strncmp(at, "linux-", 6) != 0)
		return KEPT_NOTHING;
	at = component_skip(at);
	*root = (size_t)(at - path);
	return kernel_tree_kept(at);
}

/* SPDX-License-Identifier: ISC */
/* Records as unread what an image should contain and does not: files above the size
 * limit, texts with bytes that no text has, damaged kernels and modules, and modules
 * that its package database lists. Whatever container it came in, these show that
 * something was lost. */
#include "facts/image/image_parts.h"

#include <string.h>

static const bool is_text[KEPT_STRAY + 1] = {
	[KEPT_OPKG_STATUS] = true,
	[KEPT_IPKG_STATUS] = true,
	[KEPT_DPKG_STATUS] = true,
	[KEPT_CONTROL] = true,
	[KEPT_LIST] = true,
	[KEPT_APK] = true,
	[KEPT_BUILTIN] = true,
	[KEPT_OPENWRT_RELEASE] = true,
	[KEPT_OPENWRT_VERSION] = true,
	[KEPT_OS_RELEASE] = true,
	[KEPT_FEEDS] = true,
	[KEPT_APK_WORLD] = true,
	[KEPT_APK_ARCH] = true,
	[KEPT_PROVIDERS] = true,
	[KEPT_AUTOLOAD] = true,
	[KEPT_LOADER_CONF] = true,
};

static bool has(struct span bytes, struct span wanted)
{
	return span_find(bytes, 0, wanted) != SIZE_MAX;
}

/* Lost blocks of flash and disks read as zeros, or as ones where flash is erased. */
static bool is_damaged_text(const struct found_file *file)
{
	static const uint8_t zeros[64];
	struct span bytes = file->bytes;

	if (!is_text[file->kept] || bytes.size == 0)
		return false;
	/* The strings of modules.builtin.modinfo end with a zero byte. A few more are no damage:
	 * some kernels pad the section to a multiple of 8 (6.18-rc1,
	 * include/asm-generic/vmlinux.lds.h). A lost block is larger. */
	if (text_ends(file->path, "modules.builtin.modinfo"))
		return has(bytes, SPAN_OF("\xff\xff")) ||
		       has(bytes, span_from(zeros, sizeof zeros)) ||
		       bytes.data[bytes.size - 1] != 0;
	return has(bytes, SPAN_OF("\xff\xff")) || has(bytes, SPAN_OF("\0"));
}

/* Modules that rows of the database list and that neither the image has nor an overlay
 * hides. */
static void modules_lost(struct image_reading *reading)
{
	const struct image *image = reading->image;
	const struct map hidden = image_overlay_hidden(reading);
	struct map names = {0};
	const char *first = NULL, *owner = NULL;
	size_t count = 0;

	array_each(module, &image->modules)
		map_put(&names, reading->arena, module->name, 0);
	array_each(package, &image->packages) {
		const char **lost = array_find(
			file, &package->files,
			module_is_path(*file) &&
				map_get(&names, module_name_of_path(reading->arena, *file)) ==
					MAP_NONE &&
				!image_overlay_hides(&hidden, *file));

		count += lost != NULL;
		if (lost && !first) {
			first = *lost;
			owner = package->name;
		}
	}
	if (count > 0)
		image_unread(reading,
			     "%s: modules of %zu installed packages are not in the image, for "
			     "example %s of %s",
			     image->database_witness, count, first, owner);
}

void image_lost(struct image_reading *reading)
{
	const struct image *image = reading->image;

	array_each(file, &reading->files) {
		bool name_only = file->link || file->kept == KEPT_KERNEL ||
				 file->kept == KEPT_STRAY || file->kept == KEPT_LOADER ||
				 file->kept == KEPT_LIB || file->kept == KEPT_PKG_DATABASE ||
				 file->kept == KEPT_DEVICE_KERNEL;

		/* a file above the size limit is reported as unread, because it is not empty */
		if (file->size > 0 && file->bytes.size == 0 && !name_only)
			image_unread(reading, "%s: larger than the limit: %llu bytes",
				     file->witness, (unsigned long long)file->size);
		else if (is_damaged_text(file))
			image_unread(reading, "%s: contains bytes that are no text: data corrupted",
				     file->witness);
	}
	if (image->kernel && image->kernel->problem)
		image_unread(reading, "%s: %s", image->kernel->witness, image->kernel->problem);

	/* it is not known what such a module exports */
	const struct module *damaged =
		array_find(module, &image->modules,
			   module->damaged && module->loader == LOADER_LINUX &&
				   image_module_runs(image, module));

	if (damaged)
		image_unread(reading, "%s: %s", damaged->witness, damaged->problem);
	modules_lost(reading);
}

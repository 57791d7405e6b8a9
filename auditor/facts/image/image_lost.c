/* SPDX-License-Identifier: ISC */
/* Records as unread what an image should contain and does not: files above the size
 * limit, texts with bytes that no text has, damaged kernels and modules, and modules
 * that its package database lists. Whatever container it came in, these show that
 * something was lost. */
#include "facts/image/image_parts.h"

#include <string.h>

/* A file above the size limit is reported as unread, because it is not empty. */
static bool is_too_large(const struct found_file *file)
{
	return file->size > 0 && file->bytes.size == 0 && !file->link &&
	       file->kept != KEPT_KERNEL && file->kept != KEPT_STRAY && file->kept != KEPT_LOADER &&
	       file->kept != KEPT_LIB && file->kept != KEPT_PKG_DATABASE &&
	       file->kept != KEPT_DEVICE_KERNEL;
}

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

/* The strings of modules.builtin.modinfo end with a zero byte. A few more are no damage: some
 * kernels pad the section to a multiple of 8 (6.18-rc1, include/asm-generic/vmlinux.lds.h). A
 * lost block is larger. */
static bool is_damaged_modinfo(struct span bytes)
{
	static const uint8_t zeros[64];

	return has(bytes, span_from(zeros, sizeof zeros)) || bytes.data[bytes.size - 1] != 0;
}

/* Lost blocks of flash and disks read as zeros, or as ones where flash is erased. */
static bool is_damaged_text(const struct found_file *file)
{
	if (!is_text[file->kept] || file->bytes.size == 0)
		return false;
	return has(file->bytes, SPAN_OF("\xff\xff")) ||
	       (text_ends(file->path, "modules.builtin.modinfo") ? is_damaged_modinfo(file->bytes)
								 : has(file->bytes, SPAN_OF("\0")));
}

static struct map module_names(const struct image_reading *reading)
{
	struct map names = {0};

	array_each(module, &reading->image->modules)
		map_put(&names, reading->arena, module->name, 0);
	return names;
}

/* The first module that the row PACKAGE lists and that neither the image has nor an
 * overlay hides; NULL: none. */
static const char *module_lost(const struct image_reading *reading, const struct map *names,
			       const struct map *hidden, const struct package *package)
{
	array_each(file, &package->files)
		if (module_is_path(*file) &&
		    map_get(names, module_name_of_path(reading->arena, *file)) == MAP_NONE &&
		    !image_overlay_hides(hidden, *file))
			return *file;
	return NULL;
}

static void modules_lost(struct image_reading *reading)
{
	const struct map names = module_names(reading);
	const struct map hidden = image_overlay_hidden(reading);
	const char *first = NULL, *owner = NULL;
	size_t count = 0;

	array_each(package, &reading->image->packages) {
		const char *lost = module_lost(reading, &names, &hidden, package);

		count += lost != NULL;
		if (lost && !first) {
			first = lost;
			owner = package->name;
		}
	}
	if (count > 0)
		image_unread(reading,
			     "%s: modules of %zu installed packages are not in the image, for "
			     "example %s of %s",
			     reading->image->database_witness, count, first, owner);
}

/* It is not known what such a module exports. */
static void modules_damaged(struct image_reading *reading)
{
	const struct image *image = reading->image;

	array_each(module, &image->modules)
		if (module->damaged && module->loader == LOADER_LINUX &&
		    image_module_runs(image, module)) {
			image_unread(reading, "%s: %s", module->witness, module->problem);
			return;
		}
}

void image_lost(struct image_reading *reading)
{
	array_each(file, &reading->files) {
		if (is_too_large(file))
			image_unread(reading, "%s: larger than the limit: %llu bytes",
				     file->witness, (unsigned long long)file->size);
		else if (is_damaged_text(file))
			image_unread(reading, "%s: contains bytes that are no text: data corrupted",
				     file->witness);
	}
	if (reading->image->kernel && reading->image->kernel->problem)
		image_unread(reading, "%s: %s", reading->image->kernel->witness,
			     reading->image->kernel->problem);
	modules_damaged(reading);
	modules_lost(reading);
}

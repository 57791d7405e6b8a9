/* SPDX-License-Identifier: ISC */
/* Applies the writable file system of a device to its root file system: files in it replace those
 * of the image, and files that it deletes are removed. OpenWrt (fstools: libfstools/overlay.c,
 * mount.c) mounts rootfs_data, which is JFFS2 or UBIFS. It contains
 *
 *   upper/          overlayfs since Linux 3.18: the upper layer; work/ beside it is empty
 *   the root of it  overlayfs in OpenWrt before that, up to 3.17
 *   META_dAfFgHE39ktF3HD2sr
 *       mini_fo, in Linux 2.6: files of this name list what was deleted
 *
 * A whiteout, which deletes a name, is a character device 0/0 (fs/overlayfs/util.c,
 * ovl_is_whiteout), before 3.18 a link to "(overlay-whiteout)". A directory with the attribute
 * trusted.overlay.opaque hides all contents of the directory below it. */
#include "facts/image/image_parts.h"
#include "base/text.h"
#include "facts/kernel/kernel.h"

#include <string.h>

#define MINI_FO "META_dAfFgHE39ktF3HD2sr"

void image_overlays(struct image_reading *reading)
{
	struct overlays *overlays = &reading->overlays;

	array_each(shadow, &reading->shadows) {
		/* the names of one file system are consecutive */
		if (overlays->count == 0 ||
		    overlays->list[overlays->count - 1].volume != shadow->volume)
			*array_add(reading->arena, overlays) = (struct overlay){
				.volume = shadow->volume, .witness = shadow->witness, .above = ""};

		struct overlay *overlay = &overlays->list[overlays->count - 1];

		if (strcmp(shadow->path, "upper") == 0 &&
		    (shadow->kind == SHADOW_DIRECTORY || shadow->kind == SHADOW_OPAQUE)) {
			overlay->has_upper = true;
			overlay->above = "upper/";
		}
		overlay->mini_fo |= text_after(shadow->path, MINI_FO) != NULL;
	}
}

const struct overlay *image_overlay_of(const struct image_reading *reading, unsigned volume)
{
	return array_find(overlay, &reading->overlays, overlay->volume == volume);
}

/* Adds the names of OVERLAY that may hide something, by their paths below
 * its upper directory. */
static void overlay_map(struct image_reading *reading, const struct overlay *overlay,
			struct map *ret)
{
	for (size_t i = 0; i < reading->shadows.count; i++) {
		const struct shadow *shadow = &reading->shadows.list[i];
		const char *own = shadow->volume == overlay->volume
					  ? text_after(shadow->path, overlay->above)
					  : NULL;

		if (own && *own && shadow->kind != SHADOW_DIRECTORY)
			map_put(ret, reading->arena, own, (uint32_t)i);
	}
}

/* The value of PATH or of the first of its parent directories that is in
 * MAP; else MAP_NONE. */
static uint32_t map_over(const struct map *map, const char *path)
{
	char above[LIMIT_NAME + 1];
	size_t size = strlen(path);
	uint32_t at = MAP_NONE;

	for (size_t end = 1; end <= size && end < sizeof above && at == MAP_NONE; end++) {
		if (end < size && path[end] != '/')
			continue;
		memcpy(above, path, end);
		above[end] = '\0';
		at = map_get(map, above);
	}
	return at;
}

/* The entry of the overlay that replaces PATH of the root file system or one of its
 * parent directories; NULL: none. */
static const struct shadow *shadow_over(const struct image_reading *reading, const struct map *map,
					const char *path)
{
	uint32_t at = map_over(map, path);

	return at == MAP_NONE ? NULL : &reading->shadows.list[at];
}

struct map image_overlay_hidden(struct image_reading *reading)
{
	struct map hidden = {0};

	array_each(overlay, &reading->overlays)
		overlay_map(reading, overlay, &hidden);
	return hidden;
}

bool image_overlay_hides(const struct map *hidden, const char *path)
{
	return map_over(hidden, path) != MAP_NONE;
}

static void link_remark(struct image_reading *reading, const struct shadow *shadow)
{
	if (shadow->kind == SHADOW_LINK)
		image_unread(reading,
			     "%s: a link in the overlay replaces a file of the root file system; "
			     "the link is not followed",
			     shadow->witness);
}

static size_t base_hide(struct image_reading *reading, const struct map *map, unsigned volume,
			const char *root)
{
	size_t kept = 0, hidden = 0;

	array_each(found, &reading->files) {
		bool base = found->volume == volume && strcmp(found->root, root) == 0;
		const struct shadow *shadow =
			base ? shadow_over(reading, map, found->path + strlen(root)) : NULL;

		if (shadow)
			link_remark(reading, shadow);
		else
			reading->files.list[kept++] = *found;
		hidden += shadow != NULL;
	}
	reading->files.count = kept;
	kept = 0;
	array_each(found, &reading->modules) {
		bool base = found->volume == volume && strcmp(found->root, root) == 0;
		const struct shadow *shadow =
			base ? shadow_over(reading, map, found->module.path + strlen(root)) : NULL;

		if (shadow)
			link_remark(reading, shadow);
		else
			reading->modules.list[kept++] = *found;
		hidden += shadow != NULL;
	}
	reading->modules.count = kept;
	return hidden;
}

/* Moves the overlay's files into the root file system. */
static size_t overlay_add(struct image_reading *reading, const struct overlay *overlay,
			  unsigned volume, const char *root)
{
	struct arena *arena = reading->arena;
	size_t added = 0;

	array_each(found, &reading->files) {
		if (found->volume != overlay->volume || strcmp(found->root, overlay->above) != 0)
			continue;
		found->path =
			arena_format(arena, "%s%s", root, found->path + strlen(overlay->above));
		found->root = root;
		found->volume = volume;
		added++;
	}
	array_each(found, &reading->modules) {
		if (found->volume != overlay->volume || strcmp(found->root, overlay->above) != 0)
			continue;
		found->module.path = arena_format(arena, "%s%s", root,
						  found->module.path + strlen(overlay->above));
		found->root = root;
		found->volume = volume;
		added++;
	}
	return added;
}

/* Directories that contain wanted files: another entry in their place hides
 * all of them. */
static const char *const on_the_way[] = {
	"lib",
	"lib/modules",
	"lib/apk",
	"lib/apk/db",
	"usr",
	"usr/lib",
	"usr/lib/modules",
	"usr/lib/opkg",
	"usr/lib/opkg/info",
	"usr/lib/apk",
	"etc",
	"etc/opkg",
	"etc/apk",
	NULL,
};

/* True if the entry may change files of the root file system that are read. */
static bool is_relevant(const struct overlay *overlay, const struct shadow *shadow)
{
	const char *own = text_after(shadow->path, overlay->above);
	size_t root;

	if (!own || shadow->volume != overlay->volume || shadow->kind == SHADOW_DIRECTORY)
		return false;
	if (shadow->kind == SHADOW_WHITEOUT || shadow->kind == SHADOW_OPAQUE ||
	    text_among(own, on_the_way))
		return true;

	enum kept kept = path_kept(own, &root);
	return (kept != KEPT_NOTHING && kept != KEPT_KERNEL) || path_release(own).size > 0;
}

/* True if to KERNEL the whole file system is the upper layer, as up to Linux 3.17; later it is
 * upper/, and what is beside it does not count. */
static bool is_before_upper(const struct kernel *kernel)
{
	uint64_t major, minor;
	struct span version, rest, word;

	if (!kernel || !kernel->release.value ||
	    !span_split(span_text(kernel->release.value), '.', &version, &rest) ||
	    !span_number(version, 10, &major))
		return false;
	if (!span_split(rest, '.', &word, &rest))
		word = rest;
	return major == 3 && span_number(word, 10, &minor) && minor < 18;
}

static bool is_certain(struct image_reading *reading, const struct overlay *overlay, size_t bases)
{
	const struct found_kernels *kernels = &reading->found_kernels;
	/* the kernel is chosen only after the overlay was applied, so all must be that old */
	bool flat =
		kernels->count > 0 && !array_any(found, kernels, !is_before_upper(found->kernel));

	if (overlay->mini_fo)
		image_unread(
			reading,
			"%s: a mini_fo overlay: its changes to the root file system are not known",
			overlay->witness);
	else if (bases > 1)
		image_unread(reading,
			     "%s: an overlay and %zu root file systems: it is not known which one "
			     "it belongs to",
			     overlay->witness, bases);
	else if (!overlay->has_upper && !flat)
		image_unread(reading,
			     "%s: a writable file system without upper/: it is not known whether "
			     "it is an overlay of the root file system",
			     overlay->witness);
	else
		return true;
	return false;
}

void image_overlay(struct image_reading *reading, unsigned volume, const char *root, size_t bases)
{
	size_t laid = 0;

	array_each(overlay, &reading->overlays) {
		struct map map = {0};

		if (overlay->volume == volume ||
		    (!overlay->mini_fo &&
		     !array_any(shadow, &reading->shadows, is_relevant(overlay, shadow))) ||
		    !is_certain(reading, overlay, bases))
			continue;
		if (laid++ > 0) {
			image_unread(reading,
				     "%s: a second overlay: it is not known which one belongs to "
				     "the root file system",
				     overlay->witness);
			continue;
		}
		overlay_map(reading, overlay, &map);

		size_t hidden = base_hide(reading, &map, volume, root);
		size_t added = overlay_add(reading, overlay, volume, root);

		if (added + hidden > 0)
			image_remark(reading,
				     "an overlay changes the root file system: it adds %zu files "
				     "and hides %zu: %s",
				     added, hidden, overlay->witness);
	}
}

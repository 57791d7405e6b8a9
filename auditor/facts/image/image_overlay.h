/* SPDX-License-Identifier: ISC */
/* image_overlay - applies what a device wrote over the root file system of its image.
 * Private to image*.c. */
#ifndef KMODAUDIT_IMAGE_OVERLAY_H
#define KMODAUDIT_IMAGE_OVERLAY_H

#include "base/map.h"
#include "facts/stored/found.h"

struct image_reading;

/* A writable file system. */
struct overlay {
	unsigned volume;
	const char *witness; /* of a name in it */
	const char *above; /* the directory that is mounted over the root: "upper/", or "" */
	bool has_upper, mini_fo;
};

struct overlays {
	struct overlay *list;
	size_t count, room;
};

/* Finds the writable file systems. The second function returns the one that is
 * VOLUME, or NULL. */
void image_overlays(struct image_reading *reading);
const struct overlay *image_overlay_of(const struct image_reading *reading, unsigned volume);
/* Applies them to the root file system in directory ROOT of VOLUME: afterwards FILES
 * and MODULES are those that the device has. BASES is the number of such root file
 * systems. What cannot be applied with certainty is recorded as unread. */
void image_overlay(struct image_reading *reading, unsigned volume, const char *root, size_t bases);
/* The names that overlays hide, replace or remove: paths below the root -> 0. */
struct map image_overlay_hidden(struct image_reading *reading);
/* True if PATH or one of its parent directories is in HIDDEN. */
bool image_overlay_hides(const struct map *hidden, const char *path);

#endif

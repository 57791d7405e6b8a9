/* SPDX-License-Identifier: ISC */
/* image_overlay - what a device wrote over the root file system of its image. Private to
 * image*.c. */
#ifndef KMODAUDIT_IMAGE_OVERLAY_H
#define KMODAUDIT_IMAGE_OVERLAY_H

#include "unpack/unpack.h"

struct image_reading;

struct shadows {
	struct shadow *list;
	size_t count, room;
};

/* A file system that a device writes to. */
struct overlay {
	unsigned volume;
	const char *witness; /* of a name in it */
	const char *above; /* the directory that lies over the root: "upper/", or "" */
	bool has_upper, mini_fo;
};

struct overlays {
	struct overlay *list;
	size_t count, room;
};

/* What file systems that a device writes to there are; then which VOLUME is, or NULL. */
void image_overlays(struct image_reading *reading);
const struct overlay *image_overlay_of(const struct image_reading *reading, unsigned volume);
/* Lays them over the root file system ROOT of VOLUME: FILES and MODULES are afterwards what the
 * device has. BASES: how many such root file systems there are. What cannot be laid over with
 * certainty is noted as unread. */
void image_overlay(struct image_reading *reading, unsigned volume, const char *root, size_t bases);

#endif

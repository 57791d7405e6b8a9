/* SPDX-License-Identifier: ISC */
/* image_source - where an image comes from: a path, standard input, or a URL. */
#ifndef KMODAUDIT_IMAGE_SOURCE_H
#define KMODAUDIT_IMAGE_SOURCE_H

#include "commands/command.h"

/* The image at PATH: "-" is standard input, which is kept in memory; http(s):// is fetched into the cache as feeds are (HOW says
 * whether and how long to wait), file:// is a path. At most LIMIT_IMAGE bytes come from either. Reports call it PATH. */
bool image_open(struct arena *arena, const char *path, const struct image_options *options,
		const struct feeds_wanted *how, struct image *ret, struct error *error);

#endif

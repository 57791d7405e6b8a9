/* SPDX-License-Identifier: ISC */
/* image_source - where a file comes from: a path, standard input, or a URL. */
#ifndef KMODAUDIT_IMAGE_SOURCE_H
#define KMODAUDIT_IMAGE_SOURCE_H

#include "commands/command.h"

/* One file or directory, under the name that reports use and where it can be read. */
struct source {
	const char *name, *local;
	int handle; /* of the memory that keeps standard input; -1: none */
};

/* Opens PATH: "-" is standard input, which is kept in memory; http(s):// is fetched into the
 * cache as feeds are (HOW says whether and how long to wait), file:// is a path, anything else
 * is taken as it is. At most LIMIT_IMAGE bytes are kept or fetched. LOCAL lives until
 * source_close. */
bool source_open(struct arena *arena, const char *path, const struct feeds_wanted *how,
		 struct source *ret, struct error *error);
void source_close(struct source *source);
#define _cleanup_source_ __attribute__((cleanup(source_close)))

/* The image at PATH, opened as by source_open. Reports call it PATH. */
bool image_open(struct arena *arena, const char *path, const struct image_options *options,
		const struct feeds_wanted *how, struct image *ret, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* image_source - opens a file that is given as a path, a URL or
 * "-" (standard input). */
#ifndef KMODAUDIT_IMAGE_SOURCE_H
#define KMODAUDIT_IMAGE_SOURCE_H

#include "commands/command.h"

/* A file or directory: NAME is used in reports, LOCAL is where it can be read. */
struct source {
	const char *name, *local;
	int handle; /* the memory file with standard input; -1: none */
};

/* Opens PATH: "-" is standard input, which is copied to memory; http(s):// is fetched
 * into the cache (HOW: offline, timeout); file:// is a path, as is anything else. At
 * most LIMIT_IMAGE bytes are copied or fetched. LOCAL is valid until source_close. */
bool source_open(struct arena *arena, const char *path, const struct feeds_wanted *how,
		 struct source *ret, struct error *error);
void source_close(struct source *source);
#define _cleanup_source_ __attribute__((cleanup(source_close)))

/* Opens the image at PATH with source_open and reads it. Reports call it PATH. */
bool image_open(struct arena *arena, const char *path, const struct image_options *options,
		const struct feeds_wanted *how, struct image *ret, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* found - what one walk through an image finds, before it is decided which parts are
 * judged. Private to facts/. */
#ifndef KMODAUDIT_FOUND_H
#define KMODAUDIT_FOUND_H

#include "facts/kernel/kernel.h"
#include "facts/paths/path_kept.h"
#include "unpack/unpack.h"

/* The distribution set in which something was found. */
struct found_set {
	const char *path, *sha256; /* PATH NULL: in none */
	unsigned volume; /* that has the set */
};

struct found_sets {
	struct found_set *list;
	size_t count, room;
};

struct found_file {
	enum kept kept;
	const char *path, *witness;
	const char *root; /* the directory of its root file system: "" or with a "/" at the end */
	unsigned volume;
	struct found_set set; /* without sum */
	struct span bytes; /* empty if SIZE is above the limit */
	uint64_t size;
	bool link;
	bool bare; /* "boot/" was put before PATH: the input may be the directory boot itself */
	const char *target; /* the target of a link, as stored */
};

struct found_files {
	struct found_file *list;
	size_t count, room;
};

struct found_module {
	struct module module;
	const char *root;
	unsigned volume;
	struct found_set set; /* without sum */
	const struct config *config; /* the config in configs.ko, else NULL */
	bool bare; /* as in struct found_file */
};

struct found_modules {
	struct found_module *list;
	size_t count, room;
};

struct found_kernel {
	unsigned number; /* from 1, in the order in the image */
	bool spare; /* its container starts another one */
	const char *sha256; /* of its decoded bytes, in hex */
	const char *witness;
	const char *path; /* of the file that has it; NULL: no file */
	unsigned volume; /* that has this file */
	bool bare; /* as in struct found_file */
	const struct kernel *kernel; /* NULL: it was not read */
	const char *why; /* it cannot be read; NULL: it was not tried */
	const char *banner; /* then: the release of FreeBSD in it, or "" */
};

struct found_kernels {
	struct found_kernel *list;
	size_t count, room;
};

struct shadows {
	struct shadow *list;
	size_t count, room;
};

struct layouts {
	struct layout *list;
	size_t count, room;
};

struct found {
	struct found_files files;
	struct found_modules modules;
	struct found_sets sets;
	struct found_kernels kernels;
	struct shadows shadows; /* in the order in which they were found */
	struct layouts layout;
};

#endif

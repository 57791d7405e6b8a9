/* SPDX-License-Identifier: ISC */
/* linker - the files and interfaces among which the kernel linker of FreeBSD searches
 * (sys/kern/kern_linker.c). */
#ifndef KMODAUDIT_LINKER_H
#define KMODAUDIT_LINKER_H

#include "facts/image/image.h"

/* A module outside of the directories of kern.module_path: only its full
 * path loads it. */
#define LINKER_ELSEWHERE UINT32_MAX

/* A file that can be loaded. */
struct linker_file {
	const struct module *module;
	const struct package *package; /* NULL: of the image */
	uint32_t who; /* the caller's number of the package */
	uint32_t directory; /* index in kern.module_path, or LINKER_ELSEWHERE */
	const char *base; /* "if_em.ko" */
};

struct linker_files {
	struct linker_file *list;
	size_t count, room;
};

/* An interface that a file provides. */
struct linker_row {
	const char *name;
	int32_t version;
	uint32_t file; /* index in files */
	uint32_t place; /* in the set of the file */
};

struct linker_rows {
	struct linker_row *list;
	size_t count, room;
};

/* Files, in the order in which they are loaded. */
struct linker_loaded {
	const struct linker_file **list;
	size_t count, room;
};

/* The kernel and all files. Constant after linker_new. */
struct linker {
	const struct image *image;
	struct strings path; /* of directories, without a leading '/' */
	struct linker_files files; /* sorted by directory, base, who, path */
	struct linker_rows rows; /* sorted by name, file, place */
	struct linker_rows kernel; /* its interfaces, sorted by name, place */
	const struct kld_hints **hints; /* by directory; NULL: none that the kernel reads */
	/* files of the image that the boot loader loads, and what they depend on */
	struct linker_loaded booted;
};

/* Makes the index. FILES has module, package and who of each. */
struct linker *linker_new(struct arena *arena, const struct image *image,
			  const struct linker_files *files);
/* The directory in which MODULE of PACKAGE (NULL: of the image) is. A module without a
 * package counts as copied to the last directory of kern.module_path, boot/modules. */
uint32_t linker_directory(const struct strings *path, const struct module *module,
			  const struct package *package);
/* The rows that NAME has in ROWS, and their number in COUNT. */
const struct linker_row *linker_named(const struct linker_rows *rows, const char *name,
				      size_t *count);
/* The files called BASE in DIRECTORY, and their number in COUNT. */
const struct linker_file *linker_based(const struct linker *linker, uint32_t directory,
				       const char *base, size_t *count);

#endif

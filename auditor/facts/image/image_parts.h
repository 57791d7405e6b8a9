/* SPDX-License-Identifier: ISC */
/* image_parts - an image while it is read. Private to image*.c. */
#ifndef KMODAUDIT_IMAGE_PARTS_H
#define KMODAUDIT_IMAGE_PARTS_H

#include "base/pool.h"
#include "facts/image/image.h"
#include "facts/image/image_overlay.h"
#include "facts/paths/path_kept.h"
#include "unpack/limits.h"

struct found_file {
	enum kept kept;
	const char *path, *witness;
	const char *root; /* directory of the root file system, "" or with a "/" at the end */
	unsigned volume;
	struct span bytes; /* empty when SIZE is over the ceiling */
	uint64_t size;
	bool link; /* of KEPT_PROVIDERS, KEPT_LOADER and KEPT_LIB only; no other link is kept */
	const char *target; /* of a link, as stored */
};

struct found_files {
	struct found_file *list;
	size_t count, room;
};

struct found_module {
	struct module module;
	const char *root;
	unsigned volume;
	const struct config *config; /* configs.ko's, else NULL */
};

struct found_modules {
	struct found_module *list;
	size_t count, room;
};

struct found_kernel {
	unsigned number; /* from 1, in the order in which they lie */
	const char *witness;
	const struct kernel *kernel; /* NULL: not read */
};

struct found_kernels {
	struct found_kernel *list;
	size_t count, room;
};

/* What one thread finds; merged and sorted at the end. */
struct image_worker {
	struct arena arena, scratch;
	struct map names;
	struct found_files files;
	struct found_modules modules;
};

struct image_reading {
	struct arena *arena;
	const struct image_options *options;
	struct image *image;
	/* of the one root file system that is judged, after image_merge */
	struct found_files files;
	struct found_modules modules; /* likewise, sorted as the image's */
	struct shadows shadows; /* in the order met */
	struct overlays overlays;
	struct found_kernels found_kernels;
	unsigned kernels, kernel_part; /* how many there are; which of them, from 1, is judged by */
	unsigned roots, root_part; /* the same of root file systems with modules; 0: none */
	struct image_worker workers[POOL_MOST];
};

/* image_visit.c */
bool image_visit(struct image_reading *reading, const char *path, struct error *error);
/* image_merge.c: what the threads found -> FILES, MODULES of the root file system of the part
 * asked for; when none is, of the first that has modules, else a package database, else
 * anything. Fails when there is no such part. */
bool image_merge(struct image_reading *reading, struct error *error);
/* image_kernel.c: the kernel that the root file system and its database were made for; the
 * others are named. */
void image_kernel_choose(struct image_reading *reading);
/* RELEASE is that of a kernel of VERSION, with or without a local suffix. */
bool release_begins(const char *release, const char *version);
/* image_database.c */
void image_database(struct image_reading *reading);
bool image_manifest(struct image_reading *reading, struct error *error);
void image_abi(struct image_reading *reading);
/* The kernel that an installed package names: itself, or in its Depends; and whether two are
 * the same, as far as both are known. */
struct abi image_row_abi(struct arena *arena, const struct package *row);
bool image_abi_same(const struct abi *a, const struct abi *b);
/* image_files.c */
bool image_config(struct image_reading *reading, struct error *error);
bool image_symvers(struct image_reading *reading, struct error *error);
void image_texts(struct image_reading *reading);
/* image_arch.c: from the texts */
void image_arch(struct image_reading *reading);
/* image_fit.c: what contradicts the image's own kernel abi, and whether a table of exports is
 * that of its modules. */
void image_fit(struct image_reading *reading);
const char *image_exports_foreign(struct image_reading *reading,
				  const struct kernel_exports *exports);
/* image_odd.c */
void image_odd(struct image_reading *reading);
/* image_modules.c */
void image_modules(struct image_reading *reading);
/* image_loader.c */
void image_loaders(struct image_reading *reading);

/* Something that may hold what is looked for was not read. */
void image_unread(struct image_reading *reading, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void image_remark(struct image_reading *reading, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: ISC */
/* image_parts - the state of reading an image. Private to image*.c. */
#ifndef KMODAUDIT_IMAGE_PARTS_H
#define KMODAUDIT_IMAGE_PARTS_H

#include "base/pool.h"
#include "facts/freebsd/loader_conf.h"
#include "facts/image/image.h"
#include "facts/image/image_overlay.h"
#include "facts/paths/path_kept.h"
#include "unpack/limits.h"
#include "unpack/replaced.h"

/* What one thread finds. The results are merged and sorted at the end. */
struct image_worker {
	struct arena arena, scratch;
	struct map names;
	struct found_files files;
	struct found_modules modules;
	struct found_sets sets;
	struct replaced replaced_files, replaced_modules;
};

/* A root file system beside the one that is judged, which may be the one that runs. */
struct rival_root {
	const char *best, *example; /* a file in the one that is judged, and in this one */
	struct strings releases; /* of its modules */
};

struct rival_roots {
	struct rival_root *list;
	size_t count, room;
};

struct image_reading {
	struct arena *arena;
	const struct image_options *options;
	struct image *image;
	/* after image_merge only those of the chosen root file system */
	struct found_files files;
	struct found_modules modules; /* likewise; sorted by name, then path */
	struct found_files links; /* KEPT_LINK, of all root file systems */
	const char *root; /* its directory: "" or with a "/" at the end */
	unsigned root_volume;
	struct rival_roots rivals; /* after image_merge */
	struct shadows shadows; /* in the order in which they were found */
	struct overlays overlays;
	struct found_kernels found_kernels;
	struct loader_conf loader_conf; /* after image_loader_conf */
	/* the directory of the kernel that FreeBSD's boot
	 * loader starts, "boot/kernel" */
	const char *started;
	struct sha256 digest; /* of the file; none of a directory */
	bool recalled; /* what was found is from an earlier run */
	unsigned kernels, kernel_part; /* the number of kernels, and which one, from 1, is used */
	unsigned roots, root_part; /* the same for root file systems with modules; 0: none */
	struct image_worker workers[POOL_MOST];
};

/* image_visit.c */
bool image_visit(struct image_reading *reading, const char *path, struct error *error);
/* What is wanted of a name, as in struct visitor. CONTEXT is not used. */
enum want image_want(void *context, const char *path, uint64_t size, enum part part);
/* Adds a kernel. CONTEXT is the struct image_reading. Succeeds. */
bool image_kernel_found(void *context, const struct kernel_bytes *bytes, struct error *error);
/* Adds an entry, of which the first ROOT bytes of the path are the root's directory. BARE as
 * in struct found_file. */
void image_module_found(struct image_worker *worker, const struct entry *entry, size_t root,
			bool bare);
void image_file_found(struct image_worker *worker, const struct entry *entry, enum kept kept,
		      size_t root, bool bare);
/* image_links.c: adds the modules and orders of the module loader in the chosen root file
 * system to which a path leads through links. */
void image_follow(struct image_reading *reading);
/* image_sets.c: makes one volume of what is in the distribution sets of a directory,
 * and compares their sums with the MANIFEST beside them. Adds a remark for a database
 * of packages that is not read. */
void image_sets(struct image_reading *reading);
/* The same for an image that is such a set, whose sum is its own. */
void image_set_alone(struct image_reading *reading);
/* image_merge.c: merges the results of the threads and keeps the FILES and MODULES of
 * one root file system: the one that the user asked for, else the first with modules,
 * else with a package database, else any. Fails if the one asked for does not exist. */
bool image_merge(struct image_reading *reading, struct error *error);
/* Sets the kernel's doubt if the image has two root file systems for its release that
 * differ, and nothing shows which one runs. Uses what image_modules decides. */
void image_roots_doubt(struct image_reading *reading);
/* image_kernel.c: chooses the kernel that the root file system and its database were
 * made for, and adds a remark for the others. */
void image_kernel_choose(struct image_reading *reading);
/* True if RELEASE is VERSION, with or without a local suffix. */
bool release_begins(const char *release, const char *version);
/* image_database.c */
void image_database(struct image_reading *reading);
/* image_abi.c */
bool image_manifest(struct image_reading *reading, struct error *error);
void image_abi(struct image_reading *reading);
/* The kernel abi on which an installed package depends, or which it is; and whether two
 * have the same version and, if both have one, the same hash. */
struct abi image_row_abi(struct arena *arena, const struct package *row);
bool image_abi_agrees(const struct abi *a, const struct abi *b);
/* image_files.c */
bool image_config(struct image_reading *reading, struct error *error);
bool image_symvers(struct image_reading *reading, struct error *error);
void image_texts(struct image_reading *reading);
/* image_arch.c: uses what image_texts read */
void image_arch(struct image_reading *reading);
void image_distribution(struct image_reading *reading);
/* image_fit.c: checks whether something in the image contradicts its kernel abi, and
 * why an export table cannot belong to the image's modules (NULL: it can). */
void image_fit(struct image_reading *reading);
const char *image_exports_foreign(struct image_reading *reading,
				  const struct kernel_exports *exports);
/* Why KERNEL cannot be the one that the image's modules were built for, or NULL. */
const char *image_kernel_foreign(struct image_reading *reading, const struct kernel *kernel);
/* image_lost.c: records files that are too large, texts that are damaged, and modules
 * that the package database lists and the image lacks. Uses what all others read. */
void image_lost(struct image_reading *reading);
/* image_odd.c */
void image_odd(struct image_reading *reading);
/* image_modules.c */
void image_modules(struct image_reading *reading);
/* True if a kernel of RELEASE, or of an unknown one if it is NULL, finds MODULE. */
bool image_module_runs_on(const char *release, const struct module *module);
void image_loaders(struct image_reading *reading);
/* image_pkg.c: adds the keys that pkg's files in the image name; uses
 * what image_boot read. */
void image_pkg(struct image_reading *reading);

/* Records that a part of the image was not read, or a remark. */
void image_unread(struct image_reading *reading, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void image_remark(struct image_reading *reading, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: ISC */
/* limits - all limits for hostile input. A claimed size is compared with these before memory is
 * allocated. */
#ifndef KMODAUDIT_LIMITS_H
#define KMODAUDIT_LIMITS_H

#define MIB ((uint64_t)1 << 20)

enum {
	LIMIT_NESTING = 8, /* containers inside containers */
	LIMIT_NAME = 1024, /* bytes of a path inside a container */
	LIMIT_DIRECTORIES = 64, /* depth of directories */
	LIMIT_ENTRIES = 1 << 20, /* entries of one container */
	LIMIT_DEPENDENCIES = 4096, /* of one package */
	LIMIT_TRIES = 64, /* uimages, root file systems in one blob */
	LIMIT_LAYOUT = 1024, /* findings of containers kept for the report */
};

#define LIMIT_DIRECTORY_BYTES (32 * MIB) /* one directory's own bytes */
#define LIMIT_FILE (256 * MIB) /* one file decoded from a container */
#define LIMIT_IMAGE (1088 * MIB) /* one compressed image: a disk of 1 GiB */
#define LIMIT_KERNEL (256 * MIB) /* one decompressed kernel */
#define LIMIT_APK_INDEX (32 * MIB) /* text of an apk index; 1,000 packages take 0.5 */
#define LIMIT_CONFIG (16 * MIB) /* a kernel config, decompressed */
#define LIMIT_TOTAL \
	(4096 * MIB) /* everything decoded from one input file, nested containers together */
#define LIMIT_RATIO 1100 /* decoded to encoded bytes, beyond the first 64 MiB: gzip reaches 1032 */
#define LIMIT_RATIO_FREE (64 * MIB)

#endif

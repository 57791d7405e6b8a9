/* SPDX-License-Identifier: ISC */
/* limits - all limits for hostile input. Claimed sizes are compared with them before
 * memory is allocated. */
#ifndef KMODAUDIT_LIMITS_H
#define KMODAUDIT_LIMITS_H

#define MIB ((uint64_t)1 << 20)

enum {
	LIMIT_NESTING = 8, /* containers inside containers */
	LIMIT_NAME = 1024, /* bytes of a path inside a container */
	LIMIT_DIRECTORIES = 64, /* depth of directories */
	LIMIT_ENTRIES = 1 << 20, /* entries of one container */
	LIMIT_DEPENDENCIES = 4096, /* of one package */
	LIMIT_TRIES = 64, /* uimages or root file systems that are tried in one input */
	LIMIT_LAYOUT = 1024, /* layout entries that are kept for the report */
};

#define LIMIT_DIRECTORY_BYTES (32 * MIB) /* size of a directory in a file system */
#define LIMIT_INPUT (16384 * MIB) /* one file that is given as an image */
#define LIMIT_FILE (256 * MIB) /* one file decoded from a container */
#define LIMIT_IMAGE (1088 * MIB) /* one compressed image: a disk of 1 GiB */
#define LIMIT_KERNEL (256 * MIB) /* one decompressed kernel */
#define LIMIT_APK_INDEX (32 * MIB) /* text of an apk index; 1,000 packages need 0.5 MiB */
#define LIMIT_CONFIG (16 * MIB) /* a kernel config, decompressed */
/* everything decoded from one input file, including nested containers */
#define LIMIT_TOTAL (4096 * MIB)
#define LIMIT_RATIO 1100 /* decoded to encoded bytes, after the first 64 MiB; gzip reaches 1032 */
#define LIMIT_RATIO_FREE (64 * MIB)

#endif

/* SPDX-License-Identifier: ISC */
/* package_file - packages out of files, and out of members of archives. Private to facts/. */
#ifndef KMODAUDIT_PACKAGE_FILE_H
#define KMODAUDIT_PACKAGE_FILE_H

#include "facts/package/package.h"
#include "unpack/unpack.h"

/* What a name says a file is: the suffix chooses the reader, the content decides whether it can
 * be read. */
enum package_kind { KIND_OTHER, KIND_PACKAGE, KIND_MODULE };

enum package_kind package_kind_of(const char *path);

/* The package in BYTES, FILE being what it is called. As package_read; reader->scratch is reset
 * between modules and must not hold BYTES. */
struct package package_from_bytes(struct module_reader *reader, const char *file,
				  struct span bytes);
/* A bare module in BYTES, plain or compressed. */
struct package package_from_module(struct module_reader *reader, const char *file,
				   struct span bytes);

/* The module in BYTES, decompressed first where PATH ends in .gz, .xz or .zst. Resets
 * reader->scratch. */
struct module module_from_entry(struct module_reader *reader, const char *path, const char *witness,
				struct span bytes);
/* PATH is below lib/modules/<release>/ or usr/lib/modules/<release>/ (perhaps below a
 * directory): that release, else empty. */
struct span release_of_path(const char *path);
/* Adds what TEXT, the file at PATH in etc/modules.d and the like, asks to load: the first word
 * of each line. */
void autoloads_read(struct arena *arena, const char *path, struct span text,
		    struct autoloads *autoloads);
/* By name, then path. */
int module_compare(const void *a, const void *b);
/* By name, version, file. */
int package_compare(const void *a, const void *b);

#endif

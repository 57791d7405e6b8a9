/* SPDX-License-Identifier: ISC */
/* package_file - reads packages from files and from members of archives. */
#ifndef KMODAUDIT_PACKAGE_FILE_H
#define KMODAUDIT_PACKAGE_FILE_H

#include "facts/package/package.h"
#include "unpack/unpack.h"

/* The kind of a file according to its suffix, which selects the reader. The reader then
 * checks the content. */
enum package_kind { KIND_OTHER, KIND_PACKAGE, KIND_MODULE };

/* package.c */
enum package_kind package_kind_of(const char *path);
/* The name of the package FILE according to its own name, until its control file was read. */
const char *package_name_of_file(struct arena *arena, const char *file);
/* The release in a path below lib/modules/<release>/ or usr/lib/modules/<release>/,
 * which may be below another directory; empty if PATH is not such a path. */
struct span release_of_path(const char *path);

/* Keeps the facts of packages for later runs. Both may be called by several
 * threads at once. */
struct package_keeper {
	const void *context;
	/* Those of the file FILE with DIGEST, with the digests of all modules, whatever
	 * module_reader.twins is. False: none are kept. */
	bool (*recall)(const void *context, struct arena *arena, const char *file,
		       const struct sha256 *digest, struct package *ret);
	void (*keep)(const void *context, const struct package *package,
		     const struct sha256 *digest);
};

typedef struct package package_reader(struct module_reader *reader, const char *file,
				      struct span bytes);

/* package_keep.c: what READ makes of BYTES, from an earlier run if
 * reader->keeper has it. */
struct package package_kept(struct module_reader *reader, const char *file, struct span bytes,
			    package_reader *read);

/* Like package_read, for a package in BYTES that is named FILE. It resets
 * reader->scratch between modules, so BYTES must not be allocated there. */
struct package package_from_bytes(struct module_reader *reader, const char *file,
				  struct span bytes);
/* Makes a package of a bare module in BYTES, plain or compressed. */
struct package package_from_module(struct module_reader *reader, const char *file,
				   struct span bytes);

/* Reads the module in BYTES, which are decompressed first if PATH ends in .gz, .xz or
 * .zst. Resets reader->scratch. */
struct module module_from_entry(struct module_reader *reader, const char *path, const char *witness,
				struct span bytes);
/* Adds the modules that TEXT, a file in etc/modules.d or similar at PATH, loads at
 * boot: the first word of each line. */
void autoloads_read(struct arena *arena, const char *path, struct span text,
		    struct autoloads *autoloads);
/* Compares by name, then path. */
int module_compare(const void *a, const void *b);
/* Compares by name, version, file. */
int package_compare(const void *a, const void *b);

#endif

/* SPDX-License-Identifier: ISC */
/* linker - what the kernel linker of FreeBSD does when it is asked to load a file: which interfaces
 * it finds where, what it loads first, and where it stops (sys/kern/kern_linker.c). */
#ifndef KMODAUDIT_LINKER_H
#define KMODAUDIT_LINKER_H

#include "facts/image/image.h"

/* Hostile records may name files that name files: the kernel follows them without a limit, this
 * program up to this depth, and this number of different records of a file. */
enum { LINKER_DEPTH_MOST = 64, LINKER_ANSWERS_MOST = 1024 };

/* A module outside of the directories of kern.module_path: only its full path loads it. */
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
/* The directory in which MODULE of PACKAGE (NULL: of the image) is. A module without a package
 * counts as copied to the last directory of kern.module_path, boot/modules. */
uint32_t linker_directory(const struct strings *path, const struct module *module,
			  const struct package *package);
/* The rows that NAME has in ROWS, and their number in COUNT. */
const struct linker_row *linker_named(const struct linker_rows *rows, const char *name,
				      size_t *count);
/* The files called BASE in DIRECTORY, and their number in COUNT. */
const struct linker_file *linker_based(const struct linker *linker, uint32_t directory,
				       const char *base, size_t *count);

/* Whether a file is there when something is loaded. */
enum sight {
	SIGHT_NONE,
	SIGHT_OFFERED, /* it is if its package is installed as well */
	SIGHT_THERE,
};

/* Who sees which files. */
struct linker_view {
	enum sight (*sight)(const void *context, const struct linker_file *file);
	const void *context;
};

/* Why the linker cannot satisfy a DEPEND record. */
enum linker_result {
	LINKER_FITS,
	LINKER_ABSENT, /* no file provides the interface in any version */
	LINKER_VERSION, /* only in other versions */
	LINKER_GONE, /* linker.hints names a file that does not exist */
	LINKER_INHERITED, /* the file that provides it cannot be loaded itself */
	LINKER_CYCLE, /* that file needs, directly or not, the one that is being loaded */
	LINKER_CLASH, /* another file with that file's name is loaded already */
};

struct linker_trial;

/* The answer to one DEPEND record. */
struct linker_answer {
	const struct kld_depend *depend;
	enum linker_result result;
	/* NULL, or why RESULT is not certain: one clause */
	const char *unsure;
	/* the file that is loaded, or would be; NULL: the kernel, or none */
	const struct linker_file *file;
	int32_t version; /* that is provided, if it fits or another one is there */
	bool provided; /* VERSION is valid */
	const char *hinted; /* with LINKER_GONE: the file's path */
	const struct linker_trial *because; /* with LINKER_INHERITED */
};

struct linker_answers {
	struct linker_answer *list;
	size_t count, room;
};

/* A name of FILE that the kernel, or a file that was loaded before, has already. */
struct linker_clash {
	const struct linker_file *file; /* the file of the trial, or one that is loaded for it */
	const char *name; /* of the module, "pci/re", or of the interface, "re" */
	const struct kld_version *interface; /* NULL: it is a module */
	const struct linker_file *other; /* NULL: the kernel; may be FILE itself */
	/* OTHER is loaded only because loader.conf says so, or NAME is a module of the kernel, which
	 * the boot loader can replace */
	bool avoidable;
};

struct linker_clashes {
	struct linker_clash *list;
	size_t count, room;
};

/* What happens when a file is loaded on a kernel that has loaded what loader.conf names. */
struct linker_trial {
	const struct linker_file *file;
	/* NULL, or the message with which the file is refused before its records are read */
	const char *refused;
	/* what keeps FILE from being loaded in any way, a name that is there already; NULL: none */
	const struct linker_clash *clash;
	/* those of FILE and of all files that are loaded for it. In the order in which they are
	 * met */
	struct linker_clashes clashes;
	/* one for each different DEPEND record, in the order of the set, without those on
	 * interfaces of the file itself */
	struct linker_answers answers;
	/* the first symbol that is missing for certain, once all it depends on is there */
	const struct import *symbol;
	bool fails; /* for certain */
	const char *unsure; /* NULL, or why it is not certain that it loads */
};

/* Tries to load FILE. Every DEPEND record is answered, also those behind the first that fails. The
 * result is in ARENA. */
const struct linker_trial *linker_try(struct arena *arena, const struct linker *linker,
				      const struct linker_view *view,
				      const struct linker_file *file);

/* Where the linker finds a symbol that the file of TRIAL imports. */
enum linker_symbol {
	SYMBOL_THERE,
	SYMBOL_MISSING, /* the kernel and all files that it depends on are known */
	SYMBOL_UNKNOWN, /* the symbols of the kernel are not known, or a dependency fails */
};
enum linker_symbol linker_symbol(const struct linker *linker, const struct linker_trial *trial,
				 const struct import *import);
/* True for symbols that MODULE defines itself, too, where the linker looks first, and for those
 * that the linker makes (link_elf_obj.c, link_elf_fix_link_set). */
bool linker_makes(const struct module *module, const struct import *import);

#endif

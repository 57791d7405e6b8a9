/* SPDX-License-Identifier: ISC */
/* linker_trial - what the kernel linker of FreeBSD does when it is asked to load a
 * file: what it loads first, and where it stops (sys/kern/kern_linker.c). */
#ifndef KMODAUDIT_LINKER_TRIAL_H
#define KMODAUDIT_LINKER_TRIAL_H

#include "facts/linker/linker.h"

/* Hostile records may name files that name files: the kernel follows them
 * without a limit, this program up to this depth, and this number of different
 * records of a file. */
enum { LINKER_DEPTH_MOST = 64, LINKER_ANSWERS_MOST = 1024 };
/* What a trial is unsure of where it ends at one of these limits. */
extern const char linker_too_many[];

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
	/* OTHER is loaded only because loader.conf says so, or NAME is a module of the
	 * kernel, which the boot loader can replace */
	bool avoidable;
};

struct linker_clashes {
	struct linker_clash *list;
	size_t count, room;
};

/* What happens when a file is loaded on a kernel that has loaded
 * what loader.conf names. */
struct linker_trial {
	const struct linker_file *file;
	/* NULL, or the message with which the file is refused before its
	 * records are read */
	const char *refused;
	/* what keeps FILE from being loaded in any way, a name that is there
	 * already; NULL: none */
	const struct linker_clash *clash;
	/* those of FILE and of all files that are loaded for it. In the order in which
	 * they are met */
	struct linker_clashes clashes;
	/* one for each different DEPEND record, in the order of the set, without those
	 * on interfaces of the file itself */
	struct linker_answers answers;
	/* the first symbol that is missing for certain, once all it depends
	 * on is there */
	const struct import *symbol;
	bool fails; /* for certain */
	const char *unsure; /* NULL, or why it is not certain that it loads */
};

/* Tries to load FILE. Every DEPEND record is answered, also those behind the first that
 * fails. The result is in ARENA. */
const struct linker_trial *linker_try(struct arena *arena, const struct linker *linker,
				      const struct linker_view *view,
				      const struct linker_file *file);

/* The trial of the file from which the failure of TRIAL comes: TRIAL, or that of a file
 * that it depends on, directly or not. */
const struct linker_trial *linker_root(const struct linker_trial *trial);

/* Where the linker finds a symbol that the file of TRIAL imports. */
enum linker_symbol {
	SYMBOL_THERE,
	SYMBOL_MISSING, /* the kernel and all files that it depends on are known */
	SYMBOL_UNKNOWN, /* the symbols of the kernel are not known, or a dependency fails */
};
enum linker_symbol linker_symbol(const struct linker *linker, const struct linker_trial *trial,
				 const struct import *import);
/* True for symbols that MODULE defines itself, where the linker looks first, and for
 * the one that the linker of IMAGE's kernel makes: the file that imports the symbol, which
 * each module of linuxkpi wants (kern_linker.c, linker_file_lookup_symbol_internal). */
bool linker_makes(const struct image *image, const struct module *module,
		  const struct import *import);
/* True if it is not known whether it makes that file's symbol. */
bool linker_may_make(const struct image *image, const struct import *import);

#endif

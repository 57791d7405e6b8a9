/* SPDX-License-Identifier: ISC */
/* loader_conf - what the boot loader of FreeBSD is told: boot/defaults/loader.conf and
 * the files that it names (loader.conf(5); stand/lua/config.lua). */
#ifndef KMODAUDIT_LOADER_CONF_H
#define KMODAUDIT_LOADER_CONF_H

#include "facts/freebsd/kld_boot.h"

enum loader_moment { LOADER_BEFORE, LOADER_AFTER, LOADER_ERROR, LOADER_MOMENTS };

/* What the files say about one NAME: NAME_load, NAME_name, NAME_type. */
struct loader_entry {
	struct kld_load load;
	bool on; /* NAME_load="YES" */
	const char *type; /* NAME_type: it is no module, but an image or microcode. NULL: none */
	/* NAME_before, _after, _error: NULL, or the line, whose command may change what is
	 * loaded */
	const char *commands[LOADER_MOMENTS];
};

/* A variable of the boot loader: kernel, module_path, loader_conf_files, ... */
struct loader_setting {
	const char *value, *witness;
	/* NULL, or the name of a variable in the value whose own value is not known: no
	 * file sets it, and the loader may know it */
	const char *unknown;
};

struct loader_settings {
	struct loader_setting *list;
	size_t count, room;
	struct map numbers; /* by name */
};

struct loader_conf {
	struct loader_settings settings;
	struct loader_entry *list;
	size_t count, room;
	struct map numbers; /* of LIST, by name */
	/* lines that the boot loader does not understand and ignores, commands (exec) that
	 * may change what is loaded, and lines that not all loaders read alike, which set
	 * nothing here; each with file and line. At most LOADER_ODD_MOST of each kind */
	struct strings malformed, commands, disputed;
	size_t expanded; /* bytes of all values */
};

enum { LOADER_ODD_MOST = 8 };

/* Adds the TEXT of one file. The files are added in the boot loader's order: what a
 * later line sets replaces what an earlier one set. WITNESS is kept. */
void loader_conf_add(struct arena *arena, const char *witness, struct span text,
		     struct loader_conf *ret);
/* The variable NAME, or NULL if no file sets it. Valid until
 * the next loader_conf_add. */
const struct loader_setting *loader_conf_get(const struct loader_conf *conf, const char *name);
/* Sets the variable NAME, as a file does; VALUE NULL: to nothing. */
void loader_conf_set(struct arena *arena, struct loader_conf *conf, const char *name,
		     struct loader_setting setting);
/* The modules that are loaded, sorted by name: those with NAME_load="YES", no
 * NAME_type, and not in module_blacklist. */
void loader_conf_loads(struct arena *arena, const struct loader_conf *conf, struct kld_loads *ret);
/* Why it is not certain that only these are loaded: a clause for each, at most
 * LOADER_ODD_MOST. */
void loader_conf_doubts(struct arena *arena, const struct loader_conf *conf, struct strings *ret);

#endif

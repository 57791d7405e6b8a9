/* SPDX-License-Identifier: ISC */
/* loader_conf - what the boot loader of FreeBSD is told: boot/loader.conf, the files of
 * boot/loader.conf.d and boot/loader.conf.local (loader.conf(5)). */
#ifndef KMODAUDIT_LOADER_CONF_H
#define KMODAUDIT_LOADER_CONF_H

#include "facts/freebsd/kld_boot.h"

/* What the files say about one NAME: NAME_load, NAME_name, NAME_type. */
struct loader_entry {
	struct kld_load load;
	bool on; /* NAME_load="YES" */
	bool data; /* NAME_type is set: no module, but an image or microcode */
};

struct loader_conf {
	const char *kernel; /* the directory below boot; NULL: not set */
	const char *module_path, *module_path_witness; /* as stored; NULL: not set */
	struct loader_entry *list;
	size_t count, room;
	struct map numbers;
};

/* Adds the TEXT of one file. The files are read in the boot loader's order: what a later one sets
 * replaces what an earlier one set. WITNESS is kept. */
void loader_conf_add(struct arena *arena, const char *witness, struct span text,
		     struct loader_conf *ret);
/* The modules that are loaded, sorted by name. */
void loader_conf_loads(struct arena *arena, const struct loader_conf *conf, struct kld_loads *ret);

#endif

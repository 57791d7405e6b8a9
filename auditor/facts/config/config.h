/* SPDX-License-Identifier: ISC */
/* config - a kernel .config: its options, and OpenWrt's md5 of its =y and =m lines. */
#ifndef KMODAUDIT_CONFIG_H
#define KMODAUDIT_CONFIG_H

#include "base/digest.h"
#include "base/error.h"
#include "facts/module/fact.h"

struct option {
	const char *name; /* with its prefix: "CONFIG_NF_CONNTRACK" */
	/* "y", "m", "n" (written "# CONFIG_X is not set"), a number, or a string
	 * with its quotes */
	const char *value;
};

struct config {
	const char *witness;
	struct sha256 text; /* of the file's text */
	/* sorted by name; of a repeated option the last value, as in kconfig */
	struct option *list;
	size_t count, room;
	size_t core, modules; /* the number of options that are =y, and that are =m */
	/* md5 of the sorted lines that contain "=y" or
	 * "=m" (OpenWrt include/kernel-defaults.mk) */
	const char *vermagic;
	/* the same md5 of the .config.set beside the file, which is what OpenWrt
	 * hashes, or NULL */
	const char *set_vermagic;
	/* from the comment "# Linux/mips 4.14.275 Kernel Configuration", or NULL */
	const char *release;
	/* that comment exists and the file is not cut: kconfig wrote it, so it includes
	 * selected options and defaults */
	bool resolved;
	/* NULL, or what shows that the end of a file with that comment is missing; then
	 * an option that it does not mention may have any value */
	const char *cut;
	/* NULL, or what in a file with that comment kconfig did not write:
	 * somebody edited it */
	const char *edited;
	/* it has only the options whose values are sure; what it does not mention may
	 * have any value */
	bool partial;
	bool inside; /* it was found in a kernel or in configs.ko */
};

/* OPTION without its CONFIG_ prefix, as Kconfig and the layout rules write it. */
const char *option_bare(const char *option);

/* Parses TEXT, plain or compressed with gzip. Fails if no line of it is
 * a config line. */
bool config_read(struct arena *arena, const char *witness, struct span text, struct config *ret,
		 struct error *error);
/* If a file ".config.set" is beside the ".config" PATH, stores its hash in CONFIG. */
void config_set_read(struct arena *arena, const char *path, struct config *config);
/* Finds the config of a kernel of RELEASE (NULL: any) in PATH, a kernel's build tree,
 * an SDK, an ImageBuilder or a whole OpenWrt tree. NULL if there is none; NULL and a
 * text in ERROR if a directory cannot be read to its end. Links that lead out of PATH
 * are not followed. */
const struct config *config_of_tree(struct arena *arena, const char *path, const char *release,
				    struct error *error);
/* True if WITNESS ends in "config-RELEASE" or "modules/RELEASE/config" and RELEASE is a
 * distribution's name for the kernel that its config calls CONFIG_RELEASE: Debian's
 * "6.1.0-56-amd64" is Linux 6.1.192. */
bool config_named(const char *witness, const char *config_release, const char *release);
/* True if RELEASE is CONFIG_RELEASE, with or without a suffix: "3.12.25+",
 * "6.1.0-50-amd64". */
bool release_extends(const char *release, const char *config_release);
/* The release in a name that `make install` gives: "6.6.86-rt" in "config-6.6.86-rt" and in
 * "boot/System.map-6.6.86-rt.gz"; or of the modules beside the file:
 * "lib/modules/6.6.86-rt/config". Empty in "config-lts" and other names. */
struct span release_in_name(const char *path);
/* The value of OPTION, which includes CONFIG_; NULL if the config does
 * not mention it. */
const char *config_get(const struct config *config, const char *option);

/* Finds the compressed config between IKCFG_ST and IKCFG_ED in a kernel or in
 * configs.ko (kernel/configs.c). NULL if there is none. */
const struct config *ikconfig_read(struct arena *arena, const char *witness, struct span bytes);

struct option_change {
	const char *name;
	const char *before, *after; /* NULL: not mentioned */
};

struct option_changes {
	struct option_change *list;
	size_t count, room;
};

/* The changes from A to B. Core: options that are =y on either side.
 * Modules: options that are =m on either side and not core. Values: all
 * other options (numbers, strings). */
struct config_difference {
	/* changed: from y to m, or from m to y */
	struct option_changes core_added, core_removed, core_changed;
	struct option_changes modules_added, modules_removed;
	struct option_changes values;
};

struct config_difference config_compare(struct arena *arena, const struct config *a,
					const struct config *b);

#endif

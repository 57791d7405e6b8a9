/* SPDX-License-Identifier: ISC */
/* config - a kernel .config: the lines that are =y and =m, the values, and OpenWrt's md5 of
 * them. */
#ifndef KMODAUDIT_CONFIG_H
#define KMODAUDIT_CONFIG_H

#include "base/digest.h"
#include "base/error.h"
#include "facts/module/fact.h"

struct option {
	const char *name; /* with CONFIG_: "CONFIG_NF_CONNTRACK" */
	/* "y", "m", "n" (from "# CONFIG_X is not set"), a number, or a string with its
	 * quotes */
	const char *value;
};

struct config {
	const char *witness;
	struct sha256 text; /* of the file's text */
	/* sorted by name, one each (the last one said wins, as kconfig has it) */
	struct option *list;
	size_t count, room;
	size_t core, modules; /* how many are =y, how many =m */
	const char
		/* md5 of the sorted lines that contain "=y" or "=m", OpenWrt's
		 * include/kernel-defaults.mk */
		*vermagic;
	const char *
		/* that md5 of the .config.set beside it, which is what OpenWrt hashes; NULL:
		 * not there */
		set_vermagic;
	/* out of the "# Linux/mips 4.14.275 Kernel Configuration" comment, or NULL */
	const char *release;
	/* that comment is there: kconfig wrote the file, so it holds selected symbols and
	 * defaults */
	bool resolved;
};

/* Without its CONFIG_, if it has one: as Kconfig and the layout rules write it. */
const char *option_bare(const char *option);

/* TEXT plain or gzip'd. Fails when no line of it is a config line. */
bool config_read(struct arena *arena, const char *witness, struct span text, struct config *ret,
		 struct error *error);
/* Where PATH is a ".config" with a ".config.set" beside it: takes over that one's hash. */
void config_set_read(struct arena *arena, const char *path, struct config *config);
/* The config of a kernel of RELEASE (NULL: any) in the build tree, SDK or ImageBuilder
 * directory PATH: a kernel's own directory, or build_dir/target-X/linux-Y/linux-Z; NULL when
 * there is none. Links out of PATH are not followed. */
const struct config *config_of_tree(struct arena *arena, const char *path, const char *release);
/* WITNESS ends in "config-RELEASE", and RELEASE is a distribution's name of the kernel that the
 * config calls CONFIG_RELEASE: Debian's "6.1.0-56-amd64" is Linux 6.1.192. */
bool config_named(const char *witness, const char *config_release, const char *release);
/* NULL when the option is not mentioned; OPTION with CONFIG_. */
const char *config_get(const struct config *config, const char *option);

/* The gzip'd config between IKCFG_ST and IKCFG_ED in a kernel or in configs.ko
 * (kernel/configs.c); NULL when not there. */
const struct config *ikconfig_read(struct arena *arena, const char *witness, struct span bytes);

struct option_change {
	const char *name;
	const char *before, *after; /* values; NULL: not mentioned */
};

struct option_changes {
	struct option_change *list;
	size_t count, room;
};

/* B against A. Core: =y on either side. Modules: =m on either side and not in core. Values:
 * neither (numbers, strings). */
struct config_difference {
	struct option_changes core_added, core_removed, core_changed; /* changed: y <-> m */
	struct option_changes modules_added, modules_removed;
	struct option_changes values;
};

struct config_difference config_compare(struct arena *arena, const struct config *a,
					const struct config *b);

#endif

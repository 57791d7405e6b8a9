/* SPDX-License-Identifier: ISC */
/* config_set - the lines behind an OpenWrt abi hash: the =y and =m lines of the kernel
 * config that a build asked for, sorted by their bytes. The hash is the md5 of these
 * lines, each with its '\n' (OpenWrt include/kernel-defaults.mk: grep '=[ym]'
 * .config.set | LC_ALL=C sort | md5). */
#ifndef KMODAUDIT_CONFIG_SET_H
#define KMODAUDIT_CONFIG_SET_H

#include "base/array.h"
#include "base/error.h"

enum {
	SET_LINES = 1 << 16, /* the maximum number of lines of a set; OpenWrt's have up to 2,700 */
	SET_LINE = 4096, /* the maximum number of bytes of a line; OpenWrt's have up to 61 */
};

struct config_set {
	struct span text; /* the lines as they are hashed */
	struct strings lines; /* sorted by their bytes, each once, without '\n' */
	const char *hash; /* 32 lower-case hex digits */
};

/* Returns NULL if LINE belongs to a set: it begins with CONFIG_, contains "=y" or "=m"
 * (the pattern is not anchored, so CONFIG_CMDLINE="root=mtd" belongs to it) and has no
 * control byte. Otherwise returns what is wrong: "has a control byte". */
const char *set_line_wrong(struct span line);
/* Makes the set of LINES, in any order, without duplicates. The
 * strings are borrowed. */
struct config_set config_set_of(struct arena *arena, const struct strings *lines);
/* Parses a set, as it is hashed, from TEXT. Fails, with NAME and the line number, if a
 * line is not a =y or =m line, is not greater than the line before, or has no '\n'. */
bool config_set_parse(struct arena *arena, const char *name, struct span text,
		      struct config_set *ret, struct error *error);
/* Parses the lines that OpenWrt would hash from TEXT, a .config.set or a .config. Fails
 * as above for a line with a control byte, and if there is no =y or =m line. */
bool config_set_select(struct arena *arena, const char *name, struct span text,
		       struct config_set *ret, struct error *error);

/* True if SET contains LINE ("CONFIG_NF_CONNTRACK=m"). */
bool config_set_has(const struct config_set *set, const char *line);
/* The option of a line: "CONFIG_NF_CONNTRACK" of "CONFIG_NF_CONNTRACK=m". */
struct span set_line_symbol(const char *line);
/* True if TEXT is 32 lower-case hex digits. */
bool is_abi_hash(const char *text);

/* Returns the lines that are only in A, sorted, each after '-'; then those only in B,
 * each after '+'. An option that changes from y to m gives two lines. */
struct strings config_set_difference(struct arena *arena, const struct config_set *a,
				     const struct config_set *b);

#endif

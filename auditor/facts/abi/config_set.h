/* SPDX-License-Identifier: ISC */
/* config_set - the lines behind an OpenWrt abi hash: the =y and =m lines of the kernel config
 * that a build asked for, sorted bytewise. The hash is the md5 of these lines, each with its
 * '\n' (OpenWrt include/kernel-defaults.mk: grep '=[ym]' .config.set | LC_ALL=C sort | md5). */
#ifndef KMODAUDIT_CONFIG_SET_H
#define KMODAUDIT_CONFIG_SET_H

#include "base/array.h"
#include "base/error.h"

enum {
	SET_LINES = 1 << 16, /* the most lines of a set; OpenWrt has 2,700 */
	SET_LINE = 4096, /* the most bytes of a line; OpenWrt has 61 */
};

struct config_set {
	struct span text; /* the lines as they are hashed */
	struct strings lines; /* sorted by their bytes, each once, without '\n' */
	const char *hash; /* 32 lower-case hex digits */
};

/* NULL where LINE is one that the hash is made of: it begins with CONFIG_, has "=y" or "=m" in it
 * (the pattern is not anchored: CONFIG_CMDLINE="root=mtd" is one) and no control byte. Else what
 * it is instead: "has a control byte". */
const char *set_line_wrong(struct span line);
/* The set of LINES, in any order, doubles dropped. The strings are borrowed. */
struct config_set config_set_of(struct arena *arena, const struct strings *lines);
/* TEXT is a set as it is hashed. Fails, with NAME and the number of the line, where a line is
 * no =y or =m line, does not stand behind the one before, stands twice or has no '\n'. */
bool config_set_parse(struct arena *arena, const char *name, struct span text,
		      struct config_set *ret, struct error *error);
/* TEXT is a .config.set or a .config: the lines that OpenWrt would hash. Fails as above for a
 * line with a control byte, and when there is no =y or =m line. */
bool config_set_select(struct arena *arena, const char *name, struct span text,
		       struct config_set *ret, struct error *error);

/* LINE ("CONFIG_NF_CONNTRACK=m") is one of SET's lines. */
bool config_set_has(const struct config_set *set, const char *line);
/* 'y' or 'm' where SET has the line OPTION=y or OPTION=m (OPTION with CONFIG_), else 0. */
char config_set_value(const struct config_set *set, const char *option);
/* The symbol of a line: "CONFIG_NF_CONNTRACK" of "CONFIG_NF_CONNTRACK=m". */
struct span set_line_symbol(const char *line);
/* TEXT is 32 lower-case hex digits. */
bool is_abi_hash(const char *text);

/* The lines only in A, sorted, each with '-' before it; then those only in B, each with '+'. A
 * symbol that goes from y to m is two lines. */
struct strings config_set_difference(struct arena *arena, const struct config_set *a,
				     const struct config_set *b);

#endif

/* SPDX-License-Identifier: ISC */
/* command_line - finds kernel command lines in the files of boot loaders, and parameters
 * in a command line. */
#ifndef KMODAUDIT_COMMAND_LINE_H
#define KMODAUDIT_COMMAND_LINE_H

#include "base/array.h"
#include "base/span.h"

struct command_line {
	const char *text, *witness;
	/* the boot loader passes it as it is; false: a script may change it, or the
	 * boot loader puts its own in its place */
	bool passed;
};

struct command_lines {
	struct command_line *list;
	size_t count, room;
};

/* Adds the command lines in TEXT, a file that the boot loader reads at PATH: grub.cfg,
 * syslinux.cfg, extlinux.conf, cmdline.txt, loader/entries/NAME.conf, uEnv.txt, or a
 * device tree. Text and witness are in ARENA. */
void command_lines_read(struct arena *arena, const char *path, const char *witness,
			struct span text, struct command_lines *lines);

/* True for the value of a parameter that matters; empty if there is no '='. */
typedef bool value_test(struct span value);

struct parameter {
	const char *name;
	value_test *test; /* what its value must pass; NULL: it is a list that must have ITEM */
	const char *item;
	bool last; /* only the last one in a line counts, whatever its value */
};

/* True if ITEM is in LIST, which has commas and may be in quotes. */
bool list_names(struct span list, const char *item);

/* Finds PARAMETER in LINE: the last one with such a value. VALUE gets what follows
 * "NAME=" without quotes, or nothing. '-' and '_' are equal in names; behind "--" is what
 * init gets; blanks in double quotes do not end a parameter (Linux kernel/params.c,
 * parse_args, parameq; lib/cmdline.c, next_arg). */
bool command_line_get(const char *line, const struct parameter *parameter, struct span *value);

enum { BOOTARGS_COUNT = 3 };
/* device_tree.c: bootargs, bootargs-append and bootargs-override in /chosen of the
 * flattened device tree BYTES; empty if it has none. False if BYTES are no device tree. */
bool device_tree_bootargs(struct span bytes, struct span ret[BOOTARGS_COUNT]);

#endif

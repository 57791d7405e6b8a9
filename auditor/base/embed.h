/* SPDX-License-Identifier: ISC */
/* embed - files of the tree compiled into the program by scripts/embed. */
#ifndef KMODAUDIT_EMBED_H
#define KMODAUDIT_EMBED_H

struct embedded {
	const char *name; /* below rules/: "checks.yaml"; of a text: "kmodaudit.1" */
	const char *text;
};

/* Both end with a NULL name. The texts are made from the tables that a first link of the program
 * prints; in that link there are none. */
extern const struct embedded embedded_rules[];
extern const struct embedded embedded_texts[] __attribute__((weak));

#endif

/* SPDX-License-Identifier: ISC */
/* embed - files of the tree compiled into the program by scripts/embed. */
#ifndef KMODAUDIT_EMBED_H
#define KMODAUDIT_EMBED_H

struct embedded {
	/* below rules/: "checks.yaml"; of a text: its path, "docs/kmodaudit.1.in" */
	const char *name;
	const char *text;
};

/* Each ends with a NULL name. */
extern const struct embedded embedded_rules[], embedded_texts[];

#endif

/* embed - files of rules/ compiled into the program by scripts/embed. */
#ifndef KMODAUDIT_EMBED_H
#define KMODAUDIT_EMBED_H

struct embedded {
	const char *name; /* below rules/: "checks.yaml" */
	const char *text;
};

extern const struct embedded embedded_rules[]; /* ends with a NULL name */

#endif

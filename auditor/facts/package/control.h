/* SPDX-License-Identifier: ISC */
/* control - parses Debian stanzas as opkg writes them: control
 * files, status, Packages. */
#ifndef KMODAUDIT_CONTROL_H
#define KMODAUDIT_CONTROL_H

#include "facts/module/fact.h"

struct field {
	const char *name; /* as written; compared without regard to case */
	/* the first line without outer blanks; continuation lines follow, each after a
	 * '\n' and without its leading blank */
	const char *value;
	/* the first line has a blank right behind the colon, and at its end: opkg does not
	 * remove them from a list */
	bool front, behind;
};

struct stanza {
	struct field *list;
	size_t count, room;
	size_t line; /* the line at which it starts, from 1 */
};

/* Removes the next stanza from REST. False at the end. Lines that are neither a field
 * nor a continuation are skipped and counted in *BAD. LINE is the number of the line
 * with which REST starts, and is advanced. */
bool stanza_read(struct arena *arena, struct span *rest, size_t *line, struct stanza *ret,
		 size_t *bad);
/* The value of the field NAME, or NULL. Of several fields of one name the last one
 * counts (libopkg/pkg.c, pkg_set_raw). */
const char *stanza_get(const struct stanza *stanza, const char *name);
/* The same for a field that is a list, whose items add up: the values joined by commas
 * (libopkg/pkg_depends.c, parse_deplist). */
const char *stanza_join(struct arena *arena, const struct stanza *stanza, const char *name);

#endif

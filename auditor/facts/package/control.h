/* SPDX-License-Identifier: ISC */
/* control - Debian stanzas as opkg writes them: control files, status, Packages. */
#ifndef KMODAUDIT_CONTROL_H
#define KMODAUDIT_CONTROL_H

#include "facts/module/fact.h"

struct field {
	const char *name; /* as written; compared without regard to case */
	/* first line trimmed; continuation lines joined with '\n', each without its leading
	 * blank */
	const char *value;
};

struct stanza {
	struct field *list;
	size_t count, room;
	size_t line; /* where it starts, from 1 */
};

/* Cuts the next stanza off REST; false at the end. Lines that are neither field nor
 * continuation are skipped and counted in *BAD. LINE: in and out, the number of the line that
 * REST starts with. */
bool stanza_read(struct arena *arena, struct span *rest, size_t *line, struct stanza *ret,
		 size_t *bad);
/* NULL when the stanza has no such field. */
const char *stanza_get(const struct stanza *stanza, const char *name);

#endif

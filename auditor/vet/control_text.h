/* SPDX-License-Identifier: ISC */
/* control_text - the control file of a package, changed for a vetted feed. What is not changed
 * on purpose keeps its bytes. */
#ifndef KMODAUDIT_CONTROL_TEXT_H
#define KMODAUDIT_CONTROL_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "facts/package/version.h"

/* What a vetted package says of itself. */
struct control_wish {
	const char *mark; /* what the version gets behind it */
	const char *source; /* where it came from, one line; not used of one that says it */
	const char *proof, *report; /* one line each */
	/* the version that DEPENDENCY is to ask for instead, or NULL; ALONE: it has no
	 * alternatives */
	const char *(*version)(void *context, const struct dependency *dependency, bool alone);
	void *context;
};

/* TEXT as it is in the vetted package: Version and Depends changed, the fields X-Kmodaudit-*
 * before Description. Of a TEXT that was vetted before, those fields tell what it said at first.
 * Fails on a control file that is not one stanza of fields, or that an index cannot take up. */
bool control_rewrite(struct arena *arena, struct span text, const struct control_wish *wish,
		     struct span *ret, struct error *error);
/* TEXT, a control file as control_rewrite() makes it, with the lines BLOCK before Description or
 * at the end, and without blank lines behind it. */
struct span control_insert(struct arena *arena, struct span text, const char *block);

#endif

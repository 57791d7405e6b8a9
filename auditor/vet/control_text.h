/* SPDX-License-Identifier: ISC */
/* control_text - rewrites the control file of a package for a vetted feed. All bytes
 * that are not changed on purpose stay as they are. */
#ifndef KMODAUDIT_CONTROL_TEXT_H
#define KMODAUDIT_CONTROL_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "facts/package/version.h"

/* What to write into the control file of a vetted package. */
struct control_wish {
	const char *mark; /* appended to the version */
	const char *source; /* one line: the package's origin, unless the control file has one */
	const char *proof, *report; /* one line each */
	/* returns the version to require in DEPENDENCY, or NULL to keep its own; ALONE:
	 * the dependency has no alternatives */
	const char *(*version)(void *context, const struct dependency *dependency, bool alone);
	void *context;
};

/* Rewrites TEXT for the vetted package: changes Version and Depends, and adds the
 * fields X-Kmodaudit-* before Description. If TEXT comes from a vetted package, the
 * original values are taken from these fields. Fails if the control file is not a
 * single stanza of fields, or if an index could not contain it. */
bool control_rewrite(struct arena *arena, struct span text, const struct control_wish *wish,
		     struct span *ret, struct error *error);
/* Inserts the lines BLOCK into TEXT, a result of control_rewrite(), before Description
 * or at the end, and removes blank lines at the end. */
struct span control_insert(struct arena *arena, struct span text, const char *block);

#endif

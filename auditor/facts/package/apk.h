/* SPDX-License-Identifier: ISC */
/* apk - what apk-tools 3 says of packages: the lines of unpack's apk reader and of
 * lib/apk/db/installed, its order of versions and its dependencies. */
#ifndef KMODAUDIT_APK_H
#define KMODAUDIT_APK_H

#include "facts/package/package.h"

/* <0, 0, >0 as A is older, equal, newer. Grammar:
 * digits{.digits}[letter]{_suffix[digits]}[~hex][-rDIGITS]; what does not follow it sorts
 * behind what does, as text. */
int apk_version_compare(const char *a, const char *b);
/* A begins with all of B's parts: apk's "~". */
bool apk_version_fuzzy(const char *a, const char *b);

/* "name", "name=1", "name>=1 !other name~1.2": depends, and in CONFLICTS (which may be NULL)
 * those with "!". */
struct formulas apk_dependencies(struct arena *arena, struct span text, struct formulas *conflicts);

/* The next package of TEXT (lines "P:name", "V:version", ..., a blank line behind it); false at
 * the end. *BAD counts lines that are no such line. LINE: in and out, from 1. Files are taken
 * over from F: and R: lines. */
bool apk_package_next(struct arena *arena, struct span *text, size_t *line, const char *witness,
		      struct package *ret, size_t *bad);

#endif

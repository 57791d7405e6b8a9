/* SPDX-License-Identifier: ISC */
/* apk - the format of apk-tools 3: package lines, as the unpacker prints them and as in
 * lib/apk/db/installed, the order of versions, and dependencies. */
#ifndef KMODAUDIT_APK_H
#define KMODAUDIT_APK_H

#include "facts/package/package.h"

/* <0, 0 or >0 if A is older than, equal to or newer than B, in apk's order. Grammar:
 *   digits{.digits}[letter]{_suffix[digits]}[~hex][-rDIGITS]
 * Text that does not follow the grammar sorts after text that does. */
int apk_version_compare(const char *a, const char *b);
/* True if A begins with all parts of B (apk's operator "~"). */
bool apk_version_fuzzy(const char *a, const char *b);

/* <0, 0 or >0 if apk prefers B to A, neither, or A to B, of two packages that are not installed and
 * have or provide NAME. */
int apk_providers_compare(const struct package *a, const struct package *b, const char *name);

/* Parses dependencies such as "name", "name=1", "name>=1 !other name~1.2". Those with
 * "!" go to CONFLICTS, which may be NULL, the others are returned. */
struct formulas apk_dependencies(struct arena *arena, struct span text, struct formulas *conflicts);

/* Reads the next package of TEXT: lines such as "P:name" and "V:version", up to an
 * empty line. False at the end. The path of a file is put together from F: and R:
 * lines. *BAD counts lines that cannot be parsed. LINE is the number of the current
 * line, from 1, and is advanced. */
bool apk_package_next(struct arena *arena, struct span *text, size_t *line, const char *witness,
		      struct package *ret, size_t *bad);

#endif

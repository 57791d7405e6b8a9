/* SPDX-License-Identifier: ISC */
/* apk_index - a feed's packages.adb. Private to facts/. */
#ifndef KMODAUDIT_APK_INDEX_H
#define KMODAUDIT_APK_INDEX_H

#include "base/error.h"
#include "facts/package/package.h"

struct apk_signature {
	struct span id; /* of the key that made it */
	struct span message, signature;
};

struct apk_signatures {
	struct apk_signature *list;
	size_t count, room;
};

/* BYTES are an apk database, compressed or not. */
bool apk_index_is(struct span bytes);
/* The rows of the index in BYTES, in its order, FILENAME as apk would ask for it; *BAD counts
 * lines that say nothing. */
bool apk_index_rows(struct arena *arena, const char *path, struct span bytes, struct packages *ret,
		    size_t *bad, struct error *error);
/* Who signed it. */
bool apk_index_signatures(struct arena *arena, const char *path, struct span bytes,
			  struct apk_signatures *ret, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* apk_index - reads packages.adb, the index of an apk feed. Private to facts/. */
#ifndef KMODAUDIT_APK_INDEX_H
#define KMODAUDIT_APK_INDEX_H

#include "base/error.h"
#include "facts/package/package.h"

struct apk_signature {
	struct span id; /* the id of the key that made it */
	struct span message, signature;
};

struct apk_signatures {
	struct apk_signature *list;
	size_t count, room;
};

/* The rows of the index in BYTES, in its order. FILENAME of a row is the name under
 * which apk fetches the package. *BAD counts lines that cannot be parsed. */
bool apk_index_rows(struct arena *arena, const char *path, struct span bytes, struct packages *ret,
		    size_t *bad, struct error *error);
/* The signatures of the index in BYTES. */
bool apk_index_signatures(struct arena *arena, const char *path, struct span bytes,
			  struct apk_signatures *ret, struct error *error);

#endif

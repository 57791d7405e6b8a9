/* SPDX-License-Identifier: ISC */
/* apk_index_make - the index of a feed for apk-tools 3, packages.adb. */
#ifndef KMODAUDIT_APK_INDEX_MAKE_H
#define KMODAUDIT_APK_INDEX_MAKE_H

#include "vet/keys/pem_key.h"

/* A package of an index. */
struct apk_row {
	const char *name;
	struct span database; /* the payload of its ADB block */
	size_t size; /* of the .apk */
};

struct apk_rows {
	struct apk_row *list;
	size_t count, room;
};

/* Makes packages.adb from ROWS, which must be sorted by name. KEY: signs
 * it; NULL: unsigned. */
bool apk_index_make(struct arena *arena, const struct apk_rows *rows, const struct pem_key *key,
		    struct span *ret, struct error *error);
/* The names that the packages of the index BYTES have as files: NAME-VERSION.apk. Empty
 * if it is not an index. */
struct strings apk_index_files(struct arena *arena, struct span bytes);

#endif

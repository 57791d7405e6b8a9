/* SPDX-License-Identifier: ISC */
/* apk_text - what an apk database says of a package, as lines of text. Private to unpack/. */
#ifndef KMODAUDIT_APK_TEXT_H
#define KMODAUDIT_APK_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "unpack/archive/adb.h"

/* Lines as /lib/apk/db/installed has them, one "X:value" a field. */
struct listing {
	struct arena *arena;
	uint8_t *bytes;
	size_t size, room;
};

void listing_add(struct listing *listing, struct span span);
void listing_text(struct listing *listing, const char *text);

/* Adds the lines of one pkginfo object. IDENTITY: hex for the C: line, or NULL to take the one
 * the object records. */
bool apk_text(const struct adb *adb, struct listing *listing, struct adb_object info,
	      const char *identity, struct error *error);

#endif

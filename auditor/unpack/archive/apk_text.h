/* SPDX-License-Identifier: ISC */
/* apk_text - converts package data of an apk database to lines of text.
 * Private to unpack/. */
#ifndef KMODAUDIT_APK_TEXT_H
#define KMODAUDIT_APK_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "unpack/archive/adb.h"
#include "unpack/buffer.h"

/* Lines "X:value", one per field, as in lib/apk/db/installed. */
struct listing {
	struct arena *arena;
	struct buffer text;
};

void listing_add(struct listing *listing, struct span span);
void listing_text(struct listing *listing, const char *text);

/* Adds the lines of a pkginfo object. IDENTITY is the hash, in hex, for the C: line;
 * NULL: the one that the object contains. */
bool apk_text(const struct adb *adb, struct listing *listing, struct adb_object info,
	      const char *identity, struct error *error);

#endif

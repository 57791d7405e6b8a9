/* SPDX-License-Identifier: ISC */
/* apk_rewrite - rewrites the metadata of an .apk of apk-tools 3 for a vetted feed. */
#ifndef KMODAUDIT_APK_REWRITE_H
#define KMODAUDIT_APK_REWRITE_H

#include "facts/package/package.h"
#include "vet/control_text.h"

/* VERSION as a vetted package has it: "6.12.74-r1" becomes "6.12.74_pre-r1". It is
 * older than every version that begins with VERSION's numbers (apk-tools src/version.c:
 * a suffix "_pre" sorts before none). */
const char *apk_version_marked(struct arena *arena, const char *version);

/* Rewrites BYTES, an .apk: VERSION becomes its version, WISH says what its dependencies
 * ask for and what its description tells. The blocks with the files keep their bytes;
 * signatures are dropped. RET: the .apk; RET_DATABASE: the payload of its ADB block.
 * Errors name PATH. */
bool apk_rewrite(struct arena *arena, const char *path, struct span bytes, const char *version,
		 const struct control_wish *wish, struct span *ret, struct span *ret_database,
		 struct error *error);

#endif

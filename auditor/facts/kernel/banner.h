/* SPDX-License-Identifier: ISC */
/* banner - who built a kernel, when and with which compiler, as its banner says. */
#ifndef KMODAUDIT_BANNER_H
#define KMODAUDIT_BANNER_H

#include "base/arena.h"

struct banner {
	const char *builder; /* "builder@buildhost", as OpenWrt's official builds have; or NULL */
	/* of the tree that the compiler was built in: "r28427-6df0e3d02a"; or NULL */
	const char *revision;
	/* seconds since 1970; OpenWrt sets it to the tree's SOURCE_DATE_EPOCH, the
	 * date of its last commit (include/kernel-build.mk, KBUILD_BUILD_TIMESTAMP).
	 * 0: not readable */
	int64_t date;
};

/* Reads BANNER, "Linux version ...", or NULL. */
struct banner banner_parts(struct arena *arena, const char *banner);
/* "2025-02-03 23:09:37 UTC" */
const char *date_text(struct arena *arena, int64_t date);

#endif

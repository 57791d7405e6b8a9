/* SPDX-License-Identifier: ISC */
/* package_parts - the two inner archives of an .ipk, in either container, as
 * they are stored. */
#ifndef KMODAUDIT_PACKAGE_PARTS_H
#define KMODAUDIT_PACKAGE_PARTS_H

#include "base/arena.h"
#include "base/error.h"

struct package_part {
	const char *name; /* of the member, without "./": "data.tar.gz" */
	struct span bytes; /* still compressed */
};

struct package_parts {
	struct package_part control, data;
};

/* BYTES are a package, a tar.gz or an ar; PATH is what errors call it. The parts are
 * copies in ARENA. */
bool package_parts_read(struct arena *arena, const char *path, struct span bytes,
			struct package_parts *ret, struct error *error);

#endif

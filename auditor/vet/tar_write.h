/* SPDX-License-Identifier: ISC */
/* tar_write - replaces one member of a tar archive and keeps all other bytes;
 * makes small archives. */
#ifndef KMODAUDIT_TAR_WRITE_H
#define KMODAUDIT_TAR_WRITE_H

#include "base/arena.h"
#include "base/error.h"

struct tar_member {
	const char *name; /* at most 99 bytes */
	struct span bytes;
};

/* Finds the regular file NAME or "./NAME" in TAR. Fails if there is none or more than
 * one, and on headers that change the meaning of later headers (pax). */
bool tar_find(struct span tar, const char *name, struct span *ret, struct error *error);
/* Replaces the data of the file NAME in TAR by BYTES. Only its data, and the size and
 * checksum in its header, change. */
bool tar_exchange(struct arena *arena, struct span tar, const char *name, struct span bytes,
		  struct span *ret, struct error *error);
/* Makes an archive. Its files have mode 644, owner and group 0, and time 0. */
struct span tar_make(struct arena *arena, const struct tar_member *members, size_t count);

#endif

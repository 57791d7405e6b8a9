/* SPDX-License-Identifier: ISC */
/* tar_write - tar archives: one member of an archive exchanged, all other bytes kept; a small
 * archive made anew. */
#ifndef KMODAUDIT_TAR_WRITE_H
#define KMODAUDIT_TAR_WRITE_H

#include "base/arena.h"
#include "base/error.h"

struct tar_member {
	const char *name; /* at most 99 bytes */
	struct span bytes;
};

/* The only regular file of TAR that is called NAME or "./NAME". Fails where there is none or a
 * second one, and on headers that can change what a later header says (pax). */
bool tar_find(struct span tar, const char *name, struct span *ret, struct error *error);
/* TAR with BYTES as the data of that file: its header gets another size and checksum, and
 * everything else stays as it is. */
bool tar_exchange(struct arena *arena, struct span tar, const char *name, struct span bytes,
		  struct span *ret, struct error *error);
/* A new archive: mode 644, owner and group 0, time 0. */
struct span tar_make(struct arena *arena, const struct tar_member *members, size_t count);

#endif

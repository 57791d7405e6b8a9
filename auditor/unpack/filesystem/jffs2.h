/* SPDX-License-Identifier: ISC */
/* jffs2 - what lies in the nodes of a JFFS2. Private to jffs2*.c. */
#ifndef KMODAUDIT_JFFS2_H
#define KMODAUDIT_JFFS2_H

#include "unpack/attributes.h"

enum { JFFS2_ZEROS = 1 }; /* the one compression that needs no bytes */

/* The SIZE bytes that IN holds, compressed by METHOD. */
bool jffs2_decode(struct arena *arena, uint8_t method, struct span in, uint32_t size,
		  struct span *ret, struct error *error);

struct jffs2_attributes {
	struct attributes values; /* by number: the mark */
	struct attributes holders; /* by inode and number */
};

/* Keeps what NODE says, if TYPE is one of attributes. */
void jffs2_attribute(struct arena *arena, struct jffs2_attributes *attributes, uint16_t type,
		     struct span node, enum endian endian);
void jffs2_attributes_settle(struct jffs2_attributes *attributes);
enum logfs_mark jffs2_mark(const struct jffs2_attributes *attributes, uint64_t inode);

#endif

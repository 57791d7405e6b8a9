/* SPDX-License-Identifier: ISC */
/* jffs2 - functions of the JFFS2 reader. Private to jffs2*.c. */
#ifndef KMODAUDIT_JFFS2_H
#define KMODAUDIT_JFFS2_H

#include "unpack/attributes.h"

enum { JFFS2_ZEROS = 1 }; /* the only compression without stored bytes */

/* Decodes IN, which METHOD compressed, to SIZE bytes. */
bool jffs2_decode(struct arena *arena, uint8_t method, struct span in, uint32_t size,
		  struct span *ret, struct error *error);

struct jffs2_attributes {
	struct attributes values; /* by number; the value is the mark */
	struct attributes holders; /* by inode and number */
};

/* Records NODE if TYPE is that of an attribute. */
void jffs2_attribute(struct arena *arena, struct jffs2_attributes *attributes, uint16_t type,
		     struct span node, enum endian endian);
void jffs2_attributes_settle(struct jffs2_attributes *attributes);
enum logfs_mark jffs2_mark(const struct jffs2_attributes *attributes, uint64_t inode);

#endif

/* SPDX-License-Identifier: ISC */
/* jffs2 - functions of the JFFS2 reader. Private to jffs2*.c. */
#ifndef KMODAUDIT_JFFS2_H
#define KMODAUDIT_JFFS2_H

#include "unpack/attributes.h"
#include "unpack/filesystem/logfs.h"

enum { JFFS2_ZEROS = 1 }; /* the only compression without stored bytes */
enum { JFFS2_DATA = 0x44 }; /* offset of the bytes in a node of data */

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

/* A node of data. */
struct jffs2_node {
	uint32_t inode, version, offset, size, whole;
	uint64_t at;
};

struct jffs2 {
	struct span bytes;
	enum endian endian;
	struct logfs *tree;
	struct {
		struct jffs2_node *list;
		size_t count, room;
	} nodes; /* of data, sorted by inode and version */
	uint64_t end; /* of the last node */
	struct jffs2_attributes attributes;
};

/* The crc32 of JFFS2: it starts at 0 and is not inverted. */
uint32_t jffs2_crc(struct span span);

/* jffs2_inode.c: what struct logfs asks for. */
bool jffs2_size(void *context, uint64_t inode, uint64_t *ret, struct error *error);
bool jffs2_bytes(void *context, uint64_t inode, uint64_t size, struct span *ret,
		 struct error *error);
bool jffs2_zero(void *context, uint64_t inode, bool *ret, struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* ubifs - the state of reading a UBIFS. Private to ubifs*.c. */
#ifndef KMODAUDIT_UBIFS_H
#define KMODAUDIT_UBIFS_H

#include "unpack/attributes.h"

enum {
	NODE_INODE,
	NODE_DATA,
	NODE_NAME,
	NODE_XATTR,
	NODE_CUT,
	NODE_PADDING,
	NODE_SUPER,
	NODE_MASTER,
	NODE_INDEX = 9
};
enum { HEADER = 24, BLOCK = 4096, BRANCH = 20, LEVELS_MOST = 32, LEB_MOST = 16 << 20, ROOT = 1 };

struct ubifs_node {
	uint64_t inode, sequence, offset;
	uint32_t block; /* of a file; of a cut, the first block that was removed */
};

struct ubifs_nodes {
	struct ubifs_node *list;
	size_t count, room;
};

struct ubifs {
	const struct place *place;
	struct span bytes;
	struct logfs *tree;
	uint64_t leb_size, leb_count, first; /* blocks of the main area */
	uint64_t visits; /* number of visits to index nodes */
	struct ubifs_nodes inodes, data, cuts;
	struct attributes attributes; /* of overlayfs; the value is an inode */
};

struct ubifs_header {
	struct span bytes; /* the whole node */
	uint64_t sequence, inode;
	uint32_t block;
	uint8_t type;
};

/* Reads the node at AT. False if it is not valid. */
bool ubifs_node(struct span bytes, uint64_t at, struct ubifs_header *ret);
/* ubifs_index.c: fails unless all nodes in the index exist. */
bool ubifs_index_check(struct ubifs *fs, struct error *error);

#endif

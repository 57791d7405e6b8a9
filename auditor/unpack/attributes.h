/* SPDX-License-Identifier: ISC */
/* attributes - extended attributes of overlayfs in a log-structured file system.
 * Private to unpack/. */
#ifndef KMODAUDIT_ATTRIBUTES_H
#define KMODAUDIT_ATTRIBUTES_H

#include "base/array.h"
#include "unpack/filesystem/logfs.h"

/* Several attributes may have the same holder and number; the one with the
 * highest version counts. */
struct attribute {
	uint64_t holder, number, version;
	uint64_t value; /* for the reader's use */
	bool gone; /* it was removed */
};

struct attributes {
	struct attribute *list;
	size_t count, room;
};

/* A number for the attribute NAME, which is without "trusted."; 0 if
 * it hides nothing. */
unsigned attribute_number(struct span name);
/* What the attribute with that number means if it has VALUE. */
enum logfs_mark attribute_mark(unsigned number, struct span value);
/* Removes the attributes that do not count and sorts the others by
 * holder and number. */
void attributes_settle(struct attributes *attributes);
/* Index of the first attribute that is not below HOLDER and NUMBER. */
size_t attributes_from(const struct attributes *attributes, uint64_t holder, uint64_t number);

#endif

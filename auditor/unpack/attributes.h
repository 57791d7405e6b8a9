/* SPDX-License-Identifier: ISC */
/* attributes - what overlayfs notes in extended attributes of a log-structured file system.
 * Private to unpack/. */
#ifndef KMODAUDIT_ATTRIBUTES_H
#define KMODAUDIT_ATTRIBUTES_H

#include "base/array.h"
#include "unpack/filesystem/logfs.h"

/* Of several with one holder and number that with the highest version counts. */
struct attribute {
	uint64_t holder, number, version;
	uint64_t value; /* the reader's own */
	bool gone; /* taken away */
};

struct attributes {
	struct attribute *list;
	size_t count, room;
};

/* 0 for an attribute that hides nothing, else the same number for the same NAME, which is
 * without "trusted.". */
unsigned attribute_number(struct span name);
/* What the attribute of that number says with VALUE. */
enum logfs_mark attribute_mark(unsigned number, struct span value);
/* Leaves those that count, sorted by holder and number. */
void attributes_settle(struct attributes *attributes);
/* The first whose holder and number are not below these. */
size_t attributes_from(const struct attributes *attributes, uint64_t holder, uint64_t number);

#endif

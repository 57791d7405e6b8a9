/* SPDX-License-Identifier: ISC */
/* partition - opens the partitions of a disk or slice. Private to unpack/. */
#ifndef KMODAUDIT_PARTITION_H
#define KMODAUDIT_PARTITION_H

#include "base/array.h"
#include "unpack/reader.h"

struct partition {
	uint64_t offset, size; /* bytes, from the start of the disk or slice */
	const char *name; /* "1", "a" */
	const char *type; /* "freebsd-ufs"; NULL: unknown */
};

struct partitions {
	struct partition *list;
	size_t count, room;
};

/* Opens what is in PARTITION of BYTES; contents that no reader recognises are no error.
 * If FORMAT is not NULL, only contents of that format are read. */
bool partition_open(const struct place *place, struct span bytes, const struct partition *partition,
		    const struct format *format, struct error *error);
/* Fails if two have bytes in common: partition tables inside of them could name the
 * same bytes again and again. */
bool partitions_apart(struct arena *scratch, const struct partitions *partitions,
		      struct error *error);

#endif

/* SPDX-License-Identifier: ISC */
/* flash - scans flash memory, or an image of it: kernels and root file systems in a
 * row, with padding and unknown data between them. Private to unpack/. */
#ifndef KMODAUDIT_FLASH_H
#define KMODAUDIT_FLASH_H

#include "base/array.h"
#include "unpack/firmware/payload.h"

struct flash_range {
	uint64_t from, to;
};

/* The state and the results of a scan. */
struct flash {
	const struct place *place;
	struct span bytes;
	struct kernel_search search;
	unsigned kernels, roots, others, images;
	bool behind; /* the scanned bytes follow something that was read */
	/* parts that were recognised but are damaged or of a format that is not read,
	 * each with its place */
	struct strings broken;
	struct {
		struct flash_range *list;
		size_t count, room;
	} ranges; /* ranges that were recognised, in rising order */
	struct error worst; /* why the most plausible kernel could not be read */
	uint64_t furthest; /* the number of bytes of it that could be decoded */
};

struct flash flash_begin(const struct place *place, struct span bytes);
/* Marks a range that a header describes, so that the scan skips it. */
void flash_known(struct flash *flash, uint64_t from, uint64_t to);
/* Scans everything after FROM and opens what it finds. Damaged parts are reported as
 * unread if other parts were found; otherwise they are the error of flash_end(). */
bool flash_scan(struct flash *flash, uint64_t from, struct error *error);
/* Fails, with what was searched, if nothing was found. */
bool flash_end(const struct flash *flash, struct error *error);

/* Scans BYTES from FROM on, in which something must be. */
bool flash_all(const struct place *place, struct span bytes, uint64_t from, struct error *error);
/* Scans what follows something that uses USED of BYTES. Finding nothing is
 * not an error. */
bool flash_behind(const struct place *place, struct span bytes, uint64_t used, struct error *error);
/* True if something that can be recognised with certainty begins at the
 * start of BYTES. */
bool flash_starts(struct span bytes);

/* flash_contents.c: the container format that begins at the start of BYTES, or NULL. */
const struct format *flash_container(struct span bytes);
/* The name of an unsupported file system that the bytes at AT identify; RET_BACK is the
 * distance from its start to AT. */
const char *flash_foreign(struct span bytes, size_t at, size_t *ret_back);

/* False if nothing that a scan finds can begin, or have its magic, at AT, where LEFT
 * bytes are left. Quick; never false if there is something. */
bool flash_worth(const uint8_t *at, size_t left, bool aligned);
/* The next offset at or after AT that is not deep in a run of zeros or ones, because
 * nothing begins with many of them. */
uint64_t flash_run(struct span bytes, uint64_t at);

/* PLACE moved to OFFSET, for something that is beside the other parts,
 * not inside one. */
struct place flash_beside(const struct place *place, uint64_t offset);

/* uimage.c: opens the image at offset AT; RET_END: its end. */
bool uimage_here(struct span bytes);
bool uimage_open(struct flash *flash, uint64_t at, uint64_t *ret_end, struct error *error);

/* entropy.c: bits per byte, times 100, from samples without padding. */
unsigned entropy_of(struct span bytes);

#endif

/* SPDX-License-Identifier: ISC */
/* flash - what lies in flash memory or in an image for it: kernels and root file systems one
 * behind the other, with padding and things unknown between them. Private to the firmware
 * readers of this floor. */
#ifndef KMODAUDIT_FLASH_H
#define KMODAUDIT_FLASH_H

#include "base/array.h"
#include "unpack/firmware/payload.h"

struct flash_range {
	uint64_t from, to;
};

/* What a scan found, and what it may still spend. */
struct flash {
	const struct place *place;
	struct span bytes;
	struct kernel_search search;
	unsigned kernels, roots, others, images;
	bool behind; /* what is scanned lies behind a thing that was found */
	struct strings
		/* what was recognised and is damaged, or is of a kind that is not read, each
		 * with its place */
		broken;
	struct {
		struct flash_range *list;
		size_t count, room;
	} ranges; /* that are known, in rising order */
	struct error worst; /* why what looked most like a kernel was none */
	uint64_t furthest; /* bytes of it that could be decoded */
};

struct flash flash_begin(const struct place *place, struct span bytes);
/* Marks what a header told, so that the scan leaves it alone. */
void flash_known(struct flash *flash, uint64_t from, uint64_t to);
/* Looks at everything from FROM on, and opens what it finds. Beside things that can be read a
 * damaged one is told as unread; when there is none, it is the error of flash_end(). */
bool flash_scan(struct flash *flash, uint64_t from, struct error *error);
/* Fails, and says what was looked for, when nothing was found. */
bool flash_end(const struct flash *flash, struct error *error);

/* What BYTES hold behind a thing that takes USED of them: nothing is no error. */
bool flash_behind(const struct place *place, struct span bytes, uint64_t used, struct error *error);
/* Something that can be recognised without a doubt begins where BYTES begin. */
bool flash_starts(struct span bytes);

/* squashfs_foreign.c: what a squashfs at the start of BYTES is called that is not read; NULL
 * for others. ALONE: the file begins with it, so that magic and version will do. RET_SIZE: what
 * it says of its size, perhaps 0 or more than there is. */
const char *squashfs_foreign(struct arena *arena, struct span bytes, bool alone,
			     uint64_t *ret_size);

/* flash_contents.c: the first four bytes are those of a squashfs of any kind. */
bool flash_squashfs(struct span bytes);
/* A container that begins where BYTES begin, or NULL. */
const struct format *flash_container(struct span bytes);
/* The name of a file system that nobody here reads, whose start, RET_BACK bytes before, is
 * known by what stands at BYTES + AT. */
const char *flash_foreign(struct span bytes, size_t at, size_t *ret_back);

/* What a scan may find begins, or has its mark, at AT, of which LEFT bytes are left: cheap, and
 * never false where something is. */
bool flash_worth(const uint8_t *at, size_t left, bool aligned);
/* Nothing begins with many zeros or ones: the next place at or behind AT that is not deep in a
 * run of them. */
uint64_t flash_run(struct span bytes, uint64_t at);

/* Where the next whole squashfs begins, or SIZE_MAX. */
size_t flash_root(struct span bytes, size_t from, uint64_t *ret_size);
/* PLACE moved to something at OFFSET that lies beside the others, not inside one. */
struct place flash_beside(const struct place *place, uint64_t offset);

/* uimage.c: the image at AT of FLASH's bytes; RET_END: where it ends. */
bool uimage_here(struct span bytes);
bool uimage_open(struct flash *flash, uint64_t at, uint64_t *ret_end, struct error *error);

/* entropy.c: bits a byte, times 100, over evenly taken samples without padding. */
unsigned entropy_of(struct span bytes);

#endif

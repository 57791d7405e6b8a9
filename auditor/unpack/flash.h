/* flash - what lies in flash memory or in an image for it: kernels and root file systems one behind the other, with padding
 * and things unknown between them. Private to the firmware readers of this floor. */
#ifndef KMODAUDIT_FLASH_H
#define KMODAUDIT_FLASH_H

#include "unpack/kernel.h"

struct flash_range {
	uint64_t from, to;
};

/* What a scan found, and what it may still spend. */
struct flash {
	const struct place *place;
	struct span bytes;
	struct kernel_search search;
	unsigned kernels, roots, others, images;
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
/* Looks at everything from FROM on, and opens what it finds. */
bool flash_scan(struct flash *flash, uint64_t from, struct error *error);
/* Fails, and says what was looked for, when nothing was found. */
bool flash_end(const struct flash *flash, struct error *error);

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

/* SPDX-License-Identifier: ISC */
/* Recognises squashfs versions other than 4.0 and vendors' variants, which are not read. */
#include "unpack/firmware/flash.h"

#include <string.h>

/* Versions 1 to 3 (kernels up to 2.6.28: include/linux/squashfs_fs.h of the squashfs patches),
 * in the byte order that the magic shows, without padding. Version 4 has the same members up to
 * byte 31.
 *
 *   0 magic         4 inodes           8 u32 bytes used, versions 1 and 2   28 u16 major
 *       30 u16 minor
 *  32 u16 block size, version 1       34 u16 block log
 *      51 u32 block size, versions 2 and 3
 *  63 u64 bytes used, version 3
 *
 * Version 4: 12 u32 block size   22 u16 block log   40 u64 bytes used   64 u64 inode table.
 * Vendors changed the magic, the compression, or both; some only the version. */
struct foreign {
	enum endian endian;
	uint16_t major;
	uint64_t used;
};

static const struct {
	const char *magic, *name;
	enum endian endian;
} magics[] = {
	{"hsqs", "squashfs", ENDIAN_LITTLE},
	{"sqsh", "squashfs, big endian", ENDIAN_BIG},
	{"sqlz", "vendor squashfs (magic sqlz: lzma)", ENDIAN_BIG},
	{"zlqs", "vendor squashfs (magic zlqs: lzma)", ENDIAN_LITTLE},
	{"shsq", "vendor squashfs (magic shsq: lzma)", ENDIAN_LITTLE},
	{"qshs", "vendor squashfs (magic qshs: lzma)", ENDIAN_BIG},
	{"tqsh", "vendor squashfs (magic tqsh)", ENDIAN_BIG},
	{"hsqt", "vendor squashfs (magic hsqt)", ENDIAN_LITTLE},
};

static bool block_fits(uint64_t size, uint16_t log)
{
	return log >= 12 && log <= 20 && size == (uint64_t)1 << log;
}

static bool old_here(struct span bytes, struct foreign *ret)
{
	uint16_t log, size_1;
	uint32_t size_2, used_2;

	if (ret->major < 1 || ret->major > 3 || !span_u16(bytes, 34, ret->endian, &log) ||
	    !span_u16(bytes, 32, ret->endian, &size_1) ||
	    !span_u32(bytes, 51, ret->endian, &size_2) ||
	    !span_u32(bytes, 8, ret->endian, &used_2) ||
	    !span_u64(bytes, 63, ret->endian, &ret->used))
		return false;
	if (ret->major < 3)
		ret->used = used_2;
	return block_fits(ret->major == 1 ? size_1 : size_2, log);
}

/* True if the members of version 4 are valid, whatever version is stated. */
static bool new_here(struct span bytes, struct foreign *ret)
{
	uint16_t log;
	uint32_t size;

	return ret->major >= 1 && ret->major <= 4 && span_u16(bytes, 22, ret->endian, &log) &&
	       span_u32(bytes, 12, ret->endian, &size) &&
	       span_u64(bytes, 40, ret->endian, &ret->used) && block_fits(size, log);
}

static bool foreign_here(struct span bytes, enum endian endian, struct foreign *ret)
{
	ret->endian = endian;
	return span_u16(bytes, 28, endian, &ret->major) &&
	       (old_here(bytes, ret) || new_here(bytes, ret));
}

/* True if the inode table is compressed with a full lzma header of 13 bytes (properties,
 * dictionary, size), as vendors do. */
static bool vendor_lzma(struct span bytes)
{
	uint16_t compression = 0, stored = 0;
	uint64_t inodes = 0, size = 0;

	return span_u16(bytes, 20, ENDIAN_LITTLE, &compression) && compression == 2 &&
	       span_u64(bytes, 64, ENDIAN_LITTLE, &inodes) &&
	       span_u16(bytes, inodes, ENDIAN_LITTLE, &stored) && !(stored & 0x8000) &&
	       span_u64(bytes, inodes + 2 + 5, ENDIAN_LITTLE, &size) && size != UINT64_MAX &&
	       size > 8192;
}

/* True if there is a plausible version. Enough if the bytes can be nothing else. */
static bool versioned(struct span bytes, struct foreign *ret)
{
	for (ret->endian = ENDIAN_LITTLE;; ret->endian = ENDIAN_BIG) {
		if (span_u16(bytes, 28, ret->endian, &ret->major) && ret->major >= 1 &&
		    ret->major <= 4)
			return true;
		if (ret->endian == ENDIAN_BIG)
			return false;
	}
}

const char *squashfs_foreign(struct arena *arena, struct span bytes, bool alone, uint64_t *ret_size)
{
	struct foreign foreign = {0};

	*ret_size = 0;
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
		bool mainline = i == 0;

		if (!span_starts(bytes, magics[i].magic))
			continue;
		/* some vendors use the magic of one byte order and numbers in the other */
		if (!foreign_here(bytes, magics[i].endian, &foreign) &&
		    !foreign_here(bytes,
				  magics[i].endian == ENDIAN_BIG ? ENDIAN_LITTLE : ENDIAN_BIG,
				  &foreign) &&
		    !(alone && versioned(bytes, &foreign)))
			return NULL;
		*ret_size = foreign.used;
		if (mainline && foreign.major == 4 && foreign.endian == ENDIAN_LITTLE)
			return vendor_lzma(bytes) ? "squashfs with a vendor variant of lzma" : NULL;
		return arena_format(arena, "%s, version %u", magics[i].name, foreign.major);
	}
	return NULL;
}

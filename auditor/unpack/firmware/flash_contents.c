/* SPDX-License-Identifier: ISC */
/* Recognises what may be anywhere in flash memory by its first bytes. */
#include "unpack/firmware/flash.h"
#include "unpack/squashfs/squashfs_super.h"

#include <string.h>

const struct format *flash_container(struct span bytes)
{
	for (size_t i = 0; unpack_formats[i]; i++)
		for (size_t j = 0; j < FORMAT_BEGINNINGS; j++) {
			struct span begin = unpack_formats[i]->begins[j];

			if (begin.size > 0 && span_has(bytes, 0, begin) &&
			    unpack_formats[i]->probe(bytes))
				return unpack_formats[i];
		}
	return NULL;
}

/* f2fs (Linux include/linux/f2fs_fs.h, struct f2fs_super_block), little-endian:
 *   0 u32 0xf2f52010   8 u32 log of a sector, 9 to 12   16 u32 log of a block, 12 */
static bool f2fs_here(struct span bytes, size_t at)
{
	uint32_t sector, block;

	return span_has(bytes, at, SPAN_OF("\x10\x20\xf5\xf2")) &&
	       span_u32(bytes, at + 8, ENDIAN_LITTLE, &sector) &&
	       span_u32(bytes, at + 16, ENDIAN_LITTLE, &block) && sector >= 9 && sector <= 12 &&
	       block == 12;
}

/* ext4 (Linux fs/ext4/ext4.h, struct ext4_super_block, of which this is byte 0x38). A
 * file system that a device made begins at a multiple of 64 KiB (fstools:
 * libfstools/rootdisk.c). Block size, state and revision must be valid. */
static bool ext_here(struct span bytes, size_t at)
{
	uint32_t log, revision;
	uint16_t state;

	return span_has(bytes, at, SPAN_OF("\x53\xef")) && at % 0x10000 == 0x438 &&
	       span_u32(bytes, at - 0x38 + 0x18, ENDIAN_LITTLE, &log) && log <= 6 &&
	       span_u16(bytes, at + 2, ENDIAN_LITTLE, &state) && state < 8 &&
	       span_u32(bytes, at - 0x38 + 0x4c, ENDIAN_LITTLE, &revision) && revision <= 1;
}

const char *flash_foreign(struct span bytes, size_t at, size_t *ret_back)
{
	*ret_back = 0x400;
	if (at % 0x1000 == 0x400 && f2fs_here(bytes, at))
		return "an f2fs file system";
	*ret_back = 0x438;
	return ext_here(bytes, at) ? "an ext file system after other data" : NULL;
}

bool flash_starts(struct span bytes)
{
	_cleanup_arena_ struct arena scratch = {0};
	struct wrapping wrapping;
	uint64_t size;

	return squashfs_here(bytes, &size) || squashfs_foreign(&scratch, bytes, false, &size) ||
	       uimage_here(bytes) || flash_container(bytes) || wrapping_of(bytes, &wrapping) ||
	       payload_at(bytes, 0) != COMPRESSION_NONE;
}

bool flash_worth(const uint8_t *at, size_t left, bool aligned)
{
	if (left < 14)
		return false;
	if (aligned && left >= 64 && at[30] > 0 && at[30] < 48 && at[31] < 16 && at[28] < 48 &&
	    at[29] < 48)
		return true;
	switch (at[0]) {
	case 0: /* yaffs, big- and little-endian */
	case 1:
		return payload_maybe(at, left) || at[1] == 0x6f || (at[8] == 0xff && at[9] == 0xff);
	case 0x18:
		return payload_maybe(at, left) || at[1] == 0x28;
	case 'h': /* all kinds of squashfs */
	case 's':
	case 'q':
	case 't':
	case 'z':
	case 0x7f:
	case 'H':
	case 'U':
	case 0xd0: /* a device tree */
	case 0x31: /* ubifs, jffs2 */
	case 0x19:
	case 0x85:
	case 0x10: /* f2fs, ext, cramfs */
	case 0x53:
	case 0x45:
	case 0x28:
	case 0x81: /* eva */
		return true;
	default:
		return payload_maybe(at, left) || (at[0] >> 5 == 4 && at[4] >> 5 == 4);
	}
}

uint64_t flash_run(struct span bytes, uint64_t at)
{
	enum { RUN_END = 16 }; /* a header may begin with the last zeros of a run */
	uint64_t start = at, first, word;

	if (bytes.size - at < sizeof first)
		return at;
	memcpy(&first, bytes.data + at, sizeof first);
	if (first != 0 && first != UINT64_MAX)
		return at;
	for (; bytes.size - at >= sizeof word; at += sizeof word) {
		memcpy(&word, bytes.data + at, sizeof word);
		if (word != first)
			break;
	}
	return at - start > RUN_END ? at - RUN_END : start;
}

/* SPDX-License-Identifier: ISC */
/* Reads legacy uImages (U-Boot include/image.h), big-endian:
 *
 *   0 u32 magic 0x27051956, or a vendor's | 4 u32 crc of this header, with 0 here | 8 u32 time
 *   12 u32 size | 16 u32 load address | 20 u32 entry | 24 u32 crc of the data | 28 u8 system
 *   29 u8 machine | 30 u8 type | 31 u8 compression | 32 name[32]
 *   64 data; of type 4 (multi): u32 sizes up to a 0, then the parts, each padded to 4 */
#include "base/digest.h"
#include "unpack/firmware/flash.h"
#include "unpack/squashfs/squashfs_super.h"

#include <string.h>

enum { HEADER = 64, NAME = 32, NAME_SIZE = 32, PARTS = 32 };
enum { TYPE_KERNEL = 2, TYPE_MULTI = 4 };

struct uimage {
	uint32_t magic, size, crc;
	uint8_t machine, type, compression;
	const char *name;
};

/* The names of machines; the byte order is not in the header. */
static const char *const machines[] = {
	[2] = "arm",	     [3] = "i386",	[5] = "mips",	  [6] = "mips64",   [7] = "powerpc",
	[8] = "s390",	     [9] = "sh",	[10] = "sparc",	  [11] = "sparc64", [12] = "m68k",
	[14] = "microblaze", [21] = "openrisc", [22] = "aarch64", [23] = "arc",	    [24] = "x86_64",
	[25] = "xtensa",     [26] = "riscv",
};

static const char *const compressions[] = {"none", "gzip", "bzip2", "lzma", "lzo", "lz4", "zstd"};

static const char *const types[] = {
	[1] = "program",  [TYPE_KERNEL] = "kernel", [3] = "ramdisk",	 [TYPE_MULTI] = "multi",
	[5] = "firmware", [6] = "script",	    [7] = "file system", [8] = "device tree",
};

static const char *name_of(const char *const *names, size_t count, uint8_t value)
{
	return value < count ? names[value] : NULL;
}

#define NAME_OF(names, value) name_of(names, sizeof(names) / sizeof *(names), value)

bool uimage_here(struct span bytes)
{
	struct span header;

	if (!span_cut(bytes, 0, HEADER, &header))
		return false;

	uint32_t size = head_u32(header, 12, ENDIAN_BIG), crc = head_u32(header, 4, ENDIAN_BIG);

	/* the limits of the other members come first, so that few checksums must be computed */
	return size > 0 && size <= LIMIT_FILE && header.data[30] > 0 && header.data[30] < 48 &&
	       header.data[31] < 16 && header.data[28] < 48 && header.data[29] < 48 &&
	       crc == crc32_without(header, 4);
}

static struct uimage uimage_header(struct arena *arena, struct span bytes)
{
	struct uimage image = {0};

	image.magic = head_u32(bytes, 0, ENDIAN_BIG);
	image.size = head_u32(bytes, 12, ENDIAN_BIG);
	image.crc = head_u32(bytes, 24, ENDIAN_BIG);
	image.machine = head_u8(bytes, 29);
	image.type = head_u8(bytes, 30);
	image.compression = head_u8(bytes, 31);
	image.name = arena_string(arena, span_head(span_skip(bytes, NAME), NAME_SIZE));
	return image;
}

static const char *uimage_detail(struct arena *arena, const struct uimage *image, bool differs)
{
	const char *type = NAME_OF(types, image->type),
		   *compression = NAME_OF(compressions, image->compression);

	return arena_format(
		arena, "%s, compression %s, \"%s\"%s%s", type ? type : "of an unknown type",
		compression ? compression : "unknown", image->name,
		image->magic == 0x27051956 ? ""
					   : arena_format(arena, ", magic 0x%08x", image->magic),
		differs ? ", data crc differs" : "");
}

static bool open_part(struct flash *flash, const struct place *place, const struct uimage *image,
		      struct span part, uint64_t *ret_used, struct error *error)
{
	struct kernel_search *search = &flash->search;
	uint64_t size;
	bool opened = false;

	*ret_used = 0;
	if (squashfs_here(part, &size)) {
		flash->roots++;
		return format_squashfs.read(place, span_head(part, size), error);
	}
	search->place = place;
	search->label = image->name[0] ? image->name : NULL;
	search->architecture = NAME_OF(machines, image->machine);

	bool ok = kernel_behind(search, part, error);
	search->place = flash->place;
	search->label = NULL;
	*ret_used = search->used;
	flash->kernels += search->found;
	if (!ok)
		return false;
	if (search->found || image->type == TYPE_KERNEL)
		return true;
	if (!place_open(place, part, &opened, error))
		return false;
	flash->others += opened;
	return true;
}

/* Opens the parts of a multi image: a kernel, and perhaps a ramdisk or root file system
 * and a device tree. */
static bool open_parts(struct flash *flash, const struct place *place, const struct uimage *image,
		       struct span data, struct error *error)
{
	uint32_t sizes[PARTS];
	unsigned count = 0;

	while (count < PARTS && span_u32(data, count * 4, ENDIAN_BIG, &sizes[count]) &&
	       sizes[count])
		count++;

	uint64_t at = (uint64_t)(count + 1) * 4, used;
	for (unsigned i = 0; i < count; i++) {
		struct span part;

		if (!span_cut(data, at, sizes[i], &part))
			return fail(error, "part %u: truncated: %u bytes at 0x%llx of %zu", i,
				    sizes[i], (unsigned long long)at, data.size);
		if (!open_part(flash, place, image, part, &used, error))
			return within(error, "part %u", i);
		at += ((uint64_t)sizes[i] + 3) & ~(uint64_t)3;
	}
	return true;
}

bool uimage_open(struct flash *flash, uint64_t at, uint64_t *ret_end, struct error *error)
{
	struct place beside = flash_beside(flash->place, at), inner;
	struct span bytes = span_skip(flash->bytes, at), data;
	struct uimage image = uimage_header(beside.scratch, bytes);
	const char *what = place_at(&beside, "uimage", beside.offset);
	uint64_t used;

	if (flash->images++ >= LIMIT_TRIES)
		return fail(error, "more than %d uimages", LIMIT_TRIES);
	if (!span_cut(bytes, HEADER, image.size, &data))
		return fail(error, "%s: truncated: %u bytes of data expected, %zu present", what,
			    image.size, bytes.size - HEADER);

	uint32_t crc = crc32_of(0, data);
	place_layout(&beside, 0, HEADER + (uint64_t)image.size, "uimage",
		     uimage_detail(beside.scratch, &image, crc != image.crc));
	if (!place_enter(&beside, 0, what, &inner, error))
		return false;
	used = data.size;

	bool ok = image.type == TYPE_MULTI ? open_parts(flash, &inner, &image, data, error)
					   : open_part(flash, &inner, &image, data, &used, error);
	if (!ok) {
		if (crc != image.crc)
			within(error, "data crc is 0x%08x, but the header states 0x%08x", crc,
			       image.crc);
		return within(error, "%s", what);
	}
	/* the size may include a root file system after the kernel, so only the kernel
	 * is marked as read */
	*ret_end = at + HEADER + (used && used < data.size ? used : data.size);
	flash_known(flash, at, *ret_end);
	return true;
}

static bool uimage_read(const struct place *place, struct span bytes, struct error *error)
{
	struct flash flash = flash_begin(place, bytes);
	uint64_t end;

	return uimage_open(&flash, 0, &end, error) && flash_scan(&flash, end, error) &&
	       flash_end(&flash, error);
}

const struct format format_uimage = {
	.kind = "uimage", .image = true, .probe = uimage_here, .read = uimage_read};

/* SPDX-License-Identifier: ISC */
/* Reads a file that is a kernel, or begins with one. */
#include "unpack/firmware/flash.h"
#include "unpack/squashfs/squashfs_super.h"

enum { WRAPPED_LEAST = 64 << 10, SCAN_LEAST = 4096 };

/* A raw kernel without a header is left to the scan, which also checks that nothing
 * else explains the banner. */
static bool kernel_probe(struct span bytes)
{
	struct wrapping wrapping;
	uint64_t size;

	if (wrapping_of(bytes, &wrapping))
		return wrapping.size == 0 || wrapping.size >= WRAPPED_LEAST;
	return wrapping_raw(bytes) && kernel_here(bytes) &&
	       squashfs_find(bytes, 0, &size) == SIZE_MAX;
}

static bool kernel_file_read(const struct place *place, struct span bytes, struct error *error)
{
	struct flash flash = flash_begin(place, bytes);
	uint64_t used;
	bool found;

	if (!kernel_open(place, bytes, NULL, NULL, &found, &used, error))
		return false;
	if (!found)
		return place->optional || place->lenient ||
		       fail(error, "a program that contains no Linux kernel");
	if (used == 0 || used >= bytes.size || bytes.size - used < SCAN_LEAST)
		return true;
	flash_known(&flash, 0, used);
	return flash_scan(&flash, used, error);
}

const struct format format_kernel = {
	.kind = "kernel", .image = true, .probe = kernel_probe, .read = kernel_file_read};

/* SPDX-License-Identifier: ISC */
/* Reads images with a TP-Link header of 512 bytes (firmware-utils src/mktplinkfw.c,
 * mktplinkfw2.c), big-endian:
 *
 *   version 1: 0 u32 0x01000000 | 4 vendor[24] | 0x40 u32 device | 0x7c u32 total size
 *              0x80 u32 kernel | 0x84 u32 kernel size | 0x88 u32 root | 0x8c u32 root size
 *   versions 2 and 3: 0 u32 0x02000000, 0x03000000 | 4 text[48] | 0x34 u32 device
 *              0x70 u32 total size | 0x74 u32 kernel | 0x78 u32 kernel size | 0x7c u32 root
 *              0x80 u32 root size
 *
 * After the root size, in all versions: u32 boot loader, u32 boot loader size. An image with a boot
 * loader ("up_boot" in the maker's file names) has the boot partition, a multiple of 64 KiB, after
 * the header, then the header again without the loader; kernel and root file system are relative
 * to that one.
 *
 * The total size and the offset of the root file system are often wrong in real images. */
#include "unpack/firmware/flash.h"
#include "unpack/squashfs/squashfs_super.h"

enum { HEADER = 512, BOOT_STEP = 64 << 10, BOOT_MOST = 1 << 20 };

struct tplink {
	uint64_t at; /* of the header to which kernel and root are relative */
	uint32_t version, device, size, kernel, kernel_size, root, root_size, boot_size;
};

static bool text_here(struct span text)
{
	size_t count = 0;

	while (count < text.size && text.data[count] >= ' ' && text.data[count] < 127)
		count++;
	/* after the text there are zeros, or 0xff as in erased flash */
	return count >= 3 && count < text.size &&
	       (text.data[count] == 0 || text.data[count] == 0xff);
}

static bool tplink_header(struct span bytes, struct tplink *ret)
{
	struct span text;

	if (!span_u32(bytes, 0, ENDIAN_BIG, &ret->version) || bytes.size < HEADER)
		return false;
	ret->version = ret->version & 0xffffff ? 0 : ret->version >> 24;
	if (ret->version < 1 || ret->version > 3 || !span_cut(bytes, 4, 24, &text) ||
	    !text_here(text))
		return false;

	uint64_t at = ret->version == 1 ? 0x7c : 0x70;
	return span_u32(bytes, ret->version == 1 ? 0x40 : 0x34, ENDIAN_BIG, &ret->device) &&
	       span_u32(bytes, at, ENDIAN_BIG, &ret->size) &&
	       span_u32(bytes, at + 4, ENDIAN_BIG, &ret->kernel) &&
	       span_u32(bytes, at + 8, ENDIAN_BIG, &ret->kernel_size) &&
	       span_u32(bytes, at + 12, ENDIAN_BIG, &ret->root) &&
	       span_u32(bytes, at + 16, ENDIAN_BIG, &ret->root_size) &&
	       span_u32(bytes, at + 24, ENDIAN_BIG, &ret->boot_size) && ret->kernel >= HEADER &&
	       ret->kernel <= MIB && ret->kernel_size > 0 && ret->kernel_size <= LIMIT_FILE;
}

static bool tplink_probe(struct span bytes)
{
	struct tplink header;

	return tplink_header(bytes, &header);
}

/* Finds the header after the boot partition, if there is one. False if it should exist
 * and does not. */
static bool tplink_inner(struct span bytes, struct tplink *header)
{
	const struct tplink outer = *header;

	if (outer.boot_size == 0)
		return true;
	for (uint64_t at = HEADER + BOOT_STEP; at <= HEADER + BOOT_MOST; at += BOOT_STEP) {
		if (at - HEADER < outer.boot_size || !tplink_header(span_skip(bytes, at), header) ||
		    header->version != outer.version || header->device != outer.device)
			continue;
		header->at = at;
		return true;
	}
	*header = outer;
	return false;
}

static const char *tplink_detail(struct arena *arena, const struct tplink *header,
				 struct span bytes)
{
	uint64_t size, said = header->at + header->root;
	size_t at = squashfs_find(bytes, header->at + header->kernel, &size);
	const char *root = "";

	if (at != SIZE_MAX)
		root = arena_format(arena, ", root file system at 0x%zx", at);
	if (at != SIZE_MAX && at != said)
		root = arena_format(arena, "%s, although the header states 0x%llx", root,
				    (unsigned long long)said);
	if (header->at > 0)
		return arena_format(arena,
				    "device 0x%08x, boot loader first, second header at 0x%llx%s",
				    header->device, (unsigned long long)header->at, root);
	return arena_format(arena, "device 0x%08x%s", header->device, root);
}

static bool open_kernel(struct flash *flash, const struct tplink *header, uint64_t *ret_end,
			struct error *error)
{
	const struct place *place = flash->place;
	uint64_t at = header->at + header->kernel, used;
	struct place beside = flash_beside(place, at);
	struct span kernel;
	bool found;

	if (!span_cut(flash->bytes, at, header->kernel_size, &kernel))
		return fail(error, "truncated: its kernel has %u bytes at 0x%llx of %zu",
			    header->kernel_size, (unsigned long long)at, flash->bytes.size);
	beside.witness = arena_format(place->scratch, "%s: %s", place->witness,
				      place_at(place, "kernel", place->offset + at));
	if (!kernel_open(&beside, kernel, NULL, NULL, &found, &used, error))
		return within(error, "kernel at 0x%llx", (unsigned long long)at);
	*ret_end = at + (used && used < header->kernel_size ? used
			 : found			    ? header->kernel_size
							    : 0);
	flash->kernels += found;
	flash_known(flash, 0, *ret_end);
	return true;
}

static bool tplink_read(const struct place *place, struct span bytes, struct error *error)
{
	static const char *const kinds[] = {"", "tp-link-v1", "tp-link-v2", "tp-link-v3"};
	struct flash flash = flash_begin(place, bytes);
	struct tplink header = {0};
	uint64_t end = 0;

	if (!tplink_header(bytes, &header))
		return fail(error, "it has no tp-link header");

	const char *kind = kinds[header.version];
	/* without the second header the offset of the kernel is unknown, so the scan
	 * looks for it */
	bool told = tplink_inner(bytes, &header);
	place_layout(place, 0, HEADER, kind, tplink_detail(place->scratch, &header, bytes));
	return ((!told || open_kernel(&flash, &header, &end, error)) &&
		flash_scan(&flash, end, error) && flash_end(&flash, error)) ||
	       within(error, "%s", kind);
}

const struct format format_tplink = {
	.kind = "tp-link", .image = true, .probe = tplink_probe, .read = tplink_read};

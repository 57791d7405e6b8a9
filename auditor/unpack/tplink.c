/* TP-Link headers of 512 bytes, firmware-utils src/mktplinkfw.c and mktplinkfw2.c, big endian:
 *
 *   version 1: 0 u32 0x01000000 | 4 vendor[24] | 0x40 u32 device | 0x7c u32 size of all | 0x80 u32 kernel | 0x84 u32 kernel size
 *              0x88 u32 root | 0x8c u32 root size
 *   versions 2 and 3: 0 u32 0x02000000, 0x03000000 | 4 text[48] | 0x34 u32 device | 0x70 u32 size of all | 0x74 u32 kernel
 *              0x78 u32 kernel size | 0x7c u32 root | 0x80 u32 root size
 *
 * The size of all and the place of the root file system are often wrong in real images.
 */
#include "unpack/flash.h"

enum { HEADER = 512 };

struct tplink {
	uint32_t version, device, size, kernel, kernel_size, root, root_size;
};

static bool text_here(struct span text)
{
	size_t count = 0;

	while (count < text.size && text.data[count] >= ' ' && text.data[count] < 127)
		count++;
	/* behind the text: zeros, or 0xff as new as the flash */
	return count >= 3 && count < text.size && (text.data[count] == 0 || text.data[count] == 0xff);
}

static bool tplink_header(struct span bytes, struct tplink *ret)
{
	struct span text;

	if (!span_u32(bytes, 0, ENDIAN_BIG, &ret->version) || bytes.size < HEADER)
		return false;
	ret->version = ret->version & 0xffffff ? 0 : ret->version >> 24;
	if (ret->version < 1 || ret->version > 3 || !span_cut(bytes, 4, 24, &text) || !text_here(text))
		return false;

	uint64_t at = ret->version == 1 ? 0x7c : 0x70;
	return span_u32(bytes, ret->version == 1 ? 0x40 : 0x34, ENDIAN_BIG, &ret->device) &&
	       span_u32(bytes, at, ENDIAN_BIG, &ret->size) && span_u32(bytes, at + 4, ENDIAN_BIG, &ret->kernel) &&
	       span_u32(bytes, at + 8, ENDIAN_BIG, &ret->kernel_size) &&
	       span_u32(bytes, at + 12, ENDIAN_BIG, &ret->root) &&
	       span_u32(bytes, at + 16, ENDIAN_BIG, &ret->root_size) && ret->kernel >= HEADER && ret->kernel <= MIB &&
	       ret->kernel_size > 0 && ret->kernel_size <= LIMIT_FILE;
}

static bool tplink_probe(struct span bytes)
{
	struct tplink header;

	return tplink_header(bytes, &header);
}

static const char *tplink_detail(struct arena *arena, const struct tplink *header, struct span bytes, uint64_t end)
{
	uint64_t size;
	size_t root = flash_root(bytes, end, &size);

	if (root == SIZE_MAX)
		return arena_format(arena, "device 0x%08x", header->device);
	if (root == header->root)
		return arena_format(arena, "device 0x%08x, root file system at 0x%zx", header->device, root);
	return arena_format(arena, "device 0x%08x, root file system at 0x%zx, where the header says 0x%x",
			    header->device, root, header->root);
}

static bool open_kernel(struct flash *flash, const struct tplink *header, uint64_t *ret_end, struct error *error)
{
	const struct place *place = flash->place;
	struct place beside = flash_beside(place, header->kernel);
	struct span kernel;
	uint64_t used;
	bool found;

	if (!span_cut(flash->bytes, header->kernel, header->kernel_size, &kernel))
		return fail(error, "cut short: its kernel has %u bytes at 0x%x of %zu", header->kernel_size,
			    header->kernel, flash->bytes.size);
	beside.witness = arena_format(place->scratch, "%s: %s", place->witness,
				      place_at(place, "kernel", place->offset + header->kernel));
	if (!kernel_open(&beside, kernel, NULL, NULL, &found, &used, error))
		return within(error, "kernel at 0x%x", header->kernel);
	*ret_end = header->kernel + (used && used < header->kernel_size ? used : found ? header->kernel_size : 0);
	flash->kernels += found;
	flash_known(flash, 0, *ret_end);
	return true;
}

static bool tplink_read(const struct place *place, struct span bytes, struct error *error)
{
	static const char *const kinds[] = {"", "tp-link-v1", "tp-link-v2", "tp-link-v3"};
	struct flash flash = flash_begin(place, bytes);
	struct tplink header;
	uint64_t end = 0;

	if (!tplink_header(bytes, &header))
		return fail(error, "no tp-link header");

	const char *kind = kinds[header.version];
	place_layout(place, 0, HEADER, kind, tplink_detail(place->scratch, &header, bytes, header.kernel));
	return (open_kernel(&flash, &header, &end, error) && flash_scan(&flash, end, error) &&
		flash_end(&flash, error)) ||
	       within(error, "%s", kind);
}

const struct format format_tplink = {"tp-link", tplink_probe, tplink_read};

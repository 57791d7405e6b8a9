/* SPDX-License-Identifier: ISC */
/* Reads a dump of NAND with the spare bytes of each page (mtd-utils: nanddump --oob;
 * programmers): page, spare, page, spare, ... The first two bytes of a spare are 0xff, which in
 * most chips marks a good block; the rest (ECC, tags of a file system) differs between drivers.
 * So the form is found by counting: the spare of pages that are not empty begins with 0xff 0xff,
 * and these bytes are rare at the same offsets inside pages.
 *
 *   page 512, 2048, 4096, 8192     spare 16; 64, 128; 128, 216, 224, 256; 448, 640, 744
 *
 * The spare is removed in memory, and the rest is opened. Nothing is corrected: checksums detect
 * changed bits. */
#include "unpack/firmware/flash.h"

#include <string.h>

enum { PAGES_LEAST = 64, SAMPLES = 2048, USED_LEAST = 32 };

struct nand {
	uint32_t page, spare;
};

static bool is_erased(struct span bytes)
{
	return span_filled(bytes, 0xff);
}

static bool is_marked(struct span bytes, uint64_t at)
{
	return span_has(bytes, at, SPAN_OF("\xff\xff"));
}

/* Checks up to SAMPLES pages that are not erased: nearly all must be followed by
 * the marker, few may have it in their middle, and some spares must have more
 * than the marker. */
static bool nand_fits(struct span bytes, const struct nand *nand)
{
	uint64_t whole = nand->page + nand->spare, count = bytes.size / whole;
	uint64_t step = count / SAMPLES + 1, used = 0, marked = 0, inside = 0, filled = 0;

	if (bytes.size % whole != 0 || count < PAGES_LEAST)
		return false;
	for (uint64_t i = 0; i < count; i += step) {
		struct span page, spare;

		if (!span_cut(bytes, i * whole, nand->page, &page) ||
		    !span_cut(bytes, i * whole + nand->page, nand->spare, &spare) ||
		    is_erased(page))
			continue;
		used++;
		marked += is_marked(spare, 0);
		inside += is_marked(page, nand->page / 2) || is_marked(page, nand->page / 4);
		filled += !is_erased(spare);
	}
	return used >= USED_LEAST && marked * 20 >= used * 19 && inside * 2 <= used &&
	       filled * 2 >= used;
}

static bool nand_find(struct span bytes, struct nand *ret)
{
	static const struct nand forms[] = {
		{2048, 64},  {512, 16},	  {2048, 128}, {4096, 128}, {4096, 216},
		{4096, 224}, {4096, 256}, {8192, 448}, {8192, 640}, {8192, 744},
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (nand_fits(bytes, &forms[i])) {
			*ret = forms[i];
			return true;
		}
	return false;
}

/* False for MikroTik's yaffs, whose tags are in the spare and which is read with it. */
static bool nand_probe(struct span bytes)
{
	struct nand nand;

	return !format_yaffs.probe(bytes) && nand_find(bytes, &nand);
}

static bool nand_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	struct nand nand;
	struct place inner;
	uint64_t whole, count;
	bool opened;

	if (!nand_find(bytes, &nand))
		return fail(error, "it has no pages with spare bytes");
	whole = nand.page + nand.spare;
	count = bytes.size / whole;
	if (count * nand.page > LIMIT_IMAGE)
		return fail(error, "a NAND dump of %zu bytes, more than the limit", bytes.size);
	place_layout(place, 0, bytes.size, "nand-dump",
		     arena_format(place->scratch,
				  "pages of %u bytes with %u spare bytes, which are removed",
				  nand.page, nand.spare));
	if (!place_enter(place, 0, "nand dump without spare", &inner, error) ||
	    !place_account(place, count * nand.page, error))
		return false;

	uint8_t *data = arena_raw(&arena, count * nand.page + 1);
	for (uint64_t i = 0; i < count; i++)
		memcpy(data + i * nand.page, bytes.data + i * whole, nand.page);
	if (!place_open(&inner, span_from(data, count * nand.page), &opened, error))
		return within(error, "nand dump without spare");
	return opened || fail(error, "a NAND dump in which nothing was recognized");
}

const struct format format_nand = {.kind = "nand-dump", .probe = nand_probe, .read = nand_read};

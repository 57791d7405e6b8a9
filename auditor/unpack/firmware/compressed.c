/* SPDX-License-Identifier: ISC */
/* Reads a file that is a compressed stream, or several in a row, and opens what is
 * inside as a container, a kernel or an entry. */
#include "unpack/firmware/flash.h"

#include <string.h>

enum { SCAN_LEAST = 4096 };

static bool compressed_probe(struct span bytes)
{
	return compression_of(bytes) != COMPRESSION_NONE;
}

/* Decodes consecutive streams without a gap as one, as gzip, xz and
 * similar programs do. */
static bool decode_members(const struct place *place, enum compression compression,
			   struct span bytes, struct arena *arena, struct span *ret,
			   uint64_t *ret_used, struct error *error)
{
	struct span more;
	uint64_t used;

	if (!decompress(arena, compression, bytes, place_allowed(place, LIMIT_IMAGE), ret, ret_used,
			error) ||
	    !place_account(place, ret->size, error))
		return false;
	while (compression != COMPRESSION_LZMA &&
	       compression_of(span_skip(bytes, *ret_used)) == compression) {
		if (!decompress(arena, compression, span_skip(bytes, *ret_used),
				place_allowed(place, LIMIT_IMAGE - ret->size), &more, &used,
				error) ||
		    !place_account(place, more.size, error))
			return false;

		uint8_t *joined = arena_raw(arena, ret->size + more.size);
		if (ret->size)
			memcpy(joined, ret->data, ret->size);
		if (more.size)
			memcpy(joined + ret->size, more.data, more.size);
		*ret = span_from(joined, ret->size + more.size);
		*ret_used += used;
	}
	return true;
}

static bool compressed_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};
	enum compression compression = compression_of(bytes);
	const char *name = compression_name(compression);
	struct flash flash = flash_begin(place, bytes);
	struct place inner;
	struct span decoded;
	uint64_t used;
	bool opened;

	if (!place_enter(place, 0, name, &inner, error) ||
	    !decode_members(place, compression, bytes, &arena, &decoded, &used, error))
		return false;
	place_layout(place, 0, used, name, NULL);
	if (!place_open(&inner, decoded, &opened, error) ||
	    (!opened && !place_entry(&inner, place_name(place), ENTRY_FILE, NULL, decoded,
				     decoded.size, WANT_BYTES, error)))
		return within(error, "%s", name);
	/* a kernel may be followed by a root file system without any header */
	flash_known(&flash, 0, used);
	return bytes.size - used < SCAN_LEAST || flash_scan(&flash, used, error);
}

const struct format format_compressed = {
	.kind = "compressed", .probe = compressed_probe, .read = compressed_read};

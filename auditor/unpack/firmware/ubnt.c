/* SPDX-License-Identifier: ISC */
/* Reads firmware of Ubiquiti and what OpenWrt and DD-WRT make for their boards: a list of named
 * parts, of which the kernel and the root file system are opened (format: OpenWrt
 * firmware-utils, src/fw.h and mkfwimage.c). */
#include "base/digest.h"
#include "unpack/firmware/flash.h"

/* Big-endian, without padding:
 *
 *   header      0 "UBNT", "OPEN" or "GEOS"   4 text: version   260 crc32 of all before it
 *               264 not used
 *   each part   0 "PART"   4 text: name   20 not used   32 address in memory   36 index
 *               40 address in flash   44 entry   48 size of the data   52 size of the partition
 *               56 data; behind it the crc32 of the part and four bytes that are not used
 *   end         0 "END."   4 crc32 of all before it   8 not used
 *          or   0 "ENDS"   4 signature (RSA)   260 not used */
enum {
	VERSION = 4,
	VERSION_SIZE = 256,
	HEADER_CRC = 260,
	HEADER = 268,
	NAME = 4,
	NAME_SIZE = 16,
	DATA_SIZE = 48,
	DATA = 56,
	BEHIND = 8,
	PARTS_MOST = 64,
	END = 12,
	END_SIGNED = 264,
};

struct ubnt_part {
	const char *name;
	uint64_t at, size; /* of the data */
};

struct parts {
	struct ubnt_part list[PARTS_MOST];
	size_t count;
	uint64_t end;
};

static bool ubnt_probe(struct span bytes)
{
	uint32_t crc;

	return (span_starts(bytes, "UBNT") || span_starts(bytes, "OPEN") ||
		span_starts(bytes, "GEOS")) &&
	       span_u32(bytes, HEADER_CRC, ENDIAN_BIG, &crc) &&
	       crc == crc32_of(0, span_head(bytes, HEADER_CRC));
}

static const char *text_of(struct arena *arena, struct span bytes, uint64_t at, uint64_t size)
{
	struct span field = {0}, text = {0};

	if (span_cut(bytes, at, size, &field) && !span_string(field, 0, &text))
		text = field;
	return arena_string(arena, text);
}

/* Reads the part at AT of BYTES and checks its crc32. */
static bool part_read(const struct place *place, struct span bytes, uint64_t at,
		      struct ubnt_part *ret, struct error *error)
{
	uint32_t size = 0, crc;
	struct span covered;

	ret->name = text_of(place->scratch, bytes, at + NAME, NAME_SIZE);
	if (!span_u32(bytes, at + DATA_SIZE, ENDIAN_BIG, &size) ||
	    !span_cut(bytes, at, (uint64_t)DATA + size, &covered) ||
	    !span_u32(bytes, at + DATA + size, ENDIAN_BIG, &crc))
		return fail(error, "truncated: its data has %u bytes", size);
	ret->at = at + DATA;
	ret->size = size;
	return crc == crc32_of(0, covered) || fail(error, "crc32 differs: data corrupted");
}

static bool parts_read(const struct place *place, struct span bytes, struct parts *ret,
		       struct error *error)
{
	uint64_t at = HEADER;

	ret->count = 0;
	while (span_has(bytes, at, SPAN_OF("PART"))) {
		struct ubnt_part *part = &ret->list[ret->count];

		if (ret->count >= PARTS_MOST)
			return fail(error, "more than %d parts", PARTS_MOST);
		if (!part_read(place, bytes, at, part, error))
			return within(error, "part %s at 0x%llx", part->name,
				      (unsigned long long)at);
		ret->count++;
		at = part->at + part->size + BEHIND;
	}

	bool signed_ = span_has(bytes, at, SPAN_OF("ENDS"));
	if (!signed_ && !span_has(bytes, at, SPAN_OF("END.")))
		return fail(error, "truncated: neither a part nor the end is at 0x%llx",
			    (unsigned long long)at);
	ret->end = at + (signed_ ? END_SIGNED : END);
	if (ret->end > bytes.size)
		return fail(error, "truncated at its end");
	return signed_ ||
	       head_u32(span_skip(bytes, at), 4, ENDIAN_BIG) == crc32_of(0, span_head(bytes, at)) ||
	       fail(error, "crc32 differs: data corrupted");
}

static bool ubnt_read(const struct place *place, struct span bytes, struct error *error)
{
	struct parts *parts = arena_new(place->scratch, struct parts);

	if (!parts_read(place, bytes, parts, error))
		return within(error, "%s", place_at(place, "ubnt", place->offset));
	place_layout(place, 0, parts->end, "ubnt",
		     text_of(place->scratch, bytes, VERSION, VERSION_SIZE));
	for (size_t i = 0; i < parts->count; i++) {
		const struct ubnt_part *part = &parts->list[i];
		struct place inner = flash_beside(place, part->at);
		struct span data;
		/* other parts are the boot loader and settings, whose partitions often have
		 * remains of something else in them */
		bool wanted = strncmp(part->name, "kernel", 6) == 0 ||
			      strncmp(part->name, "rootfs", 6) == 0;

		place_layout(place, part->at, part->size, "ubnt-part", part->name);
		if (wanted && span_cut(bytes, part->at, part->size, &data) &&
		    !flash_all(&inner, data, 0, error))
			return within(error, "part %s", part->name);
	}
	return flash_behind(place, bytes, parts->end, error);
}

const struct format format_ubnt = {
	.kind = "ubnt", .image = true, .probe = ubnt_probe, .read = ubnt_read};

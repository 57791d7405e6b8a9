/* SPDX-License-Identifier: ISC */
/* Reads CD images: ISO 9660 with Rock Ridge or Joliet names (format:
 * ECMA-119, IEEE P1282). */
#include "unpack/archive/archive.h"

/* The first 32 KiB belong to the machine that boots from the disc, and often hold partition tables
 * and boot sectors. Then descriptors of 2048 bytes follow, each with a type and "CD001"; the
 * primary one has type 1:
 *
 *   0x00 u8 type   0x01 "CD001"   0x50 number of blocks: u32 little, then big endian
 *   0x80 bytes a block: u16 little, then big endian */
enum { DESCRIPTOR = 0x8000, DESCRIPTOR_SIZE = 2048 };

static bool iso_probe(struct span bytes)
{
	return span_has(bytes, DESCRIPTOR + 1, SPAN_OF("CD001"));
}

static bool tree_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_names_ struct archive_names names = {0};
	struct place inner;
	struct member member;
	struct span head;
	bool more;

	if (!span_cut(bytes, DESCRIPTOR, DESCRIPTOR_SIZE, &head))
		return fail(error, "truncated in its first descriptor");

	uint64_t size =
		(uint64_t)head_u32(head, 0x50, ENDIAN_LITTLE) * head_u16(head, 0x80, ENDIAN_LITTLE);
	if (head_u8(head, 0) == 1 && size > bytes.size)
		return fail(error, "truncated: %llu bytes expected, %zu present",
			    (unsigned long long)size, bytes.size);

	_cleanup_stream_ struct stream *stream = stream_bytes(place, bytes, STREAM_ISO, error);
	if (!stream || !stream_next(stream, &member, &more, error))
		return false;
	place_layout(place, 0, bytes.size, "iso9660", NULL);
	if (!place_enter(place, 0, place_at(place, "iso9660", place->offset), &inner, error))
		return false;
	inner.volume = place_volume(place);
	return archive_tree(&inner, stream, more ? &member : NULL, bytes, STREAM_ISO, &names,
			    error);
}

static bool iso_read(const struct place *place, struct span bytes, struct error *error)
{
	return tree_read(place, bytes, error) ||
	       within(error, "%s", place_at(place, "iso9660", place->offset));
}

const struct format format_iso = {.kind = "iso9660", .probe = iso_probe, .read = iso_read};

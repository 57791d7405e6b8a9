/* SPDX-License-Identifier: ISC */
/* Reads trailers that fwtool appended to an image (fwtool.c, fwimage.h), big-endian, at the end
 * of the file:
 *
 *   payload | u32 "FWx0" | u32 crc | u8 type: 0 signature, 1 metadata | 3 bytes | u32 size of
 *       payload and these 16 bytes
 *
 * The crc starts with all ones, is not inverted at the end, and covers everything before these 16
 * bytes. Metadata is 8 bytes (version, flags) and JSON text. There may be several trailers. */
#include "base/array.h"
#include "base/digest.h"
#include "unpack/reader.h"

enum { TRAILER = 16, METADATA_HEADER = 8, MOST_TRAILERS = 16 };

struct trailer {
	uint64_t start; /* offset of the payload */
	struct span payload;
	uint8_t type;
	bool sound;
};

static bool trailer_here(struct span bytes, struct trailer *ret)
{
	uint64_t at = bytes.size - TRAILER;
	uint32_t crc, size;

	if (bytes.size < TRAILER || !span_has(bytes, at, SPAN_OF("FWx0")) ||
	    !span_u32(bytes, at + 4, ENDIAN_BIG, &crc) || !span_u8(bytes, at + 8, &ret->type) ||
	    !span_u32(bytes, at + 12, ENDIAN_BIG, &size) || size < TRAILER || size > bytes.size)
		return false;
	ret->start = bytes.size - size;
	ret->sound = crc == (uint32_t)~crc32_of(0, span_head(bytes, at));
	return span_cut(bytes, ret->start, size - TRAILER, &ret->payload);
}

static bool trailer_probe(struct span bytes)
{
	struct trailer trailer;

	return trailer_here(bytes, &trailer);
}

/* Finds the next JSON string at or after FROM. Escapes are not decoded, but \" does
 * not end it. */
static bool json_string(struct span json, size_t from, struct span *ret, size_t *ret_end)
{
	size_t start = span_find(json, from, SPAN_OF("\"")), end;

	if (start == SIZE_MAX)
		return false;
	for (end = start + 1; end < json.size && json.data[end] != '"'; end++)
		end += json.data[end] == '\\';
	*ret_end = end + 1;
	return end < json.size && span_cut(json, start + 1, end - start - 1, ret);
}

static const char *metadata_devices(struct arena *arena, struct span json)
{
	const struct span key = SPAN_OF("\"supported_devices\"");
	size_t at = span_find(json, 0, key),
	       close = at == SIZE_MAX ? at : span_find(json, at, SPAN_OF("]"));
	struct strings devices = {0};
	struct span list, device;

	if (close == SIZE_MAX || !span_cut(json, at + key.size, close - at - key.size, &list))
		return NULL;
	for (size_t next = 0; devices.count < 64 && json_string(list, next, &device, &next);)
		*array_add(arena, &devices) = arena_string(arena, span_head(device, 64));
	return strings_join(arena, &devices, 4);
}

/* A description of metadata such as {"supported_devices": ["a", "b"], "version":
 * {"dist": "", "version": "", "revision": "", "target": ""}}. */
static const char *metadata_detail(struct arena *arena, struct span json)
{
	static const char *const keys[] = {
		"\"dist\":", "\"version\":", "\"revision\":", "\"target\":"};
	const char *devices = metadata_devices(arena, json);
	const char *detail = arena_format(arena, "for %s", devices ? devices : "unnamed devices");
	size_t inside = span_find(json, 0, span_text(keys[0]));

	for (size_t i = 0; inside != SIZE_MAX && i < sizeof keys / sizeof *keys; i++) {
		const struct span key = span_text(keys[i]);
		size_t at = span_find(json, inside, key), end;
		struct span value;

		if (at != SIZE_MAX && json_string(json, at + key.size, &value, &end))
			detail = arena_format(arena, "%s%s %s", detail, i ? "" : ":",
					      arena_string(arena, span_head(value, 64)));
	}
	return detail;
}

static bool trailer_read(const struct place *place, struct span bytes, struct error *error)
{
	struct trailer trailers[MOST_TRAILERS];
	struct span rest = bytes;
	unsigned count = 0;
	bool opened;

	while (count < MOST_TRAILERS && trailer_here(rest, &trailers[count]))
		rest = span_head(rest, trailers[count++].start);
	if (!place_open(place, rest, &opened, error))
		return false;
	while (count > 0) {
		const struct trailer *trailer = &trailers[--count];
		const char *detail = NULL;

		if (trailer->type == 1)
			detail = metadata_detail(place->scratch,
						 span_skip(trailer->payload, METADATA_HEADER));
		if (!trailer->sound)
			detail = detail ? arena_format(place->scratch, "crc differs, %s", detail)
					: "crc differs";
		place_layout(place, trailer->start, trailer->payload.size + TRAILER,
			     trailer->type == 1 ? "fwtool-metadata" : "fwtool-signature", detail);
	}
	return opened ||
	       fail(error, "nothing recognized in the %zu bytes before the fwtool trailer",
		    rest.size);
}

const struct format format_fwtool = {
	.kind = "fwtool", .probe = trailer_probe, .read = trailer_read};

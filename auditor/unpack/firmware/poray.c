/* SPDX-License-Identifier: ISC */
/* Reads images for boards of Poray, Nexx, Hame and their likes, whose payload is obfuscated with
 * a short key (format: OpenWrt firmware-utils, src/mkporayfw.c). */
#include "unpack/firmware/flash.h"

/* Little-endian:
 *
 *   0 board   4 size of the payload   8 flags: 0x020e0000   12 zeros
 *   28 payload   behind it u16 checksum of the payload; both are xor'ed with a key
 *      of 15 bytes, again and again. The board has the key, and the checksum shows it. */
enum { SIZE_AT = 4, FLAGS_AT = 8, HEADER = 28, CHECKSUM = 2, KEY = 15 };

#define FLAGS SPAN_OF("\0\0\x0e\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")

static const uint8_t keys[][KEY] = {
	{0xc8, 0x3c, 0x3a, 0x93, 0xa2, 0x95, 0xc3, 0x63, 0x48, 0x45, 0x58, 0x09, 0x12, 0x03, 0x08},
	{0xc8, 0x3c, 0x3a, 0x93, 0xa2, 0x95, 0xc3, 0x63, 0x48, 0x45, 0x58, 0x09, 0x20, 0x11, 0x08},
	{0x89, 0x6b, 0x5a, 0x93, 0x92, 0x95, 0xc3, 0x63, 0xd0, 0xa3, 0x9c, 0x92, 0x2e, 0xe6, 0xc7},
	{0xc9, 0x1c, 0x3a, 0x93, 0x92, 0x95, 0xc3, 0x63, 0xd0, 0xa3, 0x9c, 0x92, 0x2e, 0xe6, 0xc7},
	{0x19, 0x1b, 0x3a, 0x93, 0x92, 0x95, 0xc3, 0x63, 0xd0, 0xa3, 0x9c, 0x92, 0x2e, 0xe6, 0xc7},
	{0x79, 0x7b, 0x7a, 0x93, 0x92, 0x95, 0xc3, 0x63, 0xd0, 0xa3, 0x9c, 0x92, 0x2e, 0xe6, 0xc7},
	{0x19, 0x1c, 0x4a, 0x93, 0x96, 0x95, 0xc3, 0x63, 0xd0, 0xa3, 0x9c, 0x92, 0x2e, 0x16, 0xc6},
	{0x39, 0x1c, 0x4a, 0x93, 0x96, 0x95, 0xc3, 0x63, 0xd0, 0xa3, 0x9c, 0x92, 0x2e, 0x16, 0xc6},
};

static bool poray_probe(struct span bytes)
{
	uint32_t size;

	return span_u32(bytes, SIZE_AT, ENDIAN_LITTLE, &size) && size > 0 &&
	       span_has(bytes, FLAGS_AT, FLAGS);
}

/* SUM and what is left of it 16 bits further right, as that shift of a signed number gives it. */
static uint32_t folded(uint32_t sum)
{
	return sum + (sum >> 16) + (sum >> 31 ? 0xffff0000 : 0);
}

/* Decodes CODED, payload and checksum, to PLAIN. True if the checksum is right: the sum of
 * little-endian words in 32 bits, of which more are lost, folded to 16 bits. */
static bool key_fits(struct span coded, const uint8_t *key, uint8_t *plain)
{
	size_t size = coded.size - CHECKSUM;
	uint32_t sum = 0;

	for (size_t i = 0; i < coded.size; i++)
		plain[i] = coded.data[i] ^ key[i % KEY];
	for (size_t i = 0; i < size; i++)
		sum += (uint32_t)plain[i] << 8 * (i % 2);
	sum = (uint16_t)~folded(folded(sum) + 0xffff);
	return sum == (uint32_t)(plain[size] | plain[size + 1] << 8);
}

static bool payload_read(const struct place *place, struct span bytes, struct arena *arena,
			 struct error *error)
{
	uint32_t size = head_u32(bytes, SIZE_AT, ENDIAN_LITTLE);
	struct place inner = flash_beside(place, HEADER);
	struct span coded;

	place_layout(place, 0, (uint64_t)HEADER + size + CHECKSUM, "poray", NULL);
	if (!span_cut(bytes, HEADER, (uint64_t)size + CHECKSUM, &coded))
		return fail(error, "truncated: %llu bytes expected, %zu present",
			    (unsigned long long)HEADER + size + CHECKSUM, bytes.size);

	uint8_t *plain = arena_raw(arena, coded.size);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (key_fits(coded, keys[i], plain))
			return flash_all(&inner, span_from(plain, size), 0, error);
	return fail(error, "no known key gives the checksum: data corrupted, or of another board");
}

static bool poray_read(const struct place *place, struct span bytes, struct error *error)
{
	_cleanup_arena_ struct arena arena = {0};

	return payload_read(place, bytes, &arena, error) ||
	       within(error, "%s", place_at(place, "poray", place->offset));
}

const struct format format_poray = {
	.kind = "poray", .image = true, .probe = poray_probe, .read = poray_read};

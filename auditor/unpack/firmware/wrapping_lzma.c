/* SPDX-License-Identifier: ISC */
/* Recognises and decodes the lzma of boot loaders that omit the 13-byte header
 * of lzma files. */
#include "base/digest.h"
#include "unpack/firmware/payload.h"

enum { PROPERTIES = 5, CFE_WORDS = 12, CFE_MOST = 4, EVA_STREAM = 36, EVA_BEHIND = 12 };

/* True for properties and a dictionary as encoders write them, and the first byte of
 * the range coder, which is 0. */
static bool properties_valid(struct span bytes, uint64_t at, uint64_t stream)
{
	uint8_t properties, first;
	uint32_t dictionary;

	if (!span_u8(bytes, at, &properties) ||
	    !span_u32(bytes, at + 1, ENDIAN_LITTLE, &dictionary) || !span_u8(bytes, stream, &first))
		return false;

	uint32_t rest = dictionary & (dictionary - 1);
	return lzma_properties_likely(properties) && first == 0 && dictionary >= 0x10000 &&
	       dictionary <= LIMIT_FILE && (rest & (rest - 1)) == 0;
}

/* True for addresses in MIPS KSEG0, which are cached and not mapped. */
static bool is_kseg0(uint32_t address)
{
	return address >> 29 == 4;
}

static bool cfe_words(struct span bytes, uint64_t at, uint32_t *ret_size)
{
	uint32_t load, entry;

	return span_u32(bytes, at, ENDIAN_BIG, &load) &&
	       span_u32(bytes, at + 4, ENDIAN_BIG, &entry) &&
	       span_u32(bytes, at + 8, ENDIAN_BIG, ret_size) && is_kseg0(load) && is_kseg0(entry) &&
	       entry >= load && entry - load<LIMIT_FILE && * ret_size> PROPERTIES &&
	       *ret_size <= LIMIT_FILE;
}

/* Broadcom's CFE (firmware-utils imagetag.c; OpenWrt target/linux/bcm63xx/image/Makefile,
 * Build/lzma-cfe), big-endian:
 *
 *   0 u32 load address | 4 u32 entry | 8 u32 size of the rest | 12 properties u8, dictionary u32
 *       (LE) | 17 stream
 *
 * The stream has neither a size nor an end marker: it ends with its last byte. The three words may
 * occur twice. */
static bool cfe_here(struct span bytes, struct wrapping *ret)
{
	uint64_t at = 0;
	uint32_t size = 0, next;

	for (unsigned i = 0; i < CFE_MOST && cfe_words(bytes, at, &next); i++) {
		at += CFE_WORDS;
		size = next;
	}
	if (at == 0 || !properties_valid(bytes, at, at + PROPERTIES))
		return false;
	*ret = (struct wrapping){
		.name = "cfe", .architecture = "mips", .size = at + size, .bare = true};
	ret->properties = at;
	ret->payload = at + PROPERTIES;
	ret->payload_size = size - PROPERTIES;
	ret->decoded = UINT64_MAX;
	return true;
}

/* AVM's EVA (firmware-utils lzma2eva.c), little-endian:
 *
 *   0 u32 0xfeed1281 | 4 u32 size of the stream + 24 | 8 u32 load address | 12 u32 0x075a0201
 *   16 u32 size of the stream | 20 u32 decoded size | 24 u32 crc32 of the stream
 *   28 properties u8, dictionary u32 | 33 three zeros | 36 stream
 *   u32 checksum | u32 0 | u32 entry */
static bool eva_here(struct span bytes, struct wrapping *ret)
{
	uint32_t magic, record, type, stored, decoded;

	if (!span_u32(bytes, 0, ENDIAN_LITTLE, &magic) || magic != 0xfeed1281 ||
	    !span_u32(bytes, 4, ENDIAN_LITTLE, &record) ||
	    !span_u32(bytes, 12, ENDIAN_LITTLE, &type) ||
	    !span_u32(bytes, 16, ENDIAN_LITTLE, &stored) ||
	    !span_u32(bytes, 20, ENDIAN_LITTLE, &decoded) || type != 0x075a0201 ||
	    stored > LIMIT_FILE || record != stored + 24 ||
	    !properties_valid(bytes, 28, EVA_STREAM))
		return false;
	*ret = (struct wrapping){
		.name = "eva", .size = (uint64_t)EVA_STREAM + stored + EVA_BEHIND, .bare = true};
	ret->properties = 28;
	ret->payload = EVA_STREAM;
	ret->payload_size = stored;
	ret->decoded = decoded;
	ret->checked = true;
	ret->crc = head_u32(bytes, 24, ENDIAN_LITTLE);
	return true;
}

bool wrapping_bare(struct span bytes, struct wrapping *ret)
{
	return cfe_here(bytes, ret) || eva_here(bytes, ret);
}

bool wrapping_decode(struct arena *arena, struct span bytes, const struct wrapping *wrapping,
		     uint64_t limit, struct span *ret, struct error *error)
{
	struct span properties, stream;

	*ret = (struct span){NULL, 0};
	if (!span_cut(bytes, wrapping->properties, PROPERTIES, &properties) ||
	    !span_cut(bytes, wrapping->payload, wrapping->payload_size, &stream))
		return fail(error, "truncated");
	if (wrapping->checked && crc32_of(0, stream) != wrapping->crc)
		return fail(error, "crc32 of the stream differs: data corrupted");
	return decompress_lzma(arena, properties, wrapping->decoded, stream, limit, ret, error);
}

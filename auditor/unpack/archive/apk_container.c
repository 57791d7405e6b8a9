/* SPDX-License-Identifier: ISC */
/* Opens files of apk-tools 3: their compression, blocks and database. */
#include "unpack/archive/apk_container.h"

#include "unpack/limits.h"

/* apk-tools 3 packages and indexes (src/apk_adb.h, src/adb.c, src/adb_comp.c):
 *
 *   "ADB."                        not compressed
 *   "ADBd" raw deflate stream     what OpenWrt ships
 *   "ADBc" algorithm u8 (0 none, 1 deflate, 2 zstd), level u8, stream
 *
 * decoded, all little-endian:
 *   0x0 "ADB."   0x4 schema: "pckg" package, "indx" index
 *   0x8 blocks, each padded to 8 bytes:
 *       u32 type << 30 | size     size includes this word; type 0 ADB, 1 signature, 2 file data
 *       type 3: the low 30 bits are the type, u32 reserved, u64 size, which includes 16 bytes
 *   file data: u32 path index, u32 file index (both from 1), then the bytes
 *   signature: u8 version (0), u8 hash (4 SHA-512), key id[16], then a signature over
 *              u32 schema, the 18 bytes before, SHA-512 of the ADB block's payload */

bool apk_here(struct span bytes)
{
	uint8_t kind;

	return span_starts(bytes, "ADB") && span_u8(bytes, 3, &kind) &&
	       (kind == '.' || kind == 'd' || kind == 'c');
}

bool apk_decode(struct arena *arena, struct span bytes, uint64_t limit, struct span *ret,
		bool *compressed, struct error *error)
{
	enum compression compression = COMPRESSION_NONE;
	uint8_t kind = 0, algorithm;
	size_t header;

	if (!span_u8(bytes, 3, &kind))
		return fail(error, "apk: cut off");
	header = kind == '.' ? 0 : 4;
	if (kind == 'd')
		compression = COMPRESSION_DEFLATE;
	if (kind == 'c') {
		header = 6;
		if (!span_u8(bytes, 4, &algorithm) || algorithm > 2)
			return fail(error, "apk: unknown compression");
		if (algorithm > 0)
			compression = algorithm == 1 ? COMPRESSION_DEFLATE : COMPRESSION_ZSTD;
	}
	*ret = span_skip(bytes, header);
	*compressed = compression != COMPRESSION_NONE;
	return !*compressed || decompress(arena, compression, *ret, limit, ret, NULL, error) ||
	       within(error, "apk");
}

bool adb_block_next(struct span *rest, struct adb_block *ret, bool *broken)
{
	uint32_t word;
	uint64_t size, header = 4;

	*broken = false;
	if (rest->size < 4)
		return false;
	word = head_u32(*rest, 0, ENDIAN_LITTLE);
	ret->type = word >> 30;
	size = word & 0x3fffffff;
	if (ret->type == ADB_BLOCK_EXTENDED) {
		ret->type = word & 0x3fffffff;
		header = 16;
		if (!span_u64(*rest, 8, ENDIAN_LITTLE, &size))
			size = UINT64_MAX;
	}
	if (size < header || size > rest->size) {
		*broken = true;
		return false;
	}
	ret->payload = span_skip(span_head(*rest, size), header);
	*rest = span_skip(*rest, size + (8 - size % 8) % 8);
	return true;
}

bool apk_database(struct span inside, bool *damaged, struct adb *ret, struct span *ret_blocks,
		  struct error *error)
{
	struct adb_block block;
	bool broken;

	*ret_blocks = span_skip(inside, 8);
	return (span_starts(inside, "ADB.") && adb_block_next(ret_blocks, &block, &broken) &&
		block.type == ADB_BLOCK_DATABASE && adb_open(block.payload, damaged, ret)) ||
	       fail(error, "apk: no database at the start: truncated, or a newer format");
}

bool apk_open(struct arena *arena, struct span bytes, const char *schema, bool *damaged,
	      struct adb *ret, struct span *ret_blocks, struct error *error)
{
	struct span inside;
	bool compressed;

	if (!span_starts(bytes, "ADB"))
		return fail(error, "not a file of apk-tools 3");
	if (!apk_decode(arena, bytes, LIMIT_FILE, &inside, &compressed, error))
		return false;
	if (!span_has(inside, 4, span_text(schema)))
		return fail(error, "apk: neither a package nor an index of the expected kind");
	return apk_database(inside, damaged, ret, ret_blocks, error);
}

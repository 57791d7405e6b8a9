/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of JFFS2, with the input as it is and with the checksums of its nodes
 * corrected. */
#include "fuzz/fuzz_format.h"

static uint32_t crc_of(const uint8_t *bytes, size_t size)
{
	return ~crc32_of(UINT32_MAX, span_from(bytes, size));
}

static void node_mend(uint8_t *node, size_t left, enum endian endian)
{
	bool named = node[endian == ENDIAN_BIG ? 3 : 2] == 1;
	uint32_t stored = 0;

	number_put(node + 8, endian, crc_of(node, 8));
	if (named && left >= 40u + node[28]) {
		number_put(node + 32, endian, crc_of(node, 32));
		number_put(node + 36, endian, crc_of(node + 40, node[28]));
	}
	stored = head_u32(span_from(node, left), 48, endian);
	if (!named && left >= 68 && stored <= left - 68) {
		number_put(node + 60, endian, crc_of(node + 68, stored));
		number_put(node + 64, endian, crc_of(node, 60));
	}
}

static void mend(uint8_t *bytes, size_t size)
{
	for (size_t at = 0; at + 40 <= size; at += 4) {
		if (memcmp(bytes + at, "\x85\x19", 2) == 0 && bytes[at + 3] == 0xe0)
			node_mend(bytes + at, size - at, ENDIAN_LITTLE);
		if (memcmp(bytes + at, "\x19\x85", 2) == 0 && bytes[at + 2] == 0xe0)
			node_mend(bytes + at, size - at, ENDIAN_BIG);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run_mended(&format_jffs2, data, size, mend);
	return 0;
}

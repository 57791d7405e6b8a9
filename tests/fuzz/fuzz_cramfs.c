/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of cramfs. A wrong crc32 would end each run: it is made right. */
#include "base/digest.h"
#include "fuzz/fuzz_format.h"

enum { CRC = 0x20, HEAD = 0x4c };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = malloc(size + 1);
	uint32_t crc;

	if (!bytes)
		return 0;
	memcpy(bytes, data, size);
	if (size >= HEAD) {
		memset(bytes + CRC, 0, 4);
		crc = crc32_of(0, span_from(bytes, size));
		for (unsigned i = 0; i < 4; i++)
			bytes[CRC + i] = (uint8_t)(crc >> (bytes[0] == 0x45 ? 8 * i : 24 - 8 * i));
	}
	format_run(&format_cramfs, bytes, size);
	free(bytes);
	return 0;
}

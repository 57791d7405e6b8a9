/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of Ubiquiti's parts. A wrong crc32 would end each run: those of the header, of
 * the first part and of the end are made right. */
#include "base/digest.h"
#include "fuzz/fuzz_format.h"

enum { HEADER_CRC = 260, FIRST = 268, SIZE_AT = 48, DATA_AT = 56 };

static void crc_put(uint8_t *bytes, size_t from, size_t at)
{
	uint32_t crc = crc32_of(0, span_from(bytes + from, at - from));

	for (unsigned i = 0; i < 4; i++)
		bytes[at + i] = (uint8_t)(crc >> (24 - 8 * i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = malloc(size + 1);
	uint32_t stated = 0;

	if (!bytes)
		return 0;
	memcpy(bytes, data, size);
	if (size >= FIRST)
		crc_put(bytes, 0, HEADER_CRC);
	if (span_u32(span_from(bytes, size), FIRST + SIZE_AT, ENDIAN_BIG, &stated) &&
	    (uint64_t)FIRST + DATA_AT + stated + 16 <= size) {
		size_t end = FIRST + DATA_AT + stated;

		crc_put(bytes, FIRST, end);
		crc_put(bytes, 0, end + 12);
	}
	format_run(&format_ubnt, bytes, size);
	free(bytes);
	return 0;
}

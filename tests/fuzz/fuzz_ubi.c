/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of UBI images, with the input as it is and with the checksums of its
 * headers corrected. */
#include "fuzz/fuzz_format.h"

/* corrects the crc32 of the 60 bytes before it, not inverted, in each header with its magic */
static void mend(uint8_t *bytes, size_t size)
{
	for (size_t at = 0; at + 64 <= size; at += 64)
		if (memcmp(bytes + at, "UBI#", 4) == 0 || memcmp(bytes + at, "UBI!", 4) == 0)
			number_put(bytes + at + 60, ENDIAN_BIG,
				   ~crc32_of(0, span_from(bytes + at, 60)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run_mended(&format_ubi, data, size, mend);
	return 0;
}

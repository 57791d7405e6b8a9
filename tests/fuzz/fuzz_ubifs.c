/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of UBIFS volumes, with the input as it is and with the checksums of its
 * nodes corrected. */
#include "fuzz/fuzz_format.h"

static void mend(uint8_t *bytes, size_t size)
{
	for (size_t at = 0; at + 24 <= size; at += 8) {
		uint32_t length = 0;

		length = head_u32(span_from(bytes, size), at + 16, ENDIAN_LITTLE);
		if (memcmp(bytes + at, "\x31\x18\x10\x06", 4) == 0 && length >= 24 &&
		    length <= size - at)
			number_put(bytes + at + 4, ENDIAN_LITTLE,
				   ~crc32_of(0, span_from(bytes + at + 8, length - 8)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run_mended(&format_ubifs, data, size, mend);
	return 0;
}

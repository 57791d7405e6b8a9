/* SPDX-License-Identifier: ISC */
/* Fuzzes every decoder, with all of the input and with its beginning. */
#include "unpack/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_from(data, size), decoded;

	compression_of(bytes);
	for (enum compression compression = COMPRESSION_NONE; compression <= COMPRESSION_DEFLATE;
	     compression++) {
		_cleanup_arena_ struct arena arena = {0};
		struct error error;
		uint64_t used;

		decompress(&arena, compression, bytes, MIB, &decoded, &used, &error);
		if (used > size ||
		    decompress_head(&arena, compression, bytes, 64, &used).size > 64 || used > size)
			__builtin_trap();
	}
	return 0;
}

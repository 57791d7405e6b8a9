/* SPDX-License-Identifier: ISC */
/* Fuzzes the decoder for lzma that liblzma refuses. What liblzma decodes, it must decode to
 * the same bytes, if the size of the dictionary is one that liblzma does not round up. */
#include "unpack/compress/sink.h"
#include "unpack/reader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_sink_ struct sink sink = {.limit = MIB}, head = {.limit = 64, .head = true};
	struct span bytes = span_from(data, size), expected;
	struct error error;
	uint64_t used;

	bool ok = lzma_wide_decode(&sink, bytes, &used, &error);
	if (used > size)
		abort();
	lzma_wide_decode(&head, bytes, &used, &error);
	if (used > size)
		abort();
	if (size > 1 && data[1] % 16 == 0 && !lzma_wide_here(bytes) &&
	    decompress(&arena, COMPRESSION_LZMA, bytes, MIB, &expected, NULL, &error) &&
	    (!ok || !span_equal(expected, span_from(sink.data, sink.size))))
		abort();
	return 0;
}

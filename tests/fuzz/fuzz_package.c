/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of .ipk and .deb containers. */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_package, data, size);
	return 0;
}

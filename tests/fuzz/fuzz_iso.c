/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of CD images. */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_iso, data, size);
	return 0;
}

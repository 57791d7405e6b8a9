/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of squashfs versions 2 and 3; its seed is one of them. */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_squashfs, data, size);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of tar, cpio, zip and 7z archives. */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_archive, data, size);
	return 0;
}

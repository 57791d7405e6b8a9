/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of ext2, ext3 and ext4 file systems. */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_ext, data, size);
	return 0;
}

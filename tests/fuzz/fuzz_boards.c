/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of images with board makers' headers (boards.c). */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_boards, data, size);
	return 0;
}

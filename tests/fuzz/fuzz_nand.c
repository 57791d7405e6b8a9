/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of NAND dumps with spare bytes (nand.c). */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_nand, data, size);
	return 0;
}

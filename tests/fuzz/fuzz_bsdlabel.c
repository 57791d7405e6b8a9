/* SPDX-License-Identifier: ISC */
/* Fuzzes the reader of BSD disk labels. */
#include "fuzz/fuzz_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	format_run(&format_bsdlabel, data, size);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes the search for the export table in a raw kernel and the reading of whole kernels. */
#include "facts/kernel/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* the table alone, and the whole kernel if it contains a banner */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span image = span_from(data, size);
	struct machine machine;
	struct kernel kernel;
	struct error error;

	ksymtab_recover(&arena, image, "fuzz", (struct machine){.elf = 0}, &machine);
	kernel_read(&arena, image, "fuzz", NULL, "mips", &kernel, &error);
	return 0;
}

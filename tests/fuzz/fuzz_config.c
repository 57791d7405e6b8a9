/* SPDX-License-Identifier: ISC */
/* Fuzzes the parsers of kernel configs, IKCONFIG, Module.symvers and System.map, and the
 * comparison of two configs. */
#include "facts/kernel/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* all text formats: configs, alone and compared, Module.symvers and System.map */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct span text = span_from(data, size);
	struct kernel_exports exports;
	struct config a, b;
	struct error error;

	ikconfig_read(&arena, "fuzz", text);
	symvers_read(&arena, "fuzz", text, true, &exports, &error);
	symvers_read(&arena, "fuzz", text, false, &exports, &error);
	if (config_read(&arena, "fuzz", text, &a, &error) &&
	    config_read(&arena, "fuzz", span_head(text, size / 2), &b, &error))
		config_compare(&arena, &a, &b);
	return 0;
}

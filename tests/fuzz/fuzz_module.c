/* SPDX-License-Identifier: ISC */
/* Fuzzes the reading of a .ko with all its sections; every result must have a name. */
#include "facts/module/module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {.top = NULL}, scratch = {.top = NULL};
	struct map names = {.slots = NULL};
	struct module_reader reader = {.arena = &arena, .names = &names, .scratch = &scratch};
	struct module module = module_read(&reader, "fuzz.ko", "fuzz.ko", span_from(data, size));

	return module.name == NULL;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes the YAML parser; every value of the tree is visited. */
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(struct arena *arena, const struct yaml *at)
{
	size_t sum = at->line + (at->text ? strlen(at->text) : 0);

	if (at->key)
		yaml_unquoted(arena, at, at->key);
	yaml_each(item, at)
		sum += walk(arena, item);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = {0};
	struct error error = {0};
	const struct yaml *root = NULL;

	if (yaml_parse(&arena, "fuzz", span_from(data, size), &root, &error))
		walk(&arena, root);
	else if (!error.text[0])
		abort();
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes opkg's order of versions, which must be antisymmetric, and the parsers of dependency
 * formulas and kernel abis. */
#include "facts/package/version.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two versions with a NUL between them; the order must be antisymmetric. */
static void order_is_consistent(const char *a, const char *b)
{
	int forth = version_compare(a, b), back = version_compare(b, a);

	if ((forth > 0) != (back < 0) || (forth < 0) != (back > 0) || version_compare(a, a) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct span text = span_from(data, size), first = text, second = {0};
	struct formulas formulas = formulas_read(&arena, text);

	span_split(text, '\0', &first, &second);

	const char *a = arena_string(&arena, first), *b = arena_string(&arena, second);
	struct abi abi = abi_read(&arena, a, "fuzz");

	order_is_consistent(a, b);
	abi_equal(&abi, &abi);
	array_each(formula, &formulas)
		array_each(dependency, formula)
			version_satisfies(a, dependency);
	arena_free(&arena);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes the parser of control stanzas and the packages and dependencies made from them. */
#include "facts/package/package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct span rest = span_from(data, size);
	struct stanza stanza;
	size_t line = 1, bad = 0;

	while (stanza_read(&arena, &rest, &line, &stanza, &bad)) {
		struct package package = {0};

		if (package_from_stanza(&arena, &stanza, "fuzz", &package))
			array_each(formula, &package.depends)
				array_each(dependency, formula)
					package_satisfies(&package, dependency);
	}
	arena_free(&arena);
	return 0;
}

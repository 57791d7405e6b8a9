/* SPDX-License-Identifier: ISC */
/* Fuzzes the parser of provider declarations and matches what it reads against several builds. */
#include "facts/providers/providers.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* a file of statements, each compared with some builds */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct built builts[] = {
		{0},
		{.release = "6.6.86-custom",
		 .revision = "1",
		 .abi = "d2e0a589214daa7e43fd1bd18e88034c",
		 .version = "2.5"},
		{.release = "6.12-rc3", .version = "999999999999999999.1-7"},
	};
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct providers providers = {0};
	struct error error = {""};
	const char *lacks;

	if (!providers_parse(&arena, "fuzz", span_from(data, size), &providers, &error)) {
		if (!error.text[0] ||
		    providers.statements.count + providers.built_against.count > 0)
			abort();
		return 0;
	}
	array_each(statement, &providers.statements)
		for (size_t i = 0; i < sizeof builts / sizeof *builts; i++) {
			supports_fit(&statement->supports, &builts[i], &lacks);
			array_each(revocation, &statement->revoked)
				builds_fit(&revocation->builds, &builts[i], &lacks);
			interface_names(&statement->interface, "nf_conntrack_find_get");
		}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Fuzzes keys and signatures: the input, up to a NUL a key and after it a signature, never
 * verifies a message that nobody signed. */
#include "facts/feed/trust.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* a key of usign with its fingerprint, whose secret part does not exist */
	static const char known[] =
		"untrusted comment: "
		"x\nRWQBAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKQ==\n";
	_cleanup_arena_ struct arena arena = {0};
	struct span all = span_from(data, size), key = all, signature = all;
	const char *why = NULL;
	struct keys keys = {0};

	if (memchr(data, 0, size))
		span_split(all, '\0', &key, &signature);
	key_add(&arena, "known", span_text(known), &keys);
	if (usign_verify(&arena, &keys.usign, signature, SPAN_OF("message"), &why) ==
	    SIGNATURE_VALID)
		abort();
	key_add(&arena, "fuzz", key, &keys);
	index_verify(&arena, &keys, "feed/Packages", SPAN_OF("message"), signature, &why);
	index_verify(&arena, &keys, "feed/packages.adb", all, (struct span){0}, &why);
	return 0;
}

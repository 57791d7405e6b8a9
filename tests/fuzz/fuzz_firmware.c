/* SPDX-License-Identifier: ISC */
/* Fuzzes the reading of an image of which everything is wanted. Small inputs are padded, so that
 * the scan runs too. */
#include "unpack/unpack.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PADDED = 20 << 10 };

static enum want want(void *context, const char *path, uint64_t size, enum part part)
{
	(void)context, (void)path, (void)part;
	return size % 2 ? WANT_BYTES : WANT_OPEN;
}

static bool entry(void *context, const struct entry *entry, struct error *error)
{
	volatile uint8_t last;

	(void)context, (void)error;
	if (entry->bytes.size)
		last = entry->bytes.data[entry->bytes.size - 1];
	(void)last;
	return true;
}

static bool kernel(void *context, const struct kernel_bytes *kernel, struct error *error)
{
	volatile uint8_t last = kernel->bytes.data[kernel->bytes.size - 1];

	(void)context, (void)error, (void)last;
	return true;
}

static void look(struct span bytes)
{
	const struct visitor visitor = {.want = want, .entry = entry, .kernel = kernel};
	struct error error;

	unpack_bytes("fuzz", bytes, &visitor, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t padded[PADDED];

	look(span_from(data, size));
	if (size > 0 && size < PADDED) {
		memset(padded, 0xff, sizeof padded);
		memcpy(padded, data, size);
		look(span_from(padded, sizeof padded));
	}
	return 0;
}

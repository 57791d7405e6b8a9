/* SPDX-License-Identifier: ISC */
/* fuzz_format - runs one format's probe and reader on any bytes; all contents are wanted and
 * read. */
#ifndef KMODAUDIT_FUZZ_FORMAT_H
#define KMODAUDIT_FUZZ_FORMAT_H

#include "base/digest.h"
#include "unpack/place.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum want want(void *context, const char *path, uint64_t size, enum part part)
{
	(void)context, (void)part;
	if (*path && path[strlen(path) - 1] == '/')
		return WANT_NAME;
	return size % 2 ? WANT_BYTES : WANT_OPEN;
}

/* reads all bytes, because a sanitizer notices a wrong range only when it is read */
static bool entry(void *context, const struct entry *seen, struct error *error)
{
	unsigned *sum = context;

	(void)error;
	*sum += crc32_of(0, seen->bytes) + (unsigned)strlen(seen->path) +
		(unsigned)strlen(seen->witness);
	return true;
}

static bool kernel(void *context, const struct kernel_bytes *seen, struct error *error)
{
	unsigned *sum = context;

	(void)error;
	*sum += crc32_of(0, seen->bytes);
	return true;
}

static inline void format_run(const struct format *format, const uint8_t *data, size_t size)
{
	unsigned sum = 0;
	struct visitor visitor = {.context = &sum, .want = want, .entry = entry, .kernel = kernel};
	struct unpacking run = {.visitor = &visitor};
	_cleanup_arena_ struct arena scratch = {0};
	struct place place = {.run = &run, .witness = "input", .scratch = &scratch};
	struct error error;

	if (format->probe(span_from(data, size)))
		format->read(&place, span_from(data, size), &error);
}

/* The same once more with corrected checksums, to reach the code behind them. */
static inline void format_run_mended(const struct format *format, const uint8_t *data, size_t size,
				     void (*mend)(uint8_t *bytes, size_t size))
{
	uint8_t *copy = malloc(size ? size : 1);

	format_run(format, data, size);
	if (!copy)
		return;
	memcpy(copy, data, size);
	mend(copy, size);
	format_run(format, copy, size);
	free(copy);
}

static inline void number_put(uint8_t *at, enum endian endian, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[endian == ENDIAN_BIG ? 3 - i : i] = (uint8_t)(value >> 8 * i);
}

#endif

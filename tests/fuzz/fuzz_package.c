#include "base/digest.h"
#include "unpack/place.h"

#include <string.h>

static enum want want(void *context, const char *path, uint64_t size, enum part part)
{
	(void)context;
	(void)size;
	(void)part;
	return *path && path[strlen(path) - 1] == '/' ? WANT_NAME : WANT_BYTES;
}

/* Touches every byte, so that a sanitizer sees those that are not there. */
static bool entry(void *context, const struct entry *seen, struct error *error)
{
	unsigned *sum = context;

	(void)error;
	*sum += crc32_of(0, seen->bytes) + (unsigned)strlen(seen->path) + (unsigned)strlen(seen->witness);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned sum = 0;
	struct visitor visitor = {.context = &sum, .want = want, .entry = entry};
	struct unpacking run = {.visitor = &visitor};
	_cleanup_arena_ struct arena scratch = {0};
	struct place place = {.run = &run, .witness = "input", .scratch = &scratch};
	struct span bytes = span_from(data, size);
	struct error error;

	if (format_package.probe(bytes))
		format_package.read(&place, bytes, &error);
	return 0;
}

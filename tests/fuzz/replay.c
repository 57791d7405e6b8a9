/* SPDX-License-Identifier: ISC */
/* replay - main() for a fuzz target without a fuzzer: runs it on the given files. With -d N also
 * on N damaged versions of each (truncated or with changed bytes; the same in every run). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
	uint8_t *bytes;
	size_t size;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libsquashfs allocates as much memory as an inode claims and handles a failure; the sanitizer
 * would end the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static int input_read(const char *path, struct input *input)
{
	FILE *file = fopen(path, "rb");
	size_t got;

	if (!file) {
		perror(path);
		return -1;
	}
	do {
		uint8_t *grown = realloc(input->bytes, input->size + 65536);

		if (!grown)
			abort();
		input->bytes = grown;
		got = fread(input->bytes + input->size, 1, 65536, file);
		input->size += got;
	} while (got > 0);
	fclose(file);
	return 0;
}

/* A copy of exactly that size, so that a sanitizer notices every access past its end. */
static void input_run(const struct input *input, size_t size, unsigned changes, unsigned *seed)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, input->bytes, size);
	for (unsigned i = 0; i < changes && size > 0; i++)
		copy[(size_t)rand_r(seed) % size] = (uint8_t)rand_r(seed);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static int replay(const char *path, unsigned damaged)
{
	struct input input = {0};
	unsigned seed = 1;

	if (input_read(path, &input) != 0)
		return 1;
	input_run(&input, input.size, 0, &seed);
	for (size_t size = 1; damaged > 0 && size < input.size; size *= 2)
		input_run(&input, size, 0, &seed);
	for (unsigned i = 0; i < damaged; i++)
		input_run(&input, input.size, 1 + i % 8, &seed);
	free(input.bytes);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned damaged = 0;
	int status = 0;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-d") == 0 && i + 1 < argc)
			damaged = (unsigned)strtoul(argv[++i], NULL, 10);
		else
			status |= replay(argv[i], damaged);
	}
	return status;
}

/* SPDX-License-Identifier: ISC */
/* firmware - helpers for tests of the firmware readers: a visitor that records what it is given,
 * bytes made by real tools, and a kernel that has nothing but a banner. Include cmocka first. */
#ifndef KMODAUDIT_TEST_FIRMWARE_H
#define KMODAUDIT_TEST_FIRMWARE_H

#undef fail /* cmocka defines its own */
#include "base/digest.h"
#include "unpack/file.h"
#include "unpack/firmware/flash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPLAIN(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))
#define BANNER "Linux version 5.15.137 (a@b) (gcc 11) #1 SMP\n"

struct seen {
	struct arena arena;
	struct error error;
	bool ok;
	unsigned kernels, entries;
	struct span kernel; /* the last one */
	const char *label, *architecture, *witness, *paths;
	const char *unread; /* "text;" for each */
	const char *layout; /* "offset+size kind [detail];" for each */
};

static inline enum want seen_want(void *context, const char *path, uint64_t size, enum part part)
{
	(void)context, (void)size, (void)part, (void)path;
	return WANT_BYTES;
}

static inline bool seen_entry(void *context, const struct entry *entry, struct error *error)
{
	struct seen *seen = context;

	(void)error;
	seen->entries++;
	seen->paths = arena_format(&seen->arena, "%s%s;", seen->paths, entry->path);
	return true;
}

static inline bool seen_kernel(void *context, const struct kernel_bytes *kernel,
			       struct error *error)
{
	struct seen *seen = context;
	struct arena *arena = &seen->arena;

	(void)error;
	seen->kernels++;
	seen->kernel = arena_copy(arena, kernel->bytes);
	seen->label = kernel->label ? arena_string(arena, span_text(kernel->label)) : NULL;
	seen->architecture = kernel->architecture;
	seen->witness = arena_string(arena, span_text(kernel->witness));
	return true;
}

static inline void seen_layout(void *context, const struct layout *layout)
{
	struct seen *seen = context;

	seen->layout =
		arena_format(&seen->arena, "%s0x%llx+%llu %s [%s];", seen->layout,
			     (unsigned long long)layout->offset, (unsigned long long)layout->size,
			     layout->kind, layout->detail ? layout->detail : "");
}

static inline void seen_unread(void *context, const char *text)
{
	struct seen *seen = context;

	seen->unread = arena_format(&seen->arena, "%s%s;", seen->unread, text);
}

static inline struct seen look_into(struct span bytes)
{
	struct seen seen = {.layout = "", .paths = "", .unread = ""};
	struct visitor visitor = {
		.context = &seen,
		.want = seen_want,
		.entry = seen_entry,
		.kernel = seen_kernel,
		.layout = seen_layout,
		.unread = seen_unread,
	};

	seen.ok = unpack_bytes("fw", bytes, &visitor, &seen.error);
	return seen;
}

static inline void seen_free(struct seen *seen)
{
	arena_free(&seen->arena);
}

#define _cleanup_seen_ __attribute__((cleanup(seen_free)))

/* Gives the same numbers in every run. */
static inline uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	return *state ^= *state << 5;
}

static inline struct span random_bytes(struct arena *arena, size_t size, uint32_t seed)
{
	uint8_t *bytes = arena_raw(arena, size);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(next_random(&seed) >> 11);
	return span_from(bytes, size);
}

/* Bytes that compress a little, with a banner in the middle. */
static inline struct span make_kernel(struct arena *arena, size_t size)
{
	uint8_t *kernel = arena_raw(arena, size);
	uint32_t state = 7;

	for (size_t i = 0; i < size; i++)
		kernel[i] = (uint8_t)(next_random(&state) >> 9 & 0x8f);
	memcpy(kernel + size / 2, BANNER, sizeof BANNER);
	return span_from(kernel, size);
}

static inline struct span join(struct arena *arena, struct span a, struct span b)
{
	uint8_t *bytes = arena_raw(arena, a.size + b.size);

	if (a.size)
		memcpy(bytes, a.data, a.size);
	if (b.size)
		memcpy(bytes + a.size, b.data, b.size);
	return span_from(bytes, a.size + b.size);
}

static inline struct span filled(struct arena *arena, size_t size, int byte)
{
	return span_from(memset(arena_raw(arena, size), byte, size), size);
}

static inline void put(uint8_t *at, unsigned bytes, enum endian endian, uint64_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		at[endian == ENDIAN_BIG ? bytes - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

/* A folder for the test, in which its commands run. */
struct folder {
	char path[64];
};

static inline struct folder folder_make(void)
{
	struct folder folder = {"/tmp/kmodaudit-test-XXXXXX"};

	assert_non_null(mkdtemp(folder.path));
	return folder;
}

static inline void folder_free(struct folder *folder)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", folder->path);
	assert_int_equal(system(command), 0);
}

#define _cleanup_folder_ __attribute__((cleanup(folder_free)))

static inline void folder_write(const struct folder *folder, const char *name, struct span bytes)
{
	char path[160];

	snprintf(path, sizeof path, "%s/%s", folder->path, name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
	assert_int_equal(fclose(file), 0);
}

static inline struct span folder_file(const struct folder *folder, struct arena *arena,
				      const char *name)
{
	struct error error;
	struct span bytes;
	char path[160];

	snprintf(path, sizeof path, "%s/%s", folder->path, name);
	if (!file_read(arena, path, LIMIT_FILE, &bytes, &error))
		COMPLAIN("%s", error.text);
	return bytes;
}

static inline void folder_run(const struct folder *folder, const char *command)
{
	char line[1024];

	snprintf(line, sizeof line, "cd %s && (%s) >log 2>&1 || { cat log >&2; false; }",
		 folder->path, command);
	if (system(line) != 0)
		COMPLAIN("%s", command);
}

/* The output of COMMAND for INPUT on stdin. */
static inline struct span filtered(struct arena *arena, const char *command, struct span input)
{
	_cleanup_folder_ struct folder folder = folder_make();
	char line[512];

	folder_write(&folder, "in", input);
	snprintf(line, sizeof line, "%s <in >out", command);
	folder_run(&folder, line);
	return folder_file(&folder, arena, "out");
}

/* A squashfs with one file, PATH, made with the given options. */
static inline struct span make_squashfs(struct arena *arena, const char *path, struct span content,
					const char *options)
{
	_cleanup_folder_ struct folder folder = folder_make();
	char line[512];

	folder_write(&folder, "content", content);
	snprintf(line, sizeof line,
		 "mkdir -p root/$(dirname %s) && mv content root/%s && mksquashfs root out -nopad "
		 "%s",
		 path, path, options);
	folder_run(&folder, line);
	return folder_file(&folder, arena, "out");
}

static inline void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		COMPLAIN("no \"%s\" in \"%s\"", part, text);
}

/* Cuts BYTES at every power of two, and before the last byte: the result must be an error or no
 * kernel, without a crash. */
static inline void assert_no_kernel_when_cut(struct span bytes)
{
	for (size_t size = 1; size < bytes.size;
	     size = size * 2 < bytes.size || size == bytes.size - 1 ? size * 2 : bytes.size - 1) {
		_cleanup_seen_ struct seen seen = look_into(span_head(bytes, size));

		if (seen.kernels)
			COMPLAIN("a kernel in the first %zu of %zu bytes: %s", size, bytes.size,
				 seen.layout);
	}
}

static inline void assert_survives_flips(struct span bytes, unsigned rounds)
{
	uint32_t state = 99;

	for (unsigned i = 0; i < rounds; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span copy = arena_copy(&arena, bytes);

		for (unsigned flips = 1 + next_random(&state) % 8; flips > 0; flips--)
			((uint8_t *)
				 copy.data)[next_random(&state) % (flips % 2 ? copy.size : 1024)] ^=
				(uint8_t)(1 << next_random(&state) % 8);

		_cleanup_seen_ struct seen seen = look_into(copy);
		assert_true(seen.ok || seen.error.text[0]);
	}
}

#endif

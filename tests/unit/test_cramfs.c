/* SPDX-License-Identifier: ISC */
/* Tests the reader of cramfs: what mkfs.cramfs packs is what it hands on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "unpack/reader.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "base/digest.h"
#include "unit/containers.h"

enum { HEAD = 0x4c, CRC = 0x20, ROOT = 0x40 };

static struct error error;

/* Files of the sizes at which the number of their blocks changes, holes, links, and a
 * directory with many names. */
static int tree_setup(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	sh("mkdir -p t/lib/modules/2.6.30 t/many t/empty; seq 1 200000 > all; cd "
	   "t/lib/modules/2.6.30;"
	   "for n in 0 1 4095 4096 4097 8191 8192 8193 65536 65537 300000 786433; do head -c $n "
	   "../../../../all > f$n; done; ln -s ../../x link; ln -s $(printf %%0255d 7) long;"
	   "truncate -s 1M holes; echo end >> holes; truncate -s 50000 hole; head -c 9000 "
	   "/dev/urandom > random;"
	   "cd ../../../many; seq 1 400 | sed 's/^/a-long-name-of-a-file-in-a-directory-/' | "
	   "xargs touch");
	return 0;
}

static void all_kinds_of_mkfs(void **state)
{
	static const char *const options[] = {
		"-N little",	      "-N big",
		"-N little -z",	      "-N big -z",
		"-N little -b 8192",  "-N big -b 65536 -z",
		"-N little -b 16384", "-p -N little",
		"-p -N big -z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		sh("PATH=$PATH:/usr/sbin:/sbin; mkfs.cramfs %s t image >/dev/null", options[i]);
		assert_same_as("t", "image", options[i]);
	}
}

static struct span image_make(struct arena *arena, const char *options)
{
	sh("PATH=$PATH:/usr/sbin:/sbin; mkdir -p s/d; seq 1 3000 > s/d/a; echo x > s/b; ln -sf b "
	   "s/l; mkfs.cramfs %s s small >/dev/null",
	   options);
	return arena_copy(arena, slurp(arena, "small"));
}

/* Writes the crc32 that belongs to the other bytes of a little-endian image. */
static void crc_write(struct span image)
{
	uint8_t *bytes = (uint8_t *)(uintptr_t)image.data;
	uint32_t crc;

	memset(bytes + CRC, 0, 4);
	crc = crc32_of(0, image);
	for (unsigned i = 0; i < 4; i++)
		bytes[CRC + i] = (uint8_t)(crc >> 8 * i);
}

static void number_write(struct span image, size_t at, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		((uint8_t *)(uintptr_t)image.data)[at + i] = (uint8_t)(number >> 8 * i);
}

static void assert_refused(struct span image, const char *why)
{
	_cleanup_seen_ struct seen seen = {0};

	assert_false(look_bytes(&seen, image, &error));
	if (!strstr(error.text, why) || !strstr(error.text, "cramfs at 0x0"))
		fail_msg("'%s' does not say '%s'", error.text, why);
}

static void cut_anywhere(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = image_make(&arena, "-N little");

	(void)state;
	for (size_t size = HEAD; size < image.size; size += 1 + size / 9)
		assert_refused(span_head(image, size), "truncated");
	assert_refused(span_head(image, 0x30), "truncated inside of its header");
}

static void every_bit_counts(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = image_make(&arena, "-N little");
	uint8_t *bytes = (uint8_t *)(uintptr_t)image.data;

	(void)state;
	for (size_t at = 0x30; at < image.size; at += 97) {
		bytes[at] ^= 4;
		assert_refused(image, "crc32 differs");
		bytes[at] ^= 4;
	}
	assert_same_as("s", "small", "unchanged");
}

/* With a crc32 that is right, as an attacker writes it. */
static void lies(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	static const struct {
		size_t at;
		uint32_t number;
		const char *why;
	} lies[] = {
		{8, 0x801, "flags 0x801 are not supported"},
		{ROOT, 0x81a4, "the root is not a directory"},
		{ROOT + 4, 0xffffff, "directory at 0x4c is behind the end"},
		{ROOT + 8, 0xffffffc0, "is behind the end"},
		{ROOT + 4, 13, "is damaged"},
		/* the first entry, the name of which has no bytes */
		{HEAD + 8, 0, "invalid name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct span image = image_make(&arena, "-N little");

		number_write(image, lies[i].at, lies[i].number);
		crc_write(image);
		assert_refused(image, lies[i].why);
	}
}

/* The directory d has the contents of the root, and so itself. */
static void directory_in_itself(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = image_make(&arena, "-N little");
	size_t entry = span_find(image, HEAD, SPAN_OF("d\0\0\0")) - 12;

	(void)state;
	number_write(image, entry + 4, 3 * 16);
	number_write(image, entry + 8, HEAD / 4 << 6 | 1);
	crc_write(image);
	assert_refused(image, "more than 1048576 names");
}

static void damaged_blocks(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = image_make(&arena, "-N little");
	size_t block = span_find(image, HEAD, SPAN_OF("\x78\xda"));
	uint8_t *bytes = (uint8_t *)(uintptr_t)image.data;

	(void)state;
	if (block == SIZE_MAX)
		block = span_find(image, HEAD, SPAN_OF("\x78\x9c"));
	assert_true(block < image.size);
	bytes[block] = 0x5d;
	crc_write(image);
	assert_refused(image, "is not zlib");
	bytes[block] = 0x78;
	bytes[block + 2] = 0xff;
	crc_write(image);
	assert_refused(image, "block at 0x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds_of_mkfs), cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(every_bit_counts),  cmocka_unit_test(lies),
		cmocka_unit_test(damaged_blocks),    cmocka_unit_test(directory_in_itself),
	};

	return cmocka_run_group_tests_name("cramfs", tests, tree_setup, scratch_remove);
}

/* SPDX-License-Identifier: ISC */
/* Tests the reading of TP-Link images of every header version, with wrong sizes, a boot
 * partition in front, and damage. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/firmware.h"

struct made {
	struct span image, kernel, root;
	size_t root_at;
};

/* Header, kernel, GAP bytes, root file system; the header states ROOT_HINT as its offset. */
static struct made make(struct arena *arena, unsigned version, size_t gap, uint32_t root_hint)
{
	struct made made = {.kernel = make_kernel(arena, 300000)};
	struct span stream =
		filtered(arena, "xz --format=lzma --lzma1=lc=1,lp=2,pb=2", made.kernel);
	struct span header = filled(arena, 512, version == 3 ? 0xff : 0);
	uint8_t *at = (uint8_t *)header.data;
	const uint32_t fields[] = {0x3c0000, 512, (uint32_t)stream.size, root_hint, 0x2c0000};

	made.root =
		make_squashfs(arena, "lib/modules/5.15.137/x.ko", SPAN_OF("module"), "-comp xz");
	made.root_at = 512 + stream.size + gap;
	put(at, 4, ENDIAN_BIG, (uint64_t)version << 24);
	memcpy(at + 4, version == 1 ? "OpenWrt\0" : "ver. 2.0", 9);
	put(at + (version == 1 ? 0x40 : 0x34), 4, ENDIAN_BIG, 0x07030101);
	for (unsigned i = 0; i < 5; i++)
		put(at + (version == 1 ? 0x7c : 0x70) + i * 4, 4, ENDIAN_BIG, fields[i]);
	made.image = join(arena, join(arena, join(arena, header, stream), filled(arena, gap, 0)),
			  made.root);
	return made;
}

static void versions(void **state)
{
	(void)state;
	for (unsigned version = 1; version <= 3; version++) {
		_cleanup_arena_ struct arena arena = {0};
		struct made made = make(&arena, version, version - 1, 0x100000);
		_cleanup_seen_ struct seen seen = look_into(made.image);

		if (!seen.ok)
			COMPLAIN("%s", seen.error.text);
		assert_int_equal(seen.kernels, 1);
		assert_true(span_equal(seen.kernel, made.kernel));
		assert_string_equal(seen.witness, "fw: kernel at 0x200: lzma");
		assert_has(seen.paths, "lib/modules/5.15.137/x.ko;");
		assert_has(seen.layout,
			   arena_format(&arena,
					"0x0+512 tp-link-v%u [device 0x07030101, root file system "
					"at 0x%zx, although the header states 0x100000];0x200+",
					version, made.root_at));
		assert_has(seen.layout, arena_format(&arena, ";0x%zx+%zu squashfs", made.root_at,
						     made.root.size));
	}
}

static void header_that_is_right(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct made made = make(&arena, 1, 0, 0);

	(void)state;
	put((uint8_t *)made.image.data + 0x88, 4, ENDIAN_BIG, made.root_at);
	_cleanup_seen_ struct seen seen = look_into(made.image);
	assert_true(seen.ok);
	assert_null(strstr(seen.layout, "although the header states"));
}

static void no_header(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	static const struct {
		size_t at;
		unsigned bytes;
		uint64_t value;
	} wrong[] = {{0, 4, 0x04000000}, {0, 4, 0x01000001}, {4, 4, 0},
		     {0x80, 4, 0x10},	 {0x84, 4, 0},	     {0x80, 4, 0x7fffffff}};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct made made = make(&arena, 1, 0, 0);

		put((uint8_t *)made.image.data + wrong[i].at, wrong[i].bytes, ENDIAN_BIG,
		    wrong[i].value);
		_cleanup_seen_ struct seen seen = look_into(made.image);
		assert_null(strstr(seen.layout, "tp-link"));
		/* the scan finds the parts all the same, and reports that it was a scan */
		assert_true(seen.ok);
		assert_int_equal(seen.kernels, 1);
		assert_has(seen.layout, " scan [");
	}
}

static void lying_sizes(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct made made = make(&arena, 1, 0, 0);

	(void)state;
	put((uint8_t *)made.image.data + 0x84, 4, ENDIAN_BIG, made.image.size);
	_cleanup_seen_ struct seen too_large = look_into(made.image);
	assert_false(too_large.ok);
	assert_has(too_large.error.text, "fw: tp-link-v1: truncated: its kernel has");

	put((uint8_t *)made.image.data + 0x84, 4, ENDIAN_BIG, 5000);
	_cleanup_seen_ struct seen too_small = look_into(made.image);
	assert_false(too_small.ok);
	assert_int_equal(too_small.kernels, 0);
	assert_has(too_small.error.text,
		   "kernel at 0x200: lzma: the stream ends early after 5000 bytes");
}

/* The outer header describes the boot loader; its kernel offset is relative to the second
 * header. */
static void boot_partition_in_front(void **state)
{
	(void)state;
	for (unsigned version = 1; version <= 3; version++) {
		_cleanup_arena_ struct arena arena = {0};
		struct made made = make(&arena, version, 0, 0x100000);
		struct span outer = arena_copy(&arena, span_head(made.image, 512)), image;

		put((uint8_t *)outer.data + (version == 1 ? 0x94 : 0x88), 4, ENDIAN_BIG, 60000);
		image = join(&arena, outer, random_bytes(&arena, 0x20000, 8));
		image = join(&arena, image, made.image);
		_cleanup_seen_ struct seen seen = look_into(image);
		if (!seen.ok)
			COMPLAIN("%s", seen.error.text);
		assert_int_equal(seen.kernels, 1);
		assert_true(span_equal(seen.kernel, made.kernel));
		assert_string_equal(seen.witness, "fw: kernel at 0x20400: lzma");
		assert_has(seen.paths, "lib/modules/5.15.137/x.ko;");
		assert_has(seen.layout, "boot loader first, second header at 0x20200");
		assert_survives_flips(image, 20);

		/* without the second header the offset of the kernel is unknown, so it is
		 * searched */
		put((uint8_t *)image.data + 0x20200, 4, ENDIAN_BIG, 0);
		_cleanup_seen_ struct seen scanned = look_into(image);
		assert_int_equal(scanned.kernels, 1);
		assert_has(scanned.paths, "lib/modules/5.15.137/x.ko;");
	}
}

static void hostile(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct made made = make(&arena, 1, 3, 0);
	struct span kernel_only = span_head(made.image, made.root_at - 3);

	(void)state;
	assert_no_kernel_when_cut(kernel_only);
	assert_survives_flips(made.image, 60);
	_cleanup_seen_ struct seen cut = look_into(span_head(made.image, made.image.size - 1));
	assert_false(cut.ok);
	assert_has(cut.error.text, "truncated: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
		cmocka_unit_test(header_that_is_right),
		cmocka_unit_test(no_header),
		cmocka_unit_test(lying_sizes),
		cmocka_unit_test(boot_partition_in_front),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

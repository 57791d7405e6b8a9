/* SPDX-License-Identifier: ISC */
/* Tests the reading of uImages made by mkimage: compressions, multi images, vendor magics,
 * checksums, root file systems behind. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/firmware.h"

/* mkimage over PARTS (several make a multi image), written by NAMES. */
static struct span mkimage(struct arena *arena, const char *options, const struct span *parts,
			   unsigned count)
{
	_cleanup_folder_ struct folder folder = folder_make();
	char line[512], list[64] = "", name[16];

	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof name, "p%u", i);
		folder_write(&folder, name, parts[i]);
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ":" : "",
			 name);
	}
	snprintf(line, sizeof line, "mkimage -O linux %s -a 0x80060000 -e 0x80060000 -d %s out",
		 options, list);
	folder_run(&folder, line);
	return folder_file(&folder, arena, "out");
}

static struct span simple(struct arena *arena)
{
	struct span part = filtered(arena, "xz --format=lzma", make_kernel(arena, 400000));

	return mkimage(arena, "-A mips -T kernel -C lzma -n 'MIPS OpenWrt Linux-5.15.137'", &part,
		       1);
}

static void fix_header(struct span image)
{
	uint8_t *header = (uint8_t *)image.data;

	put(header + 4, 4, ENDIAN_BIG, 0);
	put(header + 4, 4, ENDIAN_BIG, crc32_of(0, span_head(image, 64)));
}

static void every_compression(void **state)
{
	static const struct {
		const char *filter, *options, *architecture;
	} cases[] = {
		{"cat", "-C none -A arm", "arm"},
		{"gzip", "-C gzip -A arm64", "aarch64"},
		{"bzip2", "-C bzip2 -A ppc", "powerpc"},
		{"xz --format=lzma", "-C lzma -A mips", "mips"},
		{"lzop", "-C lzo -A x86_64", "x86_64"},
		{"lz4 -l", "-C lz4 -A arc", "arc"},
		{"zstd -q", "-C zstd -A riscv", "riscv"},
		{"xz --check=crc32", "-C none -A x86", "i386"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span kernel = make_kernel(&arena, 300000),
			    part = filtered(&arena, cases[i].filter, kernel);
		char options[128];

		snprintf(options, sizeof options, "%s -T kernel -n 'A kernel'", cases[i].options);

		_cleanup_seen_ struct seen seen = look_into(mkimage(&arena, options, &part, 1));
		if (!seen.ok)
			COMPLAIN("%s: %s", cases[i].filter, seen.error.text);
		assert_int_equal(seen.kernels, 1);
		assert_true(span_equal(seen.kernel, kernel));
		assert_string_equal(seen.label, "A kernel");
		assert_string_equal(seen.architecture, cases[i].architecture);
	}
}

static void layout_and_witness(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = simple(&arena);
	_cleanup_seen_ struct seen seen = look_into(image);

	(void)state;
	assert_true(seen.ok);
	assert_string_equal(seen.witness, "fw: uimage at 0x0: lzma");
	assert_string_equal(seen.layout,
			    arena_format(&arena,
					 "0x0+%zu uimage [kernel, compression lzma, \"MIPS OpenWrt "
					 "Linux-5.15.137\"];0x0+%zu kernel [lzma];",
					 image.size, image.size - 64));
}

static void vendor_magic(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = simple(&arena);

	(void)state;
	put((uint8_t *)image.data, 4, ENDIAN_BIG, 0x33373031);
	_cleanup_seen_ struct seen wrong = look_into(image);
	assert_null(strstr(wrong.layout, "uimage"));
	fix_header(image);
	_cleanup_seen_ struct seen seen = look_into(image);
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_has(seen.layout, "magic 0x33373031");
}

static void data_that_differs(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = simple(&arena);

	(void)state;
	put((uint8_t *)image.data + 24, 4, ENDIAN_BIG, 0x12345678);
	fix_header(image);
	_cleanup_seen_ struct seen harmless = look_into(image);
	assert_true(harmless.ok);
	assert_int_equal(harmless.kernels, 1);
	assert_has(harmless.layout, "data crc differs");

	memset((uint8_t *)image.data + 64 + 5000, 0x55, 64);
	_cleanup_seen_ struct seen broken = look_into(image);
	assert_false(broken.ok);
	assert_int_equal(broken.kernels, 0);
	assert_has(broken.error.text, "fw: uimage at 0x0: data crc is 0x");
	assert_has(broken.error.text, "but the header states 0x12345678: lzma: ");
}

static void multi(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span parts[] = {
		filtered(&arena, "xz --format=lzma", make_kernel(&arena, 300001)),
		make_squashfs(&arena, "lib/modules/5.15.137/x.ko", SPAN_OF("module"), "-comp xz"),
	};
	struct span image = mkimage(&arena, "-A mips -T multi -C lzma -n two", parts, 2);
	_cleanup_seen_ struct seen seen = look_into(image);

	(void)state;
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_has(seen.layout, "uimage [multi, compression lzma, \"two\"]");
	assert_has(seen.layout, " squashfs [");
	assert_has(seen.paths, "lib/modules/5.15.137/x.ko;");

	/* a part that claims to be larger than the data */
	put((uint8_t *)image.data + 64 + 4, 4, ENDIAN_BIG, 0x7fffffff);
	_cleanup_seen_ struct seen lying = look_into(image);
	assert_false(lying.ok);
	assert_has(lying.error.text, "part 1: truncated");
}

static void ramdisk_is_opened(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span root =
		filtered(&arena, "sh -c 'mkdir etc; echo x >etc/openwrt_release; tar c etc | gzip'",
			 SPAN_OF("x"));
	_cleanup_seen_ struct seen seen =
		look_into(mkimage(&arena, "-A arm -T ramdisk -C gzip -n root", &root, 1));

	(void)state;
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 0);
	assert_has(seen.paths, "etc/openwrt_release;");
}

/* Directly after it, at an erase block, at an odd offset, and within the stated size. */
static void root_file_system_behind(void **state)
{
	static const size_t gaps[] = {0, 65536, 777};
	_cleanup_arena_ struct arena arena = {0};
	struct span image = simple(&arena),
		    root = make_squashfs(&arena, "etc/banner", SPAN_OF("hello"), "-comp gzip");
	struct span pair[] = {span_skip(image, 64), root};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		size_t at = i == 1 ? (image.size + 65535) / 65536 * 65536 : image.size + gaps[i];
		struct span gap = filled(&arena, at - image.size, i == 2 ? 0 : 0xff);
		_cleanup_seen_ struct seen seen =
			look_into(join(&arena, join(&arena, image, gap), root));

		assert_true(seen.ok);
		assert_int_equal(seen.kernels, 1);
		assert_has(seen.layout, arena_format(&arena, ";0x%zx+%zu squashfs", at, root.size));
		assert_has(seen.paths, "etc/banner;");
	}

	struct span both = join(&arena, pair[0], pair[1]);
	_cleanup_seen_ struct seen seen =
		look_into(mkimage(&arena, "-A mips -T kernel -C lzma -n both", &both, 1));
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_has(seen.layout, arena_format(&arena, ";0x%zx+%zu squashfs", image.size, root.size));
}

static void root_cut_short(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span root =
		make_squashfs(&arena, "etc/x", random_bytes(&arena, 50000, 1), "-comp gzip");
	struct span image = join(&arena, simple(&arena), span_head(root, root.size - 1));
	_cleanup_seen_ struct seen seen = look_into(image);

	(void)state;
	assert_false(seen.ok);
	assert_has(seen.error.text, "squashfs at 0x");
	assert_has(seen.error.text, "truncated: ");
}

static void kernel_type_without_kernel(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span part = random_bytes(&arena, 100000, 2);
	_cleanup_seen_ struct seen seen =
		look_into(mkimage(&arena, "-A mips -T kernel -C none -n none", &part, 1));

	(void)state;
	assert_false(seen.ok);
	assert_int_equal(seen.kernels, 0);
	assert_has(seen.error.text, "no kernel");
}

static void hostile(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = simple(&arena);

	(void)state;
	assert_no_kernel_when_cut(image);
	assert_survives_flips(image, 60);
	for (unsigned at = 8; at < 64; at++) {
		_cleanup_arena_ struct arena round = {0};
		struct span copy = arena_copy(&round, image);

		((uint8_t *)copy.data)[at] = 0xff;
		fix_header(copy);
		_cleanup_seen_ struct seen seen = look_into(copy);
		assert_true(seen.ok || seen.error.text[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_compression),
		cmocka_unit_test(layout_and_witness),
		cmocka_unit_test(vendor_magic),
		cmocka_unit_test(data_that_differs),
		cmocka_unit_test(multi),
		cmocka_unit_test(ramdisk_is_opened),
		cmocka_unit_test(root_file_system_behind),
		cmocka_unit_test(root_cut_short),
		cmocka_unit_test(kernel_type_without_kernel),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

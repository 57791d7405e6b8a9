/* SPDX-License-Identifier: ISC */
/* Tests the firmware scan: trailers, raw kernels, compressed images, UBI behind a boot loader,
 * and that text and modules are no firmware. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/firmware.h"

/* Appends {payload, "FWx0", crc, type, size} to IMAGE; the crc has no final inversion. */
static struct span with_trailer(struct arena *arena, struct span image, unsigned type,
				const char *payload)
{
	struct span before = join(arena, image, filled(arena, type == 1 ? 8 : 0, 0));
	uint8_t trailer[16] = "FWx0";

	before = join(arena, before, span_text(payload));
	put(trailer + 4, 4, ENDIAN_BIG, (uint32_t)~crc32_of(0, before));
	trailer[8] = (uint8_t)type;
	put(trailer + 12, 4, ENDIAN_BIG, before.size - image.size + 16);
	return join(arena, before, span_from(trailer, 16));
}

static struct span firmware(struct arena *arena)
{
	struct span kernel = filtered(arena, "gzip", make_kernel(arena, 200000));
	struct span root = make_squashfs(arena, "etc/banner", SPAN_OF("hello"), "-comp xz");

	return join(arena, join(arena, random_bytes(arena, 20001, 4), kernel), root);
}

#define METADATA                                                                         \
	"{ \"metadata_version\": \"1.0\", \"supported_devices\":[\"a,b\",\"c\\\"d\"], "  \
	"\"version\": { \"dist\": "                                                      \
	"\"OpenWrt\", \"version\": \"19.07.10\", \"revision\": \"r11427\", \"target\": " \
	"\"ramips/mt76x8\" } }"

static void trailers(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = firmware(&arena), once = with_trailer(&arena, image, 1, METADATA);
	struct span twice = with_trailer(&arena, once, 0, "a signature");
	_cleanup_seen_ struct seen seen = look_into(twice);

	(void)state;
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_has(seen.paths, "etc/banner;");
	assert_has(seen.layout,
		   arena_format(&arena,
				";0x%zx+%zu fwtool-metadata [for a,b, c\\\"d: OpenWrt 19.07.10 "
				"r11427 ramips/mt76x8];0x%zx+%zu fwtool-signature [];",
				image.size, once.size - image.size, once.size,
				twice.size - once.size));
}

static void trailer_whose_crc_differs(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = with_trailer(&arena, firmware(&arena), 1, METADATA);

	(void)state;
	((uint8_t *)image.data)[10] ^= 1;
	_cleanup_seen_ struct seen seen = look_into(image);
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_has(seen.layout, "fwtool-metadata [crc differs, for a,b");
}

static void hostile_trailers(void **state)
{
	static const char *const payloads[] = {
		"",
		"{",
		"\"supported_devices\"",
		"\"supported_devices\": [",
		"\"supported_devices\": [\"",
		"\"supported_devices\": []",
		"\"supported_devices\": [\"\\",
		"\"dist\": \"\\\"",
		"\"dist\":",
	};
	_cleanup_arena_ struct arena arena = {0};
	struct span image = firmware(&arena), many = image;

	(void)state;
	for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++) {
		_cleanup_seen_ struct seen seen =
			look_into(with_trailer(&arena, image, 1, payloads[i]));
		assert_true(seen.ok);
		assert_int_equal(seen.kernels, 1);
	}
	for (unsigned i = 0; i < 100; i++)
		many = with_trailer(&arena, many, i % 2, "x");
	_cleanup_seen_ struct seen seen = look_into(many);
	assert_true(seen.ok || seen.error.text[0]);

	struct span lying = with_trailer(&arena, image, 1, METADATA);
	for (unsigned i = 0; i < 4; i++) {
		static const uint64_t sizes[] = {0, 15, 16, 0xffffffff};

		put((uint8_t *)lying.data + lying.size - 4, 4, ENDIAN_BIG, sizes[i]);
		_cleanup_seen_ struct seen other = look_into(lying);
		assert_true(other.ok || other.error.text[0]);
	}
}

static void scan(void **state)
{
	static const char *const filters[] = {"gzip",	 "xz --check=crc32", "xz --format=lzma",
					      "zstd -q", "lz4 -q -l",	     "bzip2",
					      "lzop"};

	(void)state;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span kernel = make_kernel(&arena, 300000),
			    stream = filtered(&arena, filters[i], kernel);
		struct span root =
			make_squashfs(&arena, "etc/banner", SPAN_OF("hello"), "-comp zstd");
		struct span front = random_bytes(&arena, 12345, 8),
			    gap = filled(&arena, 30000, 0xff);
		struct span image =
			join(&arena, join(&arena, front, stream), join(&arena, gap, root));
		_cleanup_seen_ struct seen seen = look_into(image);

		if (!seen.ok)
			COMPLAIN("%s: %s", filters[i], seen.error.text);
		assert_int_equal(seen.kernels, 1);
		assert_true(span_equal(seen.kernel, kernel));
		assert_has(seen.witness, "fw: kernel at 0x3039: ");
		assert_has(seen.layout, " scan [");
		assert_has(seen.paths, "etc/banner;");

		/* a truncated stream is never a kernel, even if most of it can be decoded */
		_cleanup_seen_ struct seen broken =
			look_into(span_head(image, front.size + stream.size - 100));
		assert_false(broken.ok);
		assert_int_equal(broken.kernels, 0);
		assert_has(broken.error.text, "a possible kernel at 0x3039: ");
	}
}

static void ubi_behind_a_boot_loader(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_folder_ struct folder folder = folder_make();
	struct span root = make_squashfs(&arena, "etc/banner", SPAN_OF("hello"), "-comp xz");

	(void)state;
	folder_write(&folder, "root", root);
	folder_write(&folder, "ini",
		     SPAN_OF("[r]\nmode=ubi\nvol_id=0\nvol_type=dynamic\nvol_name=rootfs\nvol_size="
			     "1MiB\n"
			     "image=root\n"));
	folder_run(&folder, "ubinize -p 128KiB -m 2048 -o out ini");

	struct span image =
		join(&arena, random_bytes(&arena, 131072, 6), folder_file(&folder, &arena, "out"));
	_cleanup_seen_ struct seen seen = look_into(image);
	assert_true(seen.ok);
	assert_has(seen.layout, ";0x20000+");
	assert_has(seen.paths, "etc/banner;");
}

static void more_uimages_than_anybody_needs(void **state)
{
	uint8_t header[68] = {0x27, 0x05, 0x19, 0x56};
	_cleanup_arena_ struct arena arena = {0};
	struct span all = span_head(SPAN_OF(""), 0);

	(void)state;
	header[15] = 4;
	header[30] = 5;
	put(header + 4, 4, ENDIAN_BIG, crc32_of(0, span_from(header, 64)));
	for (unsigned i = 0; i < 100; i++)
		all = join(&arena, all, span_from(header, sizeof header));
	_cleanup_seen_ struct seen seen = look_into(all);
	assert_false(seen.ok);
	assert_has(seen.error.text, "more than 64 uimages");
}

static void raw_kernel(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000),
		    root = make_squashfs(&arena, "etc/banner", SPAN_OF("x"), "-comp xz");
	_cleanup_seen_ struct seen seen = look_into(join(&arena, kernel, root));

	(void)state;
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_true(span_equal(seen.kernel, kernel));
	assert_has(seen.paths, "etc/banner;");
}

/* An uncompressed kernel in a file of the root file system is not the image's kernel. */
static void nothing_is_looked_for_in_what_is_known(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span inside = filtered(&arena, "gzip", make_kernel(&arena, 200000));
	struct span root = make_squashfs(&arena, "data/kernel.gz", inside, "-noI -noD -noF");
	_cleanup_seen_ struct seen seen =
		look_into(join(&arena, random_bytes(&arena, 16384, 9), root));

	(void)state;
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 0);
	assert_has(seen.paths, "data/kernel.gz;");
}

static void nothing_there(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen noise = look_into(random_bytes(&arena, 1 << 20, 21));
	_cleanup_seen_ struct seen zeros = look_into(filled(&arena, 1 << 20, 0));

	(void)state;
	assert_false(noise.ok);
	assert_has(noise.error.text, "no squashfs found anywhere in 1048576 bytes");
	assert_has(noise.error.text, "look encrypted or obfuscated: 7.99 bits of entropy per byte");
	assert_false(zeros.ok);
	assert_null(strstr(zeros.error.text, "encrypted"));
}

/* Text and modules are entries, not firmware. */
static void no_firmware(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span text = filled(&arena, 100000, '#'), module = filled(&arena, 100000, 0);

	(void)state;
	memcpy((uint8_t *)module.data, "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\1", 17);
	_cleanup_seen_ struct seen a = look_into(text);
	_cleanup_seen_ struct seen b = look_into(module);
	assert_true(a.ok && b.ok);
	assert_string_equal(a.paths, "fw;");
	assert_string_equal(b.paths, "fw;");
}

static void entropy(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	uint8_t *half = arena_raw(&arena, 65536);

	(void)state;
	for (size_t i = 0; i < 65536; i++)
		half[i] = i & 15;
	assert_int_equal(entropy_of(span_from(half, 65536)), 400);
	for (size_t i = 0; i < 65536; i++)
		half[i] = (uint8_t)i;
	assert_int_equal(entropy_of(span_from(half, 65536)), 800);
	assert_int_equal(entropy_of(filled(&arena, 65536, 7)), 0);
	assert_int_equal(entropy_of(span_from(half, 0)), 0);
	assert_true(entropy_of(random_bytes(&arena, 3 << 20, 1)) >= 799);
}

static void compressed_image(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = firmware(&arena), zipped = filtered(&arena, "gzip", image);
	struct span members = join(&arena, filtered(&arena, "xz", span_head(image, 100000)),
				   filtered(&arena, "xz", span_skip(image, 100000)));
	_cleanup_seen_ struct seen seen = look_into(with_trailer(&arena, zipped, 1, METADATA));
	_cleanup_seen_ struct seen two = look_into(members);
	_cleanup_seen_ struct seen text =
		look_into(filtered(&arena, "gzip", SPAN_OF("only text\n")));
	_cleanup_seen_ struct seen cut = look_into(span_head(zipped, zipped.size / 2));

	(void)state;
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_has(seen.layout, "gzip [];0x0+");
	assert_true(two.ok);
	assert_int_equal(two.kernels, 1);
	assert_true(text.ok);
	assert_string_equal(text.paths, "fw;");
	assert_false(cut.ok);
	assert_has(cut.error.text, "gzip: the stream ends early after");
}

static void hostile(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span image = with_trailer(&arena, firmware(&arena), 1, METADATA);

	(void)state;
	assert_survives_flips(image, 60);
	for (size_t size = 1; size < image.size; size *= 2) {
		_cleanup_seen_ struct seen seen = look_into(span_head(image, size));
		assert_int_equal(seen.ok && seen.kernels == 0 && size >= 32768, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trailers),
		cmocka_unit_test(trailer_whose_crc_differs),
		cmocka_unit_test(hostile_trailers),
		cmocka_unit_test(scan),
		cmocka_unit_test(raw_kernel),
		cmocka_unit_test(ubi_behind_a_boot_loader),
		cmocka_unit_test(more_uimages_than_anybody_needs),
		cmocka_unit_test(nothing_is_looked_for_in_what_is_known),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(no_firmware),
		cmocka_unit_test(entropy),
		cmocka_unit_test(compressed_image),
		cmocka_unit_test(hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

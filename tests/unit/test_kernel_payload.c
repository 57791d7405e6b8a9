/* SPDX-License-Identifier: ISC */
/* Tests that a kernel is found inside bzImage, zImage, EFI zboot, ELF loaders and nested
 * wrappers, and its initramfs opened. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/firmware.h"
#include "unpack/firmware/payload.h"

static void assert_kernel(struct span image, struct span kernel, const char *witness)
{
	_cleanup_seen_ struct seen seen = look_into(image);

	if (!seen.ok)
		COMPLAIN("%s: %s", witness, seen.error.text);
	assert_int_equal(seen.kernels, 1);
	assert_string_equal(seen.witness, witness);
	assert_true(span_equal(seen.kernel, kernel));
}

static struct span bzimage(struct arena *arena, struct span payload, unsigned protocol)
{
	const unsigned setup = 5 * 512, stub = 3000;
	uint8_t *front = (uint8_t *)filled(arena, setup + stub, 0).data;

	front[0x1f1] = 4;
	put(front + 0x1fe, 2, ENDIAN_LITTLE, 0xaa55);
	memcpy(front + 0x202, "HdrS", 4);
	put(front + 0x206, 2, ENDIAN_LITTLE, protocol);
	if (protocol >= 0x208) {
		put(front + 0x248, 4, ENDIAN_LITTLE, stub);
		put(front + 0x24c, 4, ENDIAN_LITTLE, payload.size + 4);
	}
	return join(arena, join(arena, span_from(front, setup + stub), payload),
		    filled(arena, 4, 0x11));
}

static const struct {
	const char *filter, *name;
} streams[] = {
	{"gzip -9", "gzip"},
	{"xz --check=crc32 --x86 --lzma2=dict=1MiB", "xz"},
	{"xz --format=lzma", "lzma"},
	{"zstd -q", "zstd"},
	{"lz4 -q -l", "lz4"},
	{"bzip2", "bzip2"},
	{"lzop", "lzo"},
};

#define STREAMS (sizeof streams / sizeof *streams)

static void x86(void **state)
{
	(void)state;
	for (size_t i = 0; i < STREAMS; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span kernel = make_kernel(&arena, 300000),
			    payload = filtered(&arena, streams[i].filter, kernel);
		struct span image = bzimage(&arena, payload, 0x20f);

		assert_kernel(image, kernel,
			      arena_format(&arena, "fw: bzimage, %s", streams[i].name));
		/* a signature after it */
		assert_kernel(join(&arena, image, filled(&arena, 1000, 7)), kernel,
			      arena_format(&arena, "fw: bzimage, %s", streams[i].name));
		assert_no_kernel_when_cut(image);
	}
}

static void x86_before_payloads_were_told(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000);

	(void)state;
	assert_kernel(bzimage(&arena, filtered(&arena, "gzip", kernel), 0x204), kernel,
		      "fw: bzimage, gzip");
}

static void x86_with_unknown_payload(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen =
		look_into(bzimage(&arena, random_bytes(&arena, 80000, 3), 0x20f));

	(void)state;
	assert_false(seen.ok);
	assert_has(seen.error.text, "bzimage: unknown compression of its payload at 0x15b8");
}

static struct span zimage(struct arena *arena, struct span payload, enum endian endian)
{
	uint8_t *front = (uint8_t *)filled(arena, 0x3000, 0xe1).data;

	put(front + 0x24, 4, endian, 0x016f2818);
	put(front + 0x28, 4, endian, 0);
	put(front + 0x2c, 4, endian, 0x3000 + payload.size + 100);
	return join(arena, join(arena, span_from(front, 0x3000), payload), filled(arena, 100, 0));
}

static void arm(void **state)
{
	(void)state;
	for (size_t i = 0; i < STREAMS; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span kernel = make_kernel(&arena, 300000),
			    payload = filtered(&arena, streams[i].filter, kernel);
		struct span image = zimage(&arena, payload, i % 2 ? ENDIAN_BIG : ENDIAN_LITTLE);

		assert_kernel(image, kernel,
			      arena_format(&arena, "fw: zimage, %s", streams[i].name));
		assert_no_kernel_when_cut(image);
		_cleanup_seen_ struct seen seen = look_into(image);
		assert_string_equal(seen.architecture, "arm");
	}
}

static void arm64(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000);

	(void)state;
	memcpy((uint8_t *)kernel.data + 0x38, "ARM\x64", 4);
	assert_kernel(kernel, kernel, "fw: arm64 image");
	assert_kernel(filtered(&arena, "gzip", kernel), kernel, "fw: gzip: arm64 image");
	_cleanup_seen_ struct seen seen = look_into(kernel);
	assert_string_equal(seen.architecture, "aarch64");
}

static void riscv(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000);

	(void)state;
	memcpy((uint8_t *)kernel.data + 0x30, "RISCV\0\0\0RSC\x05", 12);
	assert_kernel(kernel, kernel, "fw: riscv image");
}

static void efi_zboot(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000),
		    payload = filtered(&arena, "zstd -q", kernel);
	uint8_t *front = (uint8_t *)filled(&arena, 0x1000, 0).data;

	(void)state;
	memcpy(front, "MZ\0\0zimg", 8);
	put(front + 8, 4, ENDIAN_LITTLE, 0x1000);
	put(front + 12, 4, ENDIAN_LITTLE, payload.size);
	struct span image = join(&arena, span_from(front, 0x1000), payload);
	assert_kernel(image, kernel, "fw: efi zboot, zstd");
	assert_no_kernel_when_cut(image);
}

/* An ELF program with one segment that contains CONTENT. */
static struct span elf(struct arena *arena, struct span content, bool big)
{
	uint8_t *front = (uint8_t *)filled(arena, 0x1000, 0).data;
	enum endian endian = big ? ENDIAN_BIG : ENDIAN_LITTLE;

	memcpy(front, "\177ELF\1", 5);
	front[5] = big ? 2 : 1;
	put(front + 16, 2, endian, 2);
	put(front + 28, 4, endian, 52);
	put(front + 42, 2, endian, 32);
	put(front + 44, 2, endian, 1);
	put(front + 52, 4, endian, 1);
	put(front + 56, 4, endian, 0x1000);
	put(front + 68, 4, endian, content.size);
	return join(arena, span_from(front, 0x1000), content);
}

static void mips_elf(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000), vmlinux = elf(&arena, kernel, true);

	(void)state;
	assert_kernel(vmlinux, vmlinux, "fw: elf");
	assert_no_kernel_when_cut(vmlinux);
}

static void mips_loader(void **state)
{
	(void)state;
	for (size_t i = 0; i < STREAMS; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span kernel = make_kernel(&arena, 300000),
			    stub = random_bytes(&arena, 21234, 5);
		struct span code = join(&arena, stub, filtered(&arena, streams[i].filter, kernel));
		struct span zboot = elf(&arena, code, false);

		assert_kernel(zboot, kernel, arena_format(&arena, "fw: elf, %s", streams[i].name));
		assert_no_kernel_when_cut(zboot);
	}
}

static void loader_in_uimage(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_folder_ struct folder folder = folder_make();
	struct span kernel = make_kernel(&arena, 300000), stub = random_bytes(&arena, 5001, 5);

	(void)state;
	folder_write(&folder, "in",
		     join(&arena, stub,
			  filtered(&arena, "xz --format=lzma --lzma1=lc=1,lp=2,pb=2", kernel)));
	folder_run(&folder, "mkimage -A mips -O linux -T kernel -C none -a 0x80000000 -e "
			    "0x80000000 -n x -d in out");
	assert_kernel(folder_file(&folder, &arena, "out"), kernel,
		      "fw: uimage at 0x0: loader, lzma");
}

static void wrapped_twice(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000);
	struct span image = zimage(
		&arena, filtered(&arena, "sh -c 'xz --check=crc32 | gzip'", kernel), ENDIAN_LITTLE);

	(void)state;
	assert_kernel(image, kernel, "fw: zimage, gzip, xz");
}

static void program_without_kernel(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen =
		look_into(elf(&arena, random_bytes(&arena, 100000, 6), false));

	(void)state;
	assert_false(seen.ok);
	assert_int_equal(seen.kernels, 0);
	assert_has(seen.error.text, "contains no Linux kernel");
}

/* A stub with a damaged lz4 stream, in which the banner is readable, is not a kernel. The same
 * bytes with the second line that kernels have are one. */
static void banner_in_the_clear(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span stream = filtered(&arena, "lz4 -q -l", random_bytes(&arena, 90000, 3)),
		    rest = random_bytes(&arena, 9000, 4);
	struct span broken = join(&arena, span_head(stream, stream.size - 5), SPAN_OF(BANNER));

	(void)state;
	put((uint8_t *)broken.data + 4, 4, ENDIAN_LITTLE, 7000000);
	_cleanup_seen_ struct seen seen = look_into(elf(&arena, join(&arena, broken, rest), false));
	assert_false(seen.ok);
	assert_int_equal(seen.kernels, 0);
	assert_has(seen.error.text, "elf: at 0x1000: lz4: the stream ends early");

	struct span sure = join(&arena, broken, SPAN_OF("%s version %s (a@b) (gcc 11) %s\n"));
	struct span vmlinux = elf(&arena, join(&arena, sure, rest), false);
	assert_kernel(vmlinux, vmlinux, "fw: elf");
}

static void banner(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {
		{"xxLinux version 4.14.275 (a@b) #0\n", 2},
		{"Linux version 2.4.37 (a@b)", 0}, /* ends with a NUL */
		{"Linux version %s (%s)\n", SIZE_MAX},
		{"Linux version 4.14\1\2\n", SIZE_MAX},
		{"Linux version ", SIZE_MAX},
		{"Linux version x Linux version 3.2 y\n", 16},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(kernel_banner(span_from(cases[i].text, strlen(cases[i].text) + 1)),
				 cases[i].at);
	assert_int_equal(kernel_banner(SPAN_OF("Linux version 4.14")), SIZE_MAX);
}

/* A kernel that contains ARCHIVE, made by cpio from the FILES that the shell command makes, at
 * an odd offset. */
static struct span with_initramfs(struct arena *arena, const char *files, const char *filter)
{
	_cleanup_folder_ struct folder folder = folder_make();
	struct span kernel = join(arena, make_kernel(arena, 200000),
				  SPAN_OF("%s version %s (a@b) (gcc 11) %s\n"));
	char line[512];

	snprintf(line, sizeof line,
		 "mkdir r && cd r && %s && find . | LC_ALL=C sort | cpio --quiet -o -H newc | %s "
		 ">../out",
		 files, filter);
	folder_run(&folder, line);
	struct span archive = folder_file(&folder, arena, "out");
	struct span front =
		join(arena, kernel,
		     join(arena, SPAN_OF("070701 is looked for here"), filled(arena, 4096, 0)));
	return join(arena, join(arena, front, archive), random_bytes(arena, 50000, 12));
}

#define ROOT_FILES                                                                        \
	"mkdir -p etc lib/modules/5.15.137 dev && echo x >etc/openwrt_release && echo y " \
	">lib/modules/5.15.137/x.ko"

static void initramfs(void **state)
{
	static const char *const filters[] = {
		"cat", "gzip", "xz --check=crc32", "xz --format=lzma", "zstd -q", "lz4 -q -l"};

	(void)state;
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span kernel = with_initramfs(
			&arena, ROOT_FILES " && head -c 300000 /dev/zero >lib/z", filters[i]);
		_cleanup_seen_ struct seen seen = look_into(kernel);

		if (!seen.ok)
			COMPLAIN("%s: %s", filters[i], seen.error.text);
		assert_int_equal(seen.kernels, 1);
		assert_has(seen.paths, "lib/modules/5.15.137/x.ko;");
		assert_has(seen.layout, " cpio [");
	}
}

static void initramfs_that_is_no_root(void **state)
{
	static const char *const filters[] = {"cat", "gzip"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		_cleanup_arena_ struct arena arena = {0};
		_cleanup_seen_ struct seen seen =
			look_into(with_initramfs(&arena, "mkdir dev root", filters[i]));

		assert_true(seen.ok);
		assert_int_equal(seen.kernels, 1);
		assert_int_equal(seen.entries, 0);
		assert_null(strstr(seen.layout, "cpio"));
	}
}

static void initramfs_cut_short(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel =
		with_initramfs(&arena, ROOT_FILES " && head -c 300000 /dev/urandom >lib/z", "gzip");
	_cleanup_seen_ struct seen seen = look_into(span_head(kernel, kernel.size - 150000));

	(void)state;
	assert_false(seen.ok);
	assert_has(seen.error.text, "initramfs: gzip: the stream ends early after");
	assert_survives_flips(kernel, 20);
}

/* At each place of bytes that are longer than the blocks that are searched at once: a
 * stream of lzma whose size is told, one whose size is not, and zstd. */
static void streams_at_each_place(void **state)
{
	enum { SIZE = 96, HEAD = 18 };
	static const uint8_t heads[][HEAD] = {
		{0x5d, 0, 0, 0x80, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4},
		{0x5d, 0, 0, 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4},
		{0x28, 0xb5, 0x2f, 0xfd, 0x84, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		for (size_t at = 0; at + HEAD <= SIZE; at++) {
			uint8_t bytes[SIZE];
			struct span span = span_from(bytes, sizeof bytes);
			enum compression found;
			size_t place;

			memset(bytes, 0x11, sizeof bytes);
			assert_false(payload_next(span, 0, &place, &found));
			memcpy(bytes + at, heads[i], HEAD);
			assert_true(payload_next(span, 0, &place, &found));
			assert_int_equal(place, at);
			assert_int_equal(found, i < 2 ? COMPRESSION_LZMA : COMPRESSION_ZSTD);
			assert_false(payload_next(span, at + 1, &place, &found));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x86),
		cmocka_unit_test(x86_before_payloads_were_told),
		cmocka_unit_test(x86_with_unknown_payload),
		cmocka_unit_test(arm),
		cmocka_unit_test(arm64),
		cmocka_unit_test(riscv),
		cmocka_unit_test(efi_zboot),
		cmocka_unit_test(mips_elf),
		cmocka_unit_test(mips_loader),
		cmocka_unit_test(loader_in_uimage),
		cmocka_unit_test(wrapped_twice),
		cmocka_unit_test(program_without_kernel),
		cmocka_unit_test(banner),
		cmocka_unit_test(banner_in_the_clear),
		cmocka_unit_test(initramfs),
		cmocka_unit_test(initramfs_that_is_no_root),
		cmocka_unit_test(initramfs_cut_short),
		cmocka_unit_test(streams_at_each_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

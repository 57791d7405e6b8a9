/* SPDX-License-Identifier: ISC */
/* Tests where file systems and kernels in flash images end and what is found behind them:
 * JFFS2, squashfs, YAFFS2, bare lzma, NAND dumps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/firmware.h"

#define BLOCK ((size_t)64 << 10)

static struct span padded_with(struct arena *arena, struct span bytes, size_t to, int byte)
{
	return join(arena, bytes, filled(arena, (to - bytes.size % to) % to, byte));
}

static struct span root_of(struct arena *arena)
{
	return padded_with(
		arena,
		make_squashfs(arena, "lib/modules/5.15.137/x.ko", SPAN_OF("module"), "-comp xz"),
		BLOCK, 0);
}

static struct span jffs2_of(struct arena *arena, const char *options)
{
	_cleanup_folder_ struct folder folder = folder_make();

	folder_run(&folder, "mkdir t && printf 'one file' >t/uImage");
	folder_run(&folder,
		   arena_format(arena, "mkfs.jffs2 -r t -o out -e 64KiB -U -q %s", options));
	return folder_file(&folder, arena, "out");
}

static void assert_all_found(struct span image, unsigned kernels)
{
	_cleanup_seen_ struct seen seen = look_into(image);

	if (!seen.ok)
		COMPLAIN("%s", seen.error.text);
	assert_int_equal(seen.kernels, kernels);
	assert_has(seen.paths, "lib/modules/5.15.137/x.ko;");
	assert_string_equal(seen.unread, "");
}

static struct span kernel_of(struct arena *arena)
{
	return padded_with(arena, filtered(arena, "xz --format=lzma", make_kernel(arena, 300000)),
			   BLOCK, 0xff);
}

/* A JFFS2 at the start ends where the next partition begins, whatever that contains. */
static void behind_jffs2(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span root = padded_with(&arena, root_of(&arena), BLOCK, 0xff);

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct span jffs2 = jffs2_of(&arena, i ? "-b -p" : "-l -p");
		struct span rest = join(&arena, kernel_of(&arena), root);

		assert_all_found(join(&arena, jffs2, rest), 1);
		assert_all_found(join(&arena, join(&arena, jffs2, root), kernel_of(&arena)), 1);
		/* another one at the end is another file system */
		assert_all_found(join(&arena, join(&arena, jffs2, rest), jffs2), 1);
		assert_all_found(
			join(&arena, filled(&arena, BLOCK, 0xff), join(&arena, jffs2, rest)), 1);
	}
}

static void damaged_jffs2_beside_a_root(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span jffs2 = jffs2_of(&arena, "-b"), whole;

	(void)state;
	((uint8_t *)jffs2.data)[jffs2.size - 1] ^= 1;
	whole = join(&arena, padded_with(&arena, root_of(&arena), BLOCK, 0xff), jffs2);
	_cleanup_seen_ struct seen seen = look_into(whole);
	assert_true(seen.ok);
	assert_has(seen.paths, "lib/modules/5.15.137/x.ko;");
	assert_has(seen.unread, "fw: jffs2 at 0x10000: ");
	/* alone it is the only one */
	_cleanup_seen_ struct seen alone = look_into(jffs2);
	assert_false(alone.ok);
}

/* On NOR flash the kernel makes the marker of a block obsolete with its first node. */
static void used_jffs2(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span root = padded_with(&arena, root_of(&arena), BLOCK, 0xff);

	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		struct span jffs2 = jffs2_of(&arena, big ? "-b -p" : "-l -p");
		uint8_t *type = (uint8_t *)jffs2.data + (big ? 2 : 3);

		*type &= ~0x20;
		_cleanup_seen_ struct seen alone = look_into(jffs2);
		assert_true(alone.ok);
		assert_has(alone.paths, "uImage;");
		assert_string_equal(alone.unread, "");
		assert_all_found(join(&arena, root, jffs2), 0);
		/* the first name as well: all that the file system had is still opened from its start */
		type[12] &= ~0x20;
		_cleanup_seen_ struct seen first = look_into(join(&arena, root, jffs2));
		assert_true(first.ok);
		assert_has(first.layout, arena_format(&arena, "0x%zx+0 jffs2", root.size));
		/* a marker with nothing behind it is none */
		_cleanup_seen_ struct seen marker = look_into(
			join(&arena, root, padded_with(&arena, span_head(jffs2, 12), BLOCK, 0xff)));
		assert_true(marker.ok);
		assert_null(strstr(marker.layout, "jffs2"));
	}
}

static void behind_squashfs(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span root = padded_with(&arena, root_of(&arena), BLOCK, 0);

	(void)state;
	assert_all_found(join(&arena, root, kernel_of(&arena)), 1);
	_cleanup_seen_ struct seen seen = look_into(join(&arena, root, jffs2_of(&arena, "-l")));
	assert_true(seen.ok);
	assert_has(seen.paths, "uImage;");
}

static void foreign_put(uint8_t *at, const char *magic, bool big)
{
	memcpy(at, magic, 4);
	put(at + 28, 2, big ? ENDIAN_BIG : ENDIAN_LITTLE, 3);
	put(at + 34, 2, big ? ENDIAN_BIG : ENDIAN_LITTLE, 16);
	put(at + 51, 4, big ? ENDIAN_BIG : ENDIAN_LITTLE, 65536);
	put(at + 63, 8, big ? ENDIAN_BIG : ENDIAN_LITTLE, 5000);
}

static void foreign_inside(void **state)
{
	static const char *const magics[] = {"hsqs", "sqsh", "tqsh", "hsqt",
					     "shsq", "qshs", "sqlz"};
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = kernel_of(&arena);

	(void)state;
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
		struct span foreign = filled(&arena, BLOCK, 0);

		foreign_put((uint8_t *)foreign.data, magics[i], i % 2);
		_cleanup_seen_ struct seen seen = look_into(join(&arena, kernel, foreign));
		assert_true(seen.ok);
		assert_int_equal(seen.kernels, 1);
		assert_has(seen.unread,
			   arena_format(&arena, " at 0x%zx: it cannot be read;", kernel.size));
		assert_has(seen.unread, "squashfs");
		/* the magic alone is not a squashfs: every squashfs reader contains it */
		memset((uint8_t *)foreign.data + 4, 0, 80);
		_cleanup_seen_ struct seen words = look_into(join(&arena, kernel, foreign));
		assert_string_equal(words.unread, "");
	}
}

static void f2fs_behind(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span f2fs = filled(&arena, BLOCK, 0);
	uint8_t *super = (uint8_t *)f2fs.data + 0x400;

	(void)state;
	put(super, 4, ENDIAN_LITTLE, 0xf2f52010);
	put(super + 8, 4, ENDIAN_LITTLE, 9);
	put(super + 16, 4, ENDIAN_LITTLE, 12);
	_cleanup_seen_ struct seen seen =
		look_into(join(&arena, padded_with(&arena, root_of(&arena), BLOCK, 0), f2fs));
	assert_true(seen.ok);
	assert_has(seen.unread, "an f2fs file system at 0x10000: it cannot be read;");
}

/* ---- yaffs, see unpack/filesystem/yaffs.c ---- */

static void tags_put(struct arena *arena, struct span *out, enum endian endian, unsigned spare,
		     unsigned at, const uint32_t tags[4])
{
	uint8_t *bytes = (uint8_t *)filled(arena, spare, 0xff).data;

	for (unsigned i = 0; i < 4; i++)
		put(bytes + at + 4 * i, 4, endian, tags[i]);
	*out = join(arena, *out, span_from(bytes, spare));
}

static struct span yaffs_of(struct arena *arena, struct span kernel, enum endian endian,
			    unsigned chunk)
{
	unsigned spare = chunk == 1024 ? 16 : 64, at = chunk == 1024 ? 0 : 2;
	size_t block = chunk == 1024 ? BLOCK : 64ul * (2048 + 64);
	uint8_t *header = (uint8_t *)filled(arena, chunk, 0xff).data;
	struct span out;

	put(header, 4, endian, 1);
	put(header + 4, 4, endian, 1);
	memset(header + 10, 0, 256);
	memcpy(header + 10, "kernel", 6);
	put(header + 0x124, 4, endian, kernel.size);
	out = span_from(header, chunk);
	tags_put(arena, &out, endian, spare, at,
		 (const uint32_t[]){0x1000, 0x10000101, 0xe0000001, 0});
	for (uint32_t number = 1, done = 0; done < kernel.size; number++) {
		struct span piece = span_head(span_skip(kernel, done), chunk);
		uint32_t sequence;

		if (out.size % block + chunk + spare > block)
			out = padded_with(arena, out, block, 0xff);
		sequence = 0x1000 + (uint32_t)(out.size / block);
		done += (uint32_t)piece.size;
		out = join(arena, out, piece);
		out = join(arena, out, filled(arena, chunk - piece.size, 0xff));
		tags_put(arena, &out, endian, spare, at,
			 (const uint32_t[]){sequence, 0x101, number, (uint32_t)piece.size});
	}
	return padded_with(arena, out, block, 0xff);
}

static void yaffs(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct span kernel = filtered(&arena, "gzip", make_kernel(&arena, 300000));
		struct span minor = yaffs_of(&arena, kernel, i % 2 ? ENDIAN_BIG : ENDIAN_LITTLE,
					     i < 2 ? 1024 : 2048);

		assert_all_found(join(&arena, minor, root_of(&arena)), 1);
		assert_all_found(
			join(&arena, padded_with(&arena, root_of(&arena), BLOCK, 0), minor), 1);
		assert_no_kernel_when_cut(span_head(minor, minor.size - BLOCK));
		assert_survives_flips(minor, 30);
		/* a chunk with the number of another one */
		put((uint8_t *)minor.data + (i < 2 ? 3 * 1040 - 8 : 3 * 2112 - 62 + 8), 4,
		    ENDIAN_BIG, 7);
		_cleanup_seen_ struct seen seen = look_into(minor);
		assert_false(seen.ok);
		assert_has(seen.error.text, "fw: yaffs at 0x0: chunk 2 is not at");
	}
}

/* ---- lzma without its header, see unpack/firmware/wrapping_lzma.c ---- */

static struct span cfe_of(struct arena *arena, struct span lzma)
{
	uint8_t *words = (uint8_t *)filled(arena, 12, 0).data;
	struct span stream = span_skip(lzma, 13);

	put(words, 4, ENDIAN_BIG, 0x80010000);
	put(words + 4, 4, ENDIAN_BIG, 0x80010400);
	put(words + 8, 4, ENDIAN_BIG, stream.size + 5);
	return join(arena, span_from(words, 12), join(arena, span_head(lzma, 5), stream));
}

static struct span eva_of(struct arena *arena, struct span lzma, size_t decoded)
{
	uint8_t *head = (uint8_t *)filled(arena, 36, 0).data;
	struct span stream = span_skip(lzma, 13);

	put(head, 4, ENDIAN_LITTLE, 0xfeed1281);
	put(head + 4, 4, ENDIAN_LITTLE, stream.size + 24);
	put(head + 8, 4, ENDIAN_LITTLE, 0x94000000);
	put(head + 12, 4, ENDIAN_LITTLE, 0x075a0201);
	put(head + 16, 4, ENDIAN_LITTLE, stream.size);
	put(head + 20, 4, ENDIAN_LITTLE, decoded);
	put(head + 24, 4, ENDIAN_LITTLE, crc32_of(0, stream));
	memcpy(head + 28, lzma.data, 5);
	return join(arena, join(arena, span_from(head, 36), stream), filled(arena, 12, 0));
}

static void assert_kernel(struct span image, struct span kernel, const char *witness)
{
	_cleanup_seen_ struct seen seen = look_into(image);

	if (!seen.ok)
		COMPLAIN("%s: %s", witness, seen.error.text);
	assert_int_equal(seen.kernels, 1);
	assert_string_equal(seen.witness, witness);
	assert_true(span_equal(span_head(seen.kernel, kernel.size), kernel));
}

static void bare_lzma(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span plain = make_kernel(&arena, 300000),
		    lzma = filtered(&arena, "xz --format=lzma", plain);
	/* without the end marker, which is in the last bytes */
	struct span cfe = cfe_of(&arena, span_head(lzma, lzma.size - 3)),
		    eva = eva_of(&arena, lzma, plain.size);

	(void)state;
	assert_kernel(cfe, plain, "fw: cfe, lzma");
	assert_kernel(join(&arena, filled(&arena, 256, 1), cfe), plain,
		      "fw: kernel at 0x100: cfe, lzma");
	assert_all_found(join(&arena, padded_with(&arena, cfe, BLOCK, 0xff), root_of(&arena)), 1);
	/* the three words twice */
	assert_kernel(join(&arena, span_head(cfe, 12), cfe), plain, "fw: cfe, lzma");
	assert_no_kernel_when_cut(cfe);
	assert_survives_flips(cfe, 50);

	assert_kernel(eva, plain, "fw: eva, lzma");
	assert_all_found(join(&arena, padded_with(&arena, eva, 256, 0), root_of(&arena)), 1);
	assert_no_kernel_when_cut(span_head(eva, eva.size - 12));
	assert_survives_flips(eva, 50);
	((uint8_t *)eva.data)[1000] ^= 1;
	_cleanup_seen_ struct seen seen = look_into(eva);
	assert_false(seen.ok);
	assert_has(seen.error.text, "fw: eva: crc32 of the stream differs");
}

/* ---- kernels without a release in the banner ---- */

static void uts_instead_of_a_banner(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000);
	uint8_t *at = (uint8_t *)kernel.data + kernel.size / 2;

	(void)state;
	memset(at, 0x81, sizeof BANNER);
	_cleanup_seen_ struct seen none = look_into(filtered(&arena, "gzip", kernel));
	assert_int_equal(none.kernels, 0);
	memset(at, 0, 6 * UTS_FIELD);
	memcpy(at, "Linux", 5);
	memcpy(at + UTS_FIELD, "(none)", 6);
	memcpy(at + UTS_RELEASE, "2.6.36", 6);
	memcpy(at + 3 * UTS_FIELD, "#1 SMP Thu", 10);
	_cleanup_seen_ struct seen seen = look_into(filtered(&arena, "gzip", kernel));
	assert_true(seen.ok);
	assert_int_equal(seen.kernels, 1);
	assert_true(span_equal(seen.kernel, kernel));
}

/* ---- dumps of NAND with spare bytes, see unpack/filesystem/nand.c ---- */

static struct span with_spare(struct arena *arena, struct span data, size_t page, size_t spare)
{
	size_t count = data.size / page;
	uint8_t *out = (uint8_t *)filled(arena, count * (page + spare), 0xff).data;
	struct span noise = random_bytes(arena, count * spare, 5);

	for (size_t i = 0; i < count; i++) {
		uint8_t *at = out + i * (page + spare);
		bool used = false;

		memcpy(at, data.data + i * page, page);
		for (size_t j = 0; j < page; j++)
			used |= at[j] != 0xff;
		if (used)
			memcpy(at + page + 2, noise.data + i * spare, spare - 2);
	}
	return span_from(out, count * (page + spare));
}

static void nand_dumps(void **state)
{
	static const size_t forms[][2] = {{512, 16}, {2048, 64}, {2048, 128}, {4096, 224}};
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = filtered(&arena, "gzip -1", make_kernel(&arena, 3000000));
	struct span flash = join(&arena, padded_with(&arena, kernel, BLOCK, 0xff),
				 padded_with(&arena, root_of(&arena), 2 * BLOCK, 0xff));

	(void)state;
	assert_all_found(flash, 1);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct span dump = with_spare(&arena, flash, forms[i][0], forms[i][1]);
		_cleanup_seen_ struct seen seen = look_into(dump);

		if (!seen.ok)
			COMPLAIN("%s", seen.error.text);
		assert_int_equal(seen.kernels, 1);
		assert_has(seen.paths, "lib/modules/5.15.137/x.ko;");
		assert_has(seen.layout,
			   arena_format(&arena,
					"nand-dump [pages of %zu bytes with %zu spare bytes",
					forms[i][0], forms[i][1]));
		assert_no_kernel_when_cut(span_head(dump, 8 * (forms[i][0] + forms[i][1])));
	}
}

/* ---- searches ---- */

/* False headers of lzma, each at its own offset, before the archive in a kernel. */
static struct span false_headers(struct arena *arena, size_t count, const uint8_t *code)
{
	uint8_t *bytes = (uint8_t *)filled(arena, count * 32, 0x21).data;

	for (size_t i = 0; i < count; i++) {
		put(bytes + i * 32, 1, ENDIAN_LITTLE, 0x5d);
		put(bytes + i * 32 + 1, 4, ENDIAN_LITTLE, 0x800000);
		put(bytes + i * 32 + 5, 8, ENDIAN_LITTLE, 0x400000);
		put(bytes + i * 32 + 13, 1, ENDIAN_LITTLE, 0);
		memcpy(bytes + i * 32 + 14, code, 4);
	}
	return span_from(bytes, count * 32);
}

static struct span archive_of(struct arena *arena)
{
	_cleanup_folder_ struct folder folder = folder_make();

	folder_run(
		&folder,
		"mkdir -p lib/modules/5.15.137 && head -c 300000 /dev/zero "
		">lib/modules/5.15.137/x.ko && find lib | cpio -o -H newc | xz --format=lzma >out");
	return folder_file(&folder, arena, "out");
}

static void initramfs_behind_false_headers(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span kernel = make_kernel(&arena, 300000), archive = archive_of(&arena);

	(void)state;
	/* streams that would begin with another byte than an archive does: any number of them */
	for (size_t count = 7; count <= 70000; count *= 10) {
		struct span heads = false_headers(&arena, count, (const uint8_t *)"!!!!");
		struct span whole = join(&arena, kernel, join(&arena, heads, archive));

		assert_all_found(filtered(&arena, "gzip -1", whole), 1);
	}

	/* and with the same first byte: up to the limit of the search */
	struct span few = false_headers(&arena, 1000, archive.data + 14);
	struct span many = false_headers(&arena, 70000, archive.data + 14);
	struct span whole = join(&arena, kernel, join(&arena, few, archive));

	assert_all_found(filtered(&arena, "gzip -1", whole), 1);
	whole = join(&arena, kernel, join(&arena, many, archive));
	_cleanup_seen_ struct seen seen = look_into(filtered(&arena, "gzip -1", whole));
	assert_true(seen.ok);
	assert_has(seen.unread,
		   "fw: gzip: kernel at 0x0: raw: the search for an initramfs stopped at 0x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(behind_jffs2),
		cmocka_unit_test(damaged_jffs2_beside_a_root),
		cmocka_unit_test(used_jffs2),
		cmocka_unit_test(behind_squashfs),
		cmocka_unit_test(foreign_inside),
		cmocka_unit_test(f2fs_behind),
		cmocka_unit_test(yaffs),
		cmocka_unit_test(bare_lzma),
		cmocka_unit_test(initramfs_behind_false_headers),
		cmocka_unit_test(uts_instead_of_a_banner),
		cmocka_unit_test(nand_dumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Tests that squashfs images of all compressors and options give the tree that went in, and
 * that damaged ones are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "unpack/reader.h" /* before cmocka, whose fail() is a macro */
#include "unpack/squashfs/squashfs_super.h"

#include <cmocka.h>

#include "unit/squashfs_lies.h"

static struct error error;

/* libsquashfs allocates as much memory as an inode claims and handles a failure; the sanitizer
 * would end the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

#define MKSQUASHFS "mksquashfs tree s.img -noappend -quiet -no-progress -all-root "

static int tree_setup(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	tree_make("tree");
	return 0;
}

static bool look_threads(struct seen *seen, const char *path, unsigned threads)
{
	struct visitor visitor = seen_visitor(seen, threads);

	if (!seen->choose)
		seen->choose = want_bytes;
	return unpack_path(path, &visitor, &error);
}

/* The image must equal the original tree, with one thread and with several. */
static void assert_image(const char *path)
{
	static const unsigned threads[] = {0, 1, 2, 5};

	for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
		_cleanup_seen_ struct seen seen = {0};

		if (!look_threads(&seen, path, threads[i]))
			fail_msg("%s", error.text);
		assert_string_equal(seen_all(&seen), slurp_text(&seen.arena, "tree.want"));
		assert_true(seen.worker_most < (threads[i] ? threads[i] : 1));
	}
}

static void compressors(void **state)
{
	static const char *const names[] = {"gzip", "xz", "lz4", "zstd", "lzma", "lzo"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		_cleanup_seen_ struct seen seen = {0};

		sh(MKSQUASHFS "-comp %s > log", names[i]);
		assert_image("s.img");
		assert_true(look(&seen, "s.img", &error));
		assert_string_equal(seen.layout.list[0],
				    arena_format(&seen.arena,
						 "0 0x0 squashfs %s, 131072 byte blocks",
						 names[i]));
	}
}

static void options(void **state)
{
	static const char *const ways[] = {
		"-b 4096",
		"-b 1M",
		"-b 256K -comp xz -Xbcj x86,arm",
		"-no-fragments",
		"-always-use-fragments",
		"-nopad",
		"-noI -noD -noF",
		"-noI -noId",
		"-no-duplicates",
		"-no-sparse -b 8192",
		"-no-exports",
		"-noD",
		"-b 4096 -always-use-fragments",
	};

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		sh(MKSQUASHFS "%s > log", ways[i]);
		assert_image("s.img");
	}
}

static void links_and_doubles(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("rm -rf l; mkdir l; seq 9999 > l/a; ln l/a l/b; cp l/a l/c; ln -s a l/d; mkfifo l/pipe; "
	   "mksquashfs l l.img -noappend -quiet -no-progress");
	assert_true(look(&seen, "l.img", &error));
	seen_all(&seen);
	assert_int_equal(seen.lines.count, 4);
	assert_string_equal(seen.lines.list[0] + strlen("file a "),
			    seen.lines.list[1] + strlen("file b "));
	assert_string_equal(seen.lines.list[0] + strlen("file a "),
			    seen.lines.list[2] + strlen("file c "));
	assert_string_equal(seen.lines.list[3], "link d -> a");
}

static void many_small_files(void **state)
{
	(void)state;
	sh("rm -rf tree; mkdir -p tree/d; cd tree/d; seq 1 20000 | split -l 20 -a 4 - f; cd ..; "
	   "find . -type f -printf '%%P\\n' | sort | while read -r f; do echo \"file $f "
	   "$(sha256sum < $f | cut -d' ' -f1)\"; done > ../tree.want; { echo dir d; cat "
	   "../tree.want; } > ../w; mv ../w ../tree.want");
	sh(MKSQUASHFS "-b 4096 > log");
	assert_image("s.img");
	tree_make("tree");
}

static enum want only_two(const char *path)
{
	if (strcmp(path, "lib/modules/5.4/long.ko") == 0)
		return WANT_BYTES;
	return strcmp(path, "zeros") == 0 || strcmp(path, "lib/") == 0 ? WANT_NAME : WANT_NOTHING;
}

static enum want only_path(const char *path)
{
	return strncmp("lib/modules/5.4/long.ko", path, strlen(path)) == 0 ? WANT_BYTES
									   : WANT_NOTHING;
}

static void left_out(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = only_two}, reached = {.choose = only_path};

	(void)state;
	sh(MKSQUASHFS "> log");
	assert_true(look(&seen, "s.img", &error));
	assert_string_equal(seen_all(&seen), "dir lib\nname zeros 262144\n");
	assert_true(look(&reached, "s.img", &error));
	assert_int_equal(reached.lines.count, 4);
}

static void opened_inside(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = want_open};

	(void)state;
	sh("rm -rf o; mkdir o; tar -cf o/a.tar -C tree etc/opkg; echo text > o/b; mksquashfs o "
	   "o.img -noappend -quiet -no-progress -b 4096");
	assert_true(look_threads(&seen, "o.img", 4)); /* two blocks and a fragment, shared out */
	array_sort(&seen.witnesses, strings_compare);
	assert_int_equal(seen.witnesses.count, 2);
	assert_string_equal(seen.witnesses.list[0], "o.img: squashfs at 0x0: a.tar: etc/opkg");
	assert_string_equal(seen.witnesses.list[1], "o.img: squashfs at 0x0: b");
	assert_string_equal(seen.layout.list[1], "1 0x0 tar");
}

static void super_block_is_believed_as_a_whole(void **state)
{
	static const struct lie lies[] = {
		{0, 4, 0},	     {4, 4, 0},	  {12, 4, 131073},  {12, 4, 0},
		{20, 2, 0},	     {20, 2, 7},  {22, 2, 16},	    {22, 2, 40},
		{26, 2, 0},	     {28, 2, 5},  {30, 2, 1},	    {32, 8, UINT64_MAX},
		{40, 8, 1 << 30},    {40, 8, 95}, {48, 8, 0},	    {64, 8, 1},
		{64, 8, 1ull << 60}, {72, 8, 90}, {16, 4, 1 << 30}, {80, 8, 1ull << 50},
	};

	(void)state;
	sh(MKSQUASHFS "> log");
	assert_no_lie("s.img", 96, lies, sizeof lies / sizeof *lies);
}

static void truncated(void **state)
{
	_cleanup_arena_ struct arena arena = {0};

	(void)state;
	sh(MKSQUASHFS "-nopad > log");

	struct span whole = slurp(&arena, "s.img");

	for (size_t size = 128; size < whole.size; size *= 2) {
		_cleanup_seen_ struct seen seen = {0};

		assert_false(look_bytes(&seen, span_head(whole, size), &error));
		assert_string_equal(
			error.text,
			arena_format(&arena, "input: squashfs at 0x0: truncated: %zu of %zu bytes",
				     size, whole.size));
		assert_int_equal(seen.calls, 0);
	}
}

/* A header of versions 1 to 4 with blocks of 64 KiB, big-endian if BIG. */
static void foreign_head(uint8_t *bytes, const char *magic, unsigned major, bool big)
{
	memcpy(bytes, magic, 4);
	bytes[28 + big] = (uint8_t)major;
	if (major == 4) {
		bytes[big ? 13 : 14] = 1;
		bytes[22 + big] = 16;
	} else {
		bytes[big ? 52 : 53] = 1;
		bytes[34 + big] = 16;
	}
}

static void assert_foreign(const char *magic, unsigned major, bool big, const char *text)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {0};
	uint8_t bytes[4096] = {0};

	foreign_head(bytes, magic, major, big);
	assert_false(look_bytes(&seen, span_from(bytes, sizeof bytes), &error));
	assert_string_equal(
		error.text,
		arena_format(&arena, "input: squashfs at 0x0: %s: it cannot be read", text));
}

static void foreign_kinds_named(void **state)
{
	(void)state;
	assert_foreign("hsqs", 1, false, "squashfs, version 1 (not supported)");
	assert_foreign("hsqs", 3, false, "squashfs, version 3 (the super block is inconsistent)");
	assert_foreign("sqsh", 3, true,
		       "squashfs, big endian, version 3 (the super block is inconsistent)");
	assert_foreign("sqsh", 2, true,
		       "squashfs, big endian, version 2 (the super block is inconsistent)");
	assert_foreign("sqsh", 4, true, "squashfs, big endian, version 4 (not supported)");
	assert_foreign(
		"shsq", 4, false,
		"vendor squashfs (magic shsq: lzma), version 4 (the super block is inconsistent)");
	assert_foreign("tqsh", 3, true,
		       "vendor squashfs (magic tqsh), version 3 (the super block is inconsistent)");
	assert_foreign("hsqt", 3, false,
		       "vendor squashfs (magic hsqt), version 3 (the super block is inconsistent)");
	/* the magic of one byte order with numbers in the other */
	assert_foreign(
		"qshs", 3, false,
		"vendor squashfs (magic qshs: lzma), version 3 (the super block is inconsistent)");
}

/* A damaged block names its file and its place; other files are unchanged. */
static void damaged_data(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	char first[1024] = "";

	(void)state;
	sh(MKSQUASHFS "-comp xz -no-fragments > log");

	struct span whole = slurp(&arena, "s.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;

	memset(bytes + 200, 0x55, 64);
	spill("bad.img", span_from(bytes, whole.size));
	for (unsigned run = 0; run < 8; run++) {
		unsigned threads = run / 2 + 1;
		_cleanup_seen_ struct seen seen = {.choose = run % 2 ? want_open : want_bytes};

		assert_false(look_threads(&seen, "bad.img", threads));
		assert_non_null(strstr(error.text, "bad.img: squashfs at 0x0: "));
		assert_non_null(strstr(error.text, "data corrupted: block at 0x"));
		if (run == 0)
			strcpy(first, error.text);
		assert_string_equal(error.text, first);
	}
}

/* Inodes are not compressed, so a wrong size can be written: it is the number before the blocks. */
static void lying_file_size(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	static const uint32_t lies[] = {1, 40000, 1 << 20, 0x7fffffff, UINT32_MAX};

	(void)state;
	sh("rm -rf one; mkdir one; head -c 30000 /dev/zero | tr '\\0' a > one/a; mksquashfs one "
	   "one.img -noappend -quiet -no-progress -noI -no-fragments -b 16K");

	struct span whole = slurp(&arena, "one.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;
	size_t at = span_find(whole, 96, span_from((const uint8_t[]){0x30, 0x75, 0, 0}, 4));

	assert_int_not_equal(at, SIZE_MAX);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		_cleanup_seen_ struct seen seen = {0};

		memcpy(bytes + at, &lies[i], 4);
		assert_false(look_bytes(&seen, span_from(bytes, whole.size), &error));
		assert_int_equal(seen.calls, 0);
	}
}

static enum want want_everything_open(const char *path)
{
	return want_open(path);
}

/* Any byte may be wrong, without a crash. */
static void flipped(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	unsigned seed = 7, good = 0, bad = 0;

	(void)state;
	sh("rm -rf f; mkdir -p f/d; seq 999 > f/d/a; seq 99 > f/b; ln -s b f/l; mksquashfs f f.img "
	   "-noappend -quiet -no-progress -noI -nopad");

	struct span whole = slurp(&arena, "f.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;

	for (unsigned round = 0; round < 4000; round++) {
		_cleanup_seen_ struct seen seen = {.choose = want_everything_open};

		memcpy(bytes, whole.data, whole.size);
		for (unsigned k = 0; k <= round % 4; k++)
			bytes[(unsigned)rand_r(&seed) % whole.size] = (uint8_t)rand_r(&seed);
		if (look_bytes(&seen, span_from(bytes, whole.size), &error))
			good++;
		else
			bad++;
	}
	assert_true(good > 0 && bad > 0);
}

/* A directory that contains itself: a listing has an entry for the root. */
static void directory_in_itself(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {0};
	uint64_t root, listing;
	uint32_t size;

	(void)state;
	sh("rm -rf r; mkdir -p r/sub; mksquashfs r r.img -noappend -quiet -no-progress -noI "
	   "-all-root");

	struct span whole = slurp(&arena, "r.img");
	uint8_t *bytes = (uint8_t *)(uintptr_t)arena_copy(&arena, whole).data;

	/* listing: count, block, inode number; then offset, number, type, size, name */
	assert_true(span_u64(whole, 32, ENDIAN_LITTLE, &root) &&
		    span_u64(whole, 72, ENDIAN_LITTLE, &listing));
	assert_true(span_u32(whole, listing + 2, ENDIAN_LITTLE, &size));
	assert_int_equal(size, 0);
	bytes[listing + 2 + 12] = (uint8_t)root;
	bytes[listing + 2 + 13] = (uint8_t)(root >> 8);
	assert_false(look_bytes(&seen, span_from(bytes, whole.size), &error));
	assert_non_null(strstr(error.text, "input: squashfs at 0x0: sub: contains itself"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compressors),
		cmocka_unit_test(options),
		cmocka_unit_test(links_and_doubles),
		cmocka_unit_test(many_small_files),
		cmocka_unit_test(left_out),
		cmocka_unit_test(opened_inside),
		cmocka_unit_test(super_block_is_believed_as_a_whole),
		cmocka_unit_test(truncated),
		cmocka_unit_test(foreign_kinds_named),
		cmocka_unit_test(damaged_data),
		cmocka_unit_test(lying_file_size),
		cmocka_unit_test(flipped),
		cmocka_unit_test(directory_in_itself),
	};

	return cmocka_run_group_tests_name("squashfs", tests, tree_setup, scratch_remove);
}

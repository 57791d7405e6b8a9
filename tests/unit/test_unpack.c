/* SPDX-License-Identifier: ISC */
/* Tests the unpacker's door: paths, directories, plain files, nesting limits, sysupgrade tars,
 * and a visitor that stops. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "unpack/reader.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "unit/containers.h"
#include "unpack/file.h"

#include <errno.h>
#include <sys/stat.h>

static struct error error;

static void paths_made_clean(void **state)
{
	static const char *const cases[][2] = {
		{"lib/a.ko", "lib/a.ko"},
		{"./lib/a.ko", "lib/a.ko"},
		{"/lib/a.ko", "lib/a.ko"},
		{"/././/lib", "lib"},
		{".", ""},
		{"./", ""},
		{"", ""},
		{"/", ""},
		{"..a/b..", "..a/b.."},
		{".hidden", ".hidden"},
		{"a...b/c", "a...b/c"},
	};
	_cleanup_arena_ struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(path_clean(&arena, span_text(cases[i][0])), cases[i][1]);
}

static void paths_refused(void **state)
{
	static const char *const cases[] = {"..",    "../a", "a/..",   "a/../b", "a//b",
					    "a/./b", "a/",   "./../a", "/../a",	 "a/."};
	_cleanup_arena_ struct arena arena = {0};
	char *lengthy = arena_get(&arena, LIMIT_NAME + 2);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_null(path_clean(&arena, span_text(cases[i])));
	assert_null(path_clean(&arena, span_from("a\0b", 3)));
	memset(lengthy, 'x', LIMIT_NAME);
	assert_non_null(path_clean(&arena, span_text(lengthy)));
	lengthy[LIMIT_NAME] = 'x';
	assert_null(path_clean(&arena, span_text(lengthy)));
}

static void names_below_a_directory(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	char lengthy[LIMIT_NAME + 1] = "";

	(void)state;
	assert_string_equal(path_child(&arena, "", SPAN_OF("a..b"), &error), "a..b");
	assert_string_equal(path_child(&arena, "lib/x", SPAN_OF("a b"), &error), "lib/x/a b");
	memset(lengthy, 'x', LIMIT_NAME);
	assert_non_null(path_child(&arena, "a", span_from(lengthy, LIMIT_NAME - 2), &error));
	assert_null(path_child(&arena, "a", span_from(lengthy, LIMIT_NAME - 1), &error));
	assert_null(path_child(&arena, "a", SPAN_OF(""), &error));
	assert_null(path_child(&arena, "a", SPAN_OF("."), &error));
	assert_null(path_child(&arena, "a", SPAN_OF(".."), &error));
	assert_null(path_child(&arena, "a", SPAN_OF("b/c"), &error));
	assert_null(path_child(&arena, "a", SPAN_OF("/"), &error));
	error.text[0] = '\0';
	assert_null(path_child(&arena, "a", SPAN_OF("b\0c"), &error));
	assert_string_equal(error.text, "invalid name: it is empty, has a slash or NUL, is . or "
					".., or is too long");
}

/* Whatever lies between, the file and the cause are in the text. */
static void error_keeps_both_ends(void **state)
{
	char path[LIMIT_NAME + 1] = "";

	(void)state;
	for (size_t size = 900; size <= LIMIT_NAME; size++) {
		memset(path, 'x', size);
		(fail)(&error, "the cause");
		assert_false(within(&error, "lib/%s", path));
		assert_false(within(&error, "fw.bin"));
		assert_true(strncmp(error.text, "fw.bin: lib/xx", 14) == 0);
		assert_non_null(strstr(error.text, "xx: the cause"));
		assert_true(strlen(error.text) < sizeof error.text);
		assert_int_equal(strstr(error.text, "...") != NULL,
				 size + strlen("fw.bin: lib/: the cause") >= sizeof error.text);
	}
}

static int tree_setup(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	tree_make("tree");
	return 0;
}

static void directory_seen_whole(void **state)
{
	_cleanup_seen_ struct seen seen = {0}, again = {0};

	(void)state;
	if (!look(&seen, "tree", &error))
		fail_msg("%s", error.text);
	assert_string_equal(seen.layout.list[0], "0 0x0 directory");
	assert_string_equal(seen.lines.list[0], "dir empty");
	assert_string_equal(seen.witnesses.list[0], "tree: empty");
	assert_string_equal(seen_all(&seen), slurp_text(&seen.arena, "tree.want"));
	assert_true(look(&again, "tree/", &error));
	assert_string_equal(seen_all(&again), slurp_text(&again.arena, "tree.want"));
}

static void directory_links_not_followed(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("rm -rf linked; mkdir linked; ln -s / linked/root; ln -s nowhere linked/gone; ln -s . "
	   "linked/self; ln -s ../tree.want linked/out; mkfifo linked/pipe");
	assert_true(look(&seen, "linked", &error));
	assert_string_equal(
		seen_all(&seen),
		"link gone -> nowhere\nlink out -> ../tree.want\nlink root -> /\nlink self -> .\n");
}

static enum want all_but_lib(const char *path)
{
	return strcmp(path, "lib/") == 0 ? WANT_NOTHING : want_bytes(path);
}

static void directory_left_out(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = all_but_lib};

	(void)state;
	assert_true(look(&seen, "tree", &error));
	array_each(line, &seen.lines)
		assert_null(strstr(*line, " lib"));
	assert_true(seen.calls > 3);
}

static void directory_too_deep(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("rm -rf deep; p=deep; for i in $(seq 70); do p=$p/d; done; mkdir -p $p");
	assert_false(look(&seen, "deep", &error));
	assert_non_null(strstr(error.text, "deep: d/d/"));
	assert_non_null(strstr(error.text, "more than 64 directories deep"));
}

static void directory_error_names_the_file(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = want_open};

	(void)state;
	sh("rm -rf bad; mkdir -p bad/sub; tar -cf bad/sub/x.tar -C tree .; truncate -s 5000 "
	   "bad/sub/x.tar");
	assert_false(look(&seen, "bad", &error));
	assert_non_null(strstr(error.text, "bad: sub/x.tar: "));
}

static void directory_opens_containers(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = want_open};

	(void)state;
	sh("rm -rf feed; mkdir feed; echo text > feed/b.txt; tar -czf feed/a.tar.gz -C tree "
	   "etc/opkg");
	assert_true(look(&seen, "feed", &error));
	assert_string_equal(seen.layout.list[0], "0 0x0 directory");
	assert_string_equal(seen.layout.list[1], "1 0x0 tar gzip");
	assert_string_equal(seen.witnesses.list[0], "feed: a.tar.gz: etc/opkg");
	assert_string_equal(seen.witnesses.list[1], "feed: b.txt");
	assert_int_equal(seen.calls, 2);
}

static void plain_file_is_one_entry(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = all_but_lib};

	(void)state;
	assert_true(look(&seen, "tree/etc/opkg", &error));
	assert_int_equal(seen.calls, 1);
	assert_non_null(strstr(seen.lines.list[0], "file opkg "));
	assert_string_equal(seen.witnesses.list[0], "tree/etc/opkg");
}

static void assert_refused(const char *path, const char *text)
{
	_cleanup_seen_ struct seen seen = {0};

	assert_false(look(&seen, path, &error));
	assert_string_equal(error.text, text);
}

static void no_file(void **state)
{
	(void)state;
	sh("rm -f pipe; mkfifo pipe; : > void");
	assert_refused("nowhere", "nowhere: No such file or directory");
	assert_refused("pipe", "pipe: neither a regular file nor a directory");
	assert_refused("void", "void: file is empty");
}

static void file_read_limits(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes;

	(void)state;
	sh("printf 12345 > five");
	assert_true(file_read(&arena, "five", 5, &bytes, &error));
	assert_true(span_is(bytes, "12345"));
	assert_false(file_read(&arena, "five", 4, &bytes, &error));
	assert_string_equal(error.text, "five: 5 bytes, more than the 4 allowed");
	assert_false(file_read(&arena, "tree", 4, &bytes, &error));
	assert_string_equal(error.text, "tree: is a directory");
	assert_false(file_read(&arena, "nowhere", 4, &bytes, &error));
	assert_string_equal(error.text, "nowhere: No such file or directory");
}

static void large_file_is_mapped(void **state)
{
	_cleanup_seen_ struct seen seen = {0};

	(void)state;
	sh("rm -rf big; mkdir big; seq 1 6000000 > big/numbers; tar -cf big.tar -C big numbers; "
	   "echo \"file numbers $(sha256sum < big/numbers | cut -d' ' -f1)\" > big.want");
	assert_true(look(&seen, "big.tar", &error));
	assert_string_equal(seen_all(&seen), slurp_text(&seen.arena, "big.want"));
	sh("rm -r big big.tar");
}

/* A ustar archive in another, COUNT times. */
static struct span tar_nested(struct arena *arena, size_t count)
{
	size_t size = 512 * 2 + count * 512 * 3, at = 0, inner = size;
	uint8_t *bytes = arena_get(arena, size);

	for (size_t i = 0; i < count; i++, at += 512) {
		char *header = (char *)bytes + at;
		unsigned sum = 0;

		inner -= 512 * 3;
		strcpy(header, "t.tar");
		strcpy(header + 100, "0000644");
		snprintf(header + 124, 12, "%011zo", inner);
		memset(header + 148, ' ', 8);
		header[156] = '0';
		memcpy(header + 257, "ustar\00000", 8);
		for (size_t k = 0; k < 512; k++)
			sum += (uint8_t)header[k];
		snprintf(header + 148, 8, "%06o", sum);
	}
	return span_from(bytes, size);
}

static void nested_within_the_limit(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {.choose = want_open};

	(void)state;
	if (!look_bytes(&seen, tar_nested(&arena, 3), &error))
		fail_msg("%s", error.text);
	assert_int_equal(seen.layout.count, 3);
	assert_string_equal(seen.layout.list[2], "2 0x0 tar");
	assert_string_equal(seen.witnesses.list[0], "input: t.tar: t.tar: t.tar");
}

static void nested_without_end(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	_cleanup_seen_ struct seen seen = {.choose = want_open};

	(void)state;
	assert_false(look_bytes(&seen, tar_nested(&arena, 10000), &error));
	assert_string_equal(error.text, "input: t.tar: t.tar: t.tar: t.tar: t.tar: t.tar: t.tar: "
					"t.tar: containers are nested more than 8 deep");
	assert_int_equal(seen.calls, 0);
}

static void layout_is_bounded(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = want_open};

	(void)state;
	sh("rm -rf many; mkdir many; tar -cf many/0 -C tree etc/opkg; for i in $(seq 1100); do ln "
	   "many/0 many/$i; done");
	assert_true(look(&seen, "many", &error));
	assert_int_equal(seen.layout.count, LIMIT_LAYOUT);
	assert_string_equal(seen.layout.list[LIMIT_LAYOUT - 1], "0 0x0 more");
	sh("rm -r many");
}

static enum want open_root(const char *path)
{
	return strcmp(path, "sysupgrade-x/root") == 0 ? WANT_OPEN : want_bytes(path);
}

/* sysupgrade images of NAND devices are a tar of kernel and root. */
static void sysupgrade_tar(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = open_root};

	(void)state;
	sh("rm -rf up; mkdir -p up/sysupgrade-x; echo BOARD=x > up/sysupgrade-x/CONTROL; "
	   "mksquashfs tree up/sysupgrade-x/root -quiet -no-progress -all-root -comp xz; tar -cf "
	   "up.tar -C up sysupgrade-x");
	if (!look(&seen, "up.tar", &error))
		fail_msg("%s", error.text);
	assert_string_equal(seen.layout.list[0], "0 0x0 tar");
	assert_string_equal(seen.layout.list[1], "1 0x0 squashfs xz, 131072 byte blocks");
	array_sort(&seen.witnesses, strings_compare);
	assert_true(strings_have(
		&seen.witnesses,
		"up.tar: sysupgrade-x/root: squashfs at 0x0: lib/modules/5.4/long.ko"));
}

static bool refuse(void *context, const struct entry *entry, struct error *err)
{
	(void)context;
	snprintf(err->text, sizeof err->text, "enough at %s", entry->path);
	return false;
}

static void visitor_stops(void **state)
{
	_cleanup_seen_ struct seen seen = {.choose = want_bytes};
	struct visitor visitor = seen_visitor(&seen, 1);

	(void)state;
	visitor.entry = refuse;
	sh("tar -cf stop.tar -C tree etc/opkg");
	assert_false(unpack_path("stop.tar", &visitor, &error));
	assert_string_equal(error.text, "stop.tar: etc/opkg: enough at etc/opkg");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_made_clean),
		cmocka_unit_test(paths_refused),
		cmocka_unit_test(names_below_a_directory),
		cmocka_unit_test(error_keeps_both_ends),
		cmocka_unit_test(directory_seen_whole),
		cmocka_unit_test(directory_links_not_followed),
		cmocka_unit_test(directory_left_out),
		cmocka_unit_test(directory_too_deep),
		cmocka_unit_test(directory_error_names_the_file),
		cmocka_unit_test(directory_opens_containers),
		cmocka_unit_test(plain_file_is_one_entry),
		cmocka_unit_test(no_file),
		cmocka_unit_test(file_read_limits),
		cmocka_unit_test(large_file_is_mapped),
		cmocka_unit_test(nested_within_the_limit),
		cmocka_unit_test(nested_without_end),
		cmocka_unit_test(layout_is_bounded),
		cmocka_unit_test(sysupgrade_tar),
		cmocka_unit_test(visitor_stops),
	};

	return cmocka_run_group_tests_name("unpack", tests, tree_setup, scratch_remove);
}

/* SPDX-License-Identifier: ISC */
/* Tests the built-in sets: each is read back and hashes to what its row says; hashes and parts
 * are found; damaged folders are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/abi/abi_database.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "facts/abi/abi_packed.h"
#include "facts/abi/abi_source.h"
#include "unpack/compress/decompress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct abi_database *opened(struct arena *arena)
{
	const struct abi_database *database;
	const struct strings none = {.list = NULL};
	struct error error;

	assert_true(abi_database_open(arena, &none, &database, &error));
	return database;
}

static void series_check(const struct abi_packed *packed, size_t *count)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct abi_source source = {.origin = NULL};
	struct error error;
	const struct abi_stream *stream = &abi_streams[packed->stream];
	struct span all, text;

	assert_true(decompress(&arena, COMPRESSION_XZ, span_from(stream->bytes, stream->size),
			       1 << 25, &all, NULL, &error));
	assert_true(span_cut(all, packed->offset, packed->size, &text));
	assert_true(abi_source_add(&arena, packed->series, text, &source, &error));
	assert_true(abi_source_settle(&arena, &source, &error));
	array_each(file, &source.files)
		array_each(record, &file->records) {
			_cleanup_arena_ struct arena scratch = {.top = NULL};
			const struct strings *lines = abi_record_lines(&arena, record);
			struct config_set set;

			if (record->kind != ABI_SET)
				continue;
			set = config_set_of(&scratch, lines);
			assert_string_equal(set.hash, record->build.hash);
			assert_int_equal(set.lines.count, record->build.lines);
			++*count;
		}
}

static void test_every_set_hashes_to_its_row(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct abi_packed *packed = abi_packed; packed->series; packed++)
		series_check(packed, &count);
	assert_true(count >= 5241);
}

static void test_hash_is_found_with_all_that_share_it(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct abi_database *database = opened(&arena);
	struct abi_builds builds;
	struct config_set set;

	(void)state;
	assert_true(abi_database_find(database, &arena, "a21259e4f338051d27a6443a3a7f7f1f", &set,
				      &builds));
	assert_int_equal(set.lines.count, 2660);
	assert_string_equal(builds.list[0].release, "24.10.0");
	assert_string_equal(builds.list[0].target, "x86/64");
	assert_string_equal(builds.list[0].kernel, "6.6.73");
	assert_null(builds.list[0].origin);
	assert_true(config_set_has(&set, "CONFIG_X86_64=y"));
	assert_false(config_set_has(&set, "CONFIG_KALLSYMS=y"));
	assert_true(config_set_has(&set, "CONFIG_NF_CONNTRACK=m"));
}

static void test_unknown_hash_is_not_found(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct abi_database *database = opened(&arena);
	/* the second begins like a known one; the rest are no hashes */
	static const char *const hashes[] = {"00000000000000000000000000000000",
					     "a21259e4f338051d27a6443a3a7f7f1e",
					     "A21259E4F338051D27A6443A3A7F7F1F", "a21259e4", ""};
	struct abi_builds builds;
	struct config_set set;

	(void)state;
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
		assert_false(abi_database_find(database, &arena, hashes[i], &set, &builds));
		assert_int_equal(builds.count, 0);
	}
	assert_int_equal(abi_database_count(database), abi_key_count);
}

/* A stray backquote of 23.05's ramips target is hashed like the rest. */
static void test_stray_backquote_stays(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct abi_database *database = opened(&arena);
	struct abi_builds builds = abi_database_builds(database, &arena, "23.05.0"), sharing;
	struct config_set set = {.hash = NULL};

	(void)state;
	array_each(build, &builds)
		if (strcmp(build->target, "ramips/rt305x") == 0)
			assert_true(
				abi_database_find(database, &arena, build->hash, &set, &sharing));
	assert_true(config_set_has(&set, "CONFIG_CPU_LITTLE_ENDIAN=y`"));
}

static void test_parts_of_a_target(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct abi_database *database = opened(&arena);
	struct abi_parts parts;

	(void)state;
	assert_true(abi_database_parts(database, &arena, "24.10.0", "ath79/generic", &parts));
	assert_string_equal(parts.release, "24.10.8");
	assert_int_equal(parts.own.count, 683);
	assert_int_equal(parts.options.count, 148);
	assert_int_equal(parts.selected.count, 1052);
	assert_int_equal(parts.kmods.count, 1148);
	assert_int_equal(parts.menu.count, 207);
	assert_true(strings_have(&parts.options, "# CONFIG_KALLSYMS is not set"));
	assert_false(abi_database_parts(database, &arena, "24.10.0", "no/such", &parts));
	assert_false(abi_database_parts(database, &arena, "9.9.9", "ath79/generic", &parts));
}

static void source_is_refused(const char *text, const char *why)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct abi_source source = {.origin = NULL};
	struct error error = {""};

	if (abi_source_add(&arena, "x.sets", span_text(text), &source, &error) &&
	    abi_source_settle(&arena, &source, &error))
		fail_msg("accepted: %s", text);
	assert_string_equal(error.text, why);
}

static void test_damaged_source_is_refused(void **state)
{
	(void)state;
	source_is_refused("release 1.2.3", "x.sets: line 1: the line has no end");
	source_is_refused("+CONFIG_A=y\n",
			  "x.sets: line 1: a change before the release that it belongs to");
	source_is_refused("release 1.2.3\ntarget a/b like c/d\n", "x.sets: line 2: no record c/d");
	source_is_refused("release 1.2.3\ntarget a/b like a/b\n",
			  "x.sets: line 2: depends on itself, or on too many others: a/b");
	source_is_refused("release 1.2.3\ntarget a/b\ntarget a/b\n",
			  "x.sets: line 3: stands twice: a/b");
	source_is_refused("release 1.2.4 after 1.2.3\n",
			  "x.sets: no file has the release 1.2.3 that it comes after");
	source_is_refused("release 1.2.3\n"
			  "own a/b\n",
			  "x.sets: line 2: this record does not belong into this file");
	source_is_refused("release 1.2.3\ntarget a/b lines many\n",
			  "x.sets: line 2: an unknown word, or a value that is no number");
	source_is_refused("release 1.2.3\n+CONFIG_A=y\n\n+CONFIG_B=y\n",
			  "x.sets: line 4: a change apart from those of its record");
	source_is_refused("hello\n", "x.sets: line 1: expected release, parts, target, own, "
				     "options, selected, or a line that begins with - or +");
}

/* A folder of --abi: RELEASE.sets with a set that has the right hash, and a set that has not. */
static void test_folder_adds_sets_that_prove_themselves(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	char folder[] = "/tmp/abi-XXXXXX";
	const char *path;
	struct strings dirs = {.list = NULL};
	const struct abi_database *database;
	struct abi_builds builds;
	struct config_set set;
	struct error error;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	path = arena_format(&arena, "%s/r1.sets", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	/* printf 'CONFIG_A=y\nCONFIG_B=m\n' | md5sum */
	fputs("release r1\n+CONFIG_A=y\n"
	      "target a/b hash 0822f44af1e3736c2dd63911ae7c6efb lines 2 confirmed none\n"
	      "+CONFIG_B=m\n"
	      "target a/c hash 11111111111111111111111111111111 like a/b\n",
	      file);
	fclose(file);
	*array_add(&arena, &dirs) = folder;
	assert_true(abi_database_open(&arena, &dirs, &database, &error));
	assert_true(abi_database_find(database, &arena, "0822f44af1e3736c2dd63911ae7c6efb", &set,
				      &builds));
	assert_int_equal(builds.count, 1);
	assert_string_equal(builds.list[0].origin, folder);
	assert_string_equal(builds.list[0].target, "a/b");
	assert_false(abi_database_find(database, &arena, "11111111111111111111111111111111", &set,
				       &builds));
	unlink(path);
	assert_false(abi_database_open(&arena, &dirs, &database, &error));
	rmdir(folder);
	assert_false(abi_database_open(&arena, &dirs, &database, &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_set_hashes_to_its_row),
		cmocka_unit_test(test_hash_is_found_with_all_that_share_it),
		cmocka_unit_test(test_unknown_hash_is_not_found),
		cmocka_unit_test(test_stray_backquote_stays),
		cmocka_unit_test(test_parts_of_a_target),
		cmocka_unit_test(test_damaged_source_is_refused),
		cmocka_unit_test(test_folder_adds_sets_that_prove_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

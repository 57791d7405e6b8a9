/* SPDX-License-Identifier: ISC */
/* Tests the rewriting of control files and tar archives for vetted feeds: what changes, what keeps
 * its bytes, what is refused, and damaged input. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#undef fail /* base/error.h has a function of that name */

#include "vet/control_text.h"
#include "vet/gzip_write.h"
#include "vet/tar_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTROL                                                  \
	"Package: kmod-a\nVersion: 6.6.86-r1\n"                  \
	"Depends:  kernel (=6.6.86~old-r1), kmod-b (>= 2) | c\n" \
	"Architecture: mips\n"

static const char *version_asked(void *context, const struct dependency *dependency, bool alone)
{
	(void)context;
	if (alone && strcmp(dependency->name, "kernel") == 0)
		return "6.6.86~new-r1";
	return strcmp(dependency->name, "kmod-b") == 0 ? "2~vetted" : NULL;
}

static const struct control_wish wish = {.mark = "~vetted",
					 .source = "a.ipk sha256 00",
					 .proof = "symbol-crcs",
					 .report = "11",
					 .version = version_asked};

static const char *rewritten(struct arena *arena, struct span text, struct error *error)
{
	struct span ret;

	return control_rewrite(arena, text, &wish, &ret, error) ? arena_string(arena, ret) : NULL;
}

#define FIELDS                                                                  \
	"X-Kmodaudit-Version: 6.6.86-r1\n"                                      \
	"X-Kmodaudit-Depends: kernel (=6.6.86~old-r1), kmod-b (>= 2) | c\n"     \
	"X-Kmodaudit-Source: a.ipk sha256 00\nX-Kmodaudit-Proof: symbol-crcs\n" \
	"X-Kmodaudit-Report: 11\n"
#define CHANGED                                                         \
	"Package: kmod-a\nVersion: 6.6.86-r1~vetted\n"                  \
	"Depends:  kernel (=6.6.86~new-r1), kmod-b (>= 2~vetted) | c\n" \
	"Architecture: mips\n"

static void test_control(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct error error;

	(void)state;
	assert_string_equal(rewritten(&arena, SPAN_OF(CONTROL "Description: x\n y\n"), &error),
			    CHANGED FIELDS "Description: x\n y\n");
	assert_string_equal(rewritten(&arena, SPAN_OF(CONTROL "Maintainer: z"), &error),
			    CHANGED "Maintainer: z\n" FIELDS);
	/* of one that was rewritten before, the first values count */
	assert_string_equal(
		rewritten(&arena, SPAN_OF(CHANGED FIELDS "Description: x\n y\n"), &error),
		CHANGED FIELDS "Description: x\n y\n");
}

static void test_control_without_pin(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct error error;
	const char *text = rewritten(
		&arena, SPAN_OF("Package: a\nVersion: 1\nArchitecture: all\n\n\n"), &error);

	(void)state;
	assert_string_equal(text, "Package: a\nVersion: 1~vetted\nArchitecture: all\n"
				  "X-Kmodaudit-Version: 1\nX-Kmodaudit-Source: a.ipk sha256 00\n"
				  "X-Kmodaudit-Proof: symbol-crcs\nX-Kmodaudit-Report: 11\n");
}

/* A separator without anything behind it stays: the dependencies are not changed. */
static void test_control_separators(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct error error;
	const char *text = rewritten(
		&arena,
		SPAN_OF("Package: a\nVersion: 1\nDepends: b |, c\t,\t\nArchitecture: all\n"),
		&error);

	(void)state;
	assert_string_equal(text, "Package: a\nVersion: 1~vetted\nDepends: b |, c\t,\t\n"
				  "Architecture: all\nX-Kmodaudit-Version: 1\n"
				  "X-Kmodaudit-Source: a.ipk sha256 00\n"
				  "X-Kmodaudit-Proof: symbol-crcs\nX-Kmodaudit-Report: 11\n");
	assert_string_equal(rewritten(&arena, span_text(text), &error), text);
}

static void test_control_refused(void **state)
{
	static const struct {
		struct span text;
		const char *words;
	} cases[] = {
		{SPAN_OF(""), "control is empty"},
		{SPAN_OF("\n\n"), "control is empty"},
		{SPAN_OF("Package: a\nVersion: 1\n"), "control has no Architecture"},
		{SPAN_OF(" Package: a\n"), "line 1 of control is not a field"},
		{SPAN_OF(CONTROL "\nPackage: b\n"), "line 5 of control is not a field"},
		{SPAN_OF(CONTROL "no field\n"), "line 5 of control is not a field"},
		{SPAN_OF(CONTROL "A: \0\n"), "line 5 of control has a zero byte"},
		{SPAN_OF(CONTROL "SHA256sum: 1\n"), "control has SHA256sum"},
		{SPAN_OF(CONTROL "Package-Type: 1\n"), "opkg takes the field Package-Type for"},
		{SPAN_OF(CONTROL "version: 1\n"), "Version occurs twice"},
		{SPAN_OF(CONTROL "Pre-Depends: kernel (= 1)\n"), "Pre-Depends names the kernel"},
		{SPAN_OF(CONTROL "X-Kmodaudit-Version: 1\n 2\n"),
		 "X-Kmodaudit-Version has several"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena arena _cleanup_arena_ = {0};
		struct error error;

		assert_null(rewritten(&arena, cases[i].text, &error));
		if (!strstr(error.text, cases[i].words))
			print_error("%s: %s\n", cases[i].words, error.text);
		assert_non_null(strstr(error.text, cases[i].words));
	}
}

static void test_index_block(void **state)
{
	struct arena arena _cleanup_arena_ = {0};

	(void)state;
	assert_string_equal(
		control_insert(&arena, SPAN_OF("A: 1\nDescription: d\n e\n\n"), "S: 2\n").data,
		"A: 1\nS: 2\nDescription: d\n e\n");
	assert_string_equal(control_insert(&arena, SPAN_OF("A: 1\n"), "S: 2\n").data,
			    "A: 1\nS: 2\n");
}

static struct span archive(struct arena *arena)
{
	const struct tar_member members[] = {{"./postinst", SPAN_OF("#!/bin/sh\n")},
					     {"./control", SPAN_OF("Package: a\n")},
					     {"./prerm", SPAN_OF("exit 0\n")}};

	return tar_make(arena, members, 3);
}

/* A member of another length, and the same again: nothing else has changed. */
static void test_tar(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct span tar = archive(&arena), found, longer, back;
	uint8_t *large = arena_get(&arena, 3000);
	struct error error;

	(void)state;
	memset(large, 'x', 3000);
	assert_true(tar_find(tar, "control", &found, &error));
	assert_true(span_is(found, "Package: a\n"));
	assert_true(tar_exchange(&arena, tar, "control", span_from(large, 3000), &longer, &error));
	assert_int_equal(longer.size, tar.size + 5 * 512);
	assert_true(tar_find(longer, "prerm", &found, &error));
	assert_true(span_is(found, "exit 0\n"));
	assert_true(
		tar_exchange(&arena, longer, "control", SPAN_OF("Package: a\n"), &back, &error));
	assert_true(span_equal(back, tar));
	assert_false(tar_find(tar, "md5sums", &found, &error));
	assert_string_equal(error.text, "it has no md5sums");

	const struct tar_member twice[] = {{"./control", SPAN_OF("Package: a\n")},
					   {"control", SPAN_OF("Package: b\n")}};

	assert_false(tar_find(tar_make(&arena, twice, 2), "control", &found, &error));
	assert_string_equal(error.text, "control occurs twice");
}

/* Each byte damaged, and cut off at each: an answer, and never one outside of the archive. */
static void test_tar_damaged(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct span tar = archive(&arena), found;
	uint8_t *copy = arena_raw(&arena, tar.size);
	struct error error;

	(void)state;
	for (size_t i = 0; i < tar.size; i++) {
		memcpy(copy, tar.data, tar.size);
		copy[i] ^= 0x81;
		if (tar_find(span_from(copy, tar.size), "control", &found, &error))
			assert_true(found.data >= copy &&
				    found.data + found.size <= copy + tar.size);
		if (tar_find(span_from(tar.data, i), "control", &found, &error))
			assert_true(found.data + found.size <= tar.data + i);
	}
	memcpy(copy, tar.data, tar.size);
	memcpy(copy + 2 * 512 + 2, "postinst", 9);
	assert_false(tar_find(span_from(copy, tar.size), "postinst", &found, &error));
	assert_string_equal(error.text, "the tar header at 0x400 is damaged");
}

static void test_tar_pax(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct span tar = archive(&arena), found;
	uint8_t *copy = arena_raw(&arena, tar.size);
	struct error error;

	(void)state;
	memcpy(copy, tar.data, tar.size);
	copy[156] = 'x';
	/* the checksum counts the type, too */
	snprintf((char *)copy + 148, 7, "%06lo", strtoul((char *)copy + 148, NULL, 8) + 'x' - '0');
	assert_false(tar_find(span_from(copy, tar.size), "control", &found, &error));
	assert_string_equal(error.text,
			    "the tar archive has pax headers, which cannot be rewritten");
}

static void test_gzip(void **state)
{
	struct arena arena _cleanup_arena_ = {0};
	struct span packed = gzip_write(&arena, SPAN_OF("hello"));

	(void)state;
	/* magic, deflate, no flags, time 0, best compression, Unix */
	assert_true(span_has(packed, 0, SPAN_OF("\x1f\x8b\x08\0\0\0\0\0\x02\x03")));
	assert_true(span_equal(packed, gzip_write(&arena, SPAN_OF("hello"))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_control_without_pin),
		cmocka_unit_test(test_control_separators),
		cmocka_unit_test(test_control_refused),
		cmocka_unit_test(test_index_block),
		cmocka_unit_test(test_tar),
		cmocka_unit_test(test_tar_damaged),
		cmocka_unit_test(test_tar_pax),
		cmocka_unit_test(test_gzip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
/* Tests that apk dependencies, lib/apk/db/installed and packages.adb indexes are read
 * completely, and that damaged ones do no harm. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/package/apk.h"
#include "facts/catalogue/apk_index.h"
#include "facts/feed/trust.h"
#include "unpack/archive/apk_container.h"
#include "unpack/limits.h"
#include "unpack/unpack.h"

#include <cmocka.h>
#include <string.h>

static void test_dependencies(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct formulas conflicts = {0};
	struct formulas depends =
		apk_dependencies(&arena,
				 SPAN_OF("libc kernel=6.12.74~ab-r1  a>=1 b<=2 c>3 d<4 e~5 f>~6 "
					 "g<~7 h=~8 i><Q1x !bad !worse<7"),
				 &conflicts);
	static const struct {
		const char *name, *version;
		enum relation relation;
	} wanted[] = {
		{"libc", NULL, RELATION_ANY},	    {"kernel", "6.12.74~ab-r1", RELATION_EQUAL},
		{"a", "1", RELATION_GREATER_EQUAL}, {"b", "2", RELATION_LESS_EQUAL},
		{"c", "3", RELATION_GREATER},	    {"d", "4", RELATION_LESS},
		{"e", "5", RELATION_FUZZY},	    {"f", "6", RELATION_FUZZY_GREATER},
		{"g", "7", RELATION_FUZZY_LESS},    {"h", "8", RELATION_FUZZY},
		{"i", "Q1x", RELATION_IDENTITY},
	};

	(void)state;
	assert_int_equal(depends.count, sizeof wanted / sizeof *wanted);
	for (size_t i = 0; i < depends.count; i++) {
		const struct dependency *one = depends.list[i].list;

		assert_int_equal(depends.list[i].count, 1);
		assert_string_equal(one->name, wanted[i].name);
		assert_int_equal(one->relation, wanted[i].relation);
		assert_true(one->apk);
		if (wanted[i].version)
			assert_string_equal(one->version, wanted[i].version);
		else
			assert_null(one->version);
	}
	assert_int_equal(conflicts.count, 2);
	assert_string_equal(conflicts.list[1].text, "!worse<7");
	assert_string_equal(conflicts.list[1].list[0].name, "worse");
	assert_int_equal(apk_dependencies(&arena, SPAN_OF("!a"), NULL).count, 0);
	assert_int_equal(apk_dependencies(&arena, SPAN_OF(" "), &conflicts).count, 0);
}

static void test_many_dependencies(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	size_t size = 3 * LIMIT_DEPENDENCIES;
	uint8_t *text = arena_raw(&arena, size);

	(void)state;
	for (size_t i = 0; i < size; i++)
		text[i] = i % 2 ? ' ' : 'a';

	struct formulas depends = apk_dependencies(&arena, span_from(text, size), NULL);
	assert_int_equal(depends.count, LIMIT_DEPENDENCIES + 1);
	assert_non_null(strchr(depends.list[LIMIT_DEPENDENCIES].text, ' '));
}

static void test_database(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span text =
		SPAN_OF("\nC:Q1abc=\nP:kernel\nV:6.12.74~d2e0a589214daa7e43fd1bd18e88034c-r1\n\n"
			"P:kmod-x\nV:1-r0\nA:all\nD:kernel=6.12.74~"
			"d2e0a589214daa7e43fd1bd18e88034c-r1\ni:a b\n"
			"F:lib/modules/"
			"6.12.74\nM:0:0:755\nR:x.ko\nZ:Q1def=\nR:w.ko\nF:\nR:top\nnonsense\n\n");
	struct package package;
	size_t line = 1, bad = 0;

	(void)state;
	assert_true(apk_package_next(&arena, &text, &line, "db", &package, &bad));
	assert_string_equal(package.name, "kernel");
	assert_string_equal(package.stated_identity, "Q1abc=");
	assert_null(package.abi.version);
	assert_true(apk_package_next(&arena, &text, &line, "db", &package, &bad));
	assert_string_equal(package.name, "kmod-x");
	assert_true(package.apk);
	assert_string_equal(package.abi.version, "6.12.74-r1");
	assert_string_equal(package.abi.hash, "d2e0a589214daa7e43fd1bd18e88034c");
	assert_int_equal(package.install_if.count, 2);
	assert_int_equal(package.files.count, 3);
	assert_string_equal(package.files.list[0], "lib/modules/6.12.74/w.ko");
	assert_string_equal(package.files.list[2], "top");
	assert_int_equal(bad, 1);
	assert_false(apk_package_next(&arena, &text, &line, "db", &package, &bad));
}

struct writing {
	uint8_t bytes[512];
	size_t size;
};

static uint32_t put(struct writing *to, const void *bytes, size_t size)
{
	uint32_t at = (uint32_t)to->size;

	assert_true(to->size + size <= sizeof to->bytes);
	memcpy(to->bytes + to->size, bytes, size);
	to->size += size;
	return at;
}

static uint32_t put_blob(struct writing *to, const char *text)
{
	uint8_t size = (uint8_t)strlen(text);
	uint32_t at = put(to, &size, 1);

	put(to, text, size);
	return 8u << 28 | at;
}

static uint32_t put_object(struct writing *to, uint32_t kind, const uint32_t *values,
			   uint32_t count)
{
	uint32_t at;

	while (to->size % 4)
		put(to, "", 1);
	count++;
	at = put(to, &count, 4);
	put(to, values, (count - 1) * 4);
	return kind << 28 | at;
}

/* An index with one package and one signature by an unknown key; for little-endian hosts only. */
static struct span index_make(struct arena *arena)
{
	struct writing adb = {.size = 8}, file = {0};
	uint32_t info[2], index[2] = {0}, header;

	info[0] = put_blob(&adb, "kmod-x");
	info[1] = put_blob(&adb, "1-r1");
	index[1] = put_object(&adb, 14, info, 2);
	index[1] = put_object(&adb, 13, &index[1], 1);
	header = put_object(&adb, 14, index, 2);
	memcpy(adb.bytes + 4, &header, 4);
	while (adb.size % 8 != 4)
		put(&adb, "", 1);
	put(&file, "ADB.indx", 8);
	header = (uint32_t)adb.size + 4;
	put(&file, &header, 4);
	put(&file, adb.bytes, adb.size);
	header = 1u << 30 | (4 + 18 + 2);
	put(&file, &header, 4);
	put(&file, "\0\4kkkkkkkkkkkkkkkkss", 20);
	return arena_copy(arena, span_from(file.bytes, file.size));
}

static void test_index(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes = index_make(&arena);
	struct packages rows = {0};
	struct apk_signatures signatures = {0};
	struct keys keys = {0};
	struct error error = {""};
	const char *why;
	size_t bad = 0;

	(void)state;
	if (!apk_index_rows(&arena, "i", bytes, &rows, &bad, &error))
		fail_msg("%s", error.text);
	assert_int_equal(rows.count, 1);
	assert_string_equal(rows.list[0].filename, "kmod-x-1-r1.apk");
	assert_true(apk_index_signatures(&arena, "i", bytes, &signatures, &error));
	assert_int_equal(signatures.count, 1);
	assert_true(span_is(signatures.list[0].id, "kkkkkkkkkkkkkkkk"));
	assert_int_equal(signatures.list[0].message.size, APK_SIGNED);
	assert_true(span_starts(signatures.list[0].message, "indx"));
	assert_true(span_is(signatures.list[0].signature, "ss"));
	assert_int_equal(index_verify(&arena, &keys, "i", bytes, (struct span){0}, &why),
			 SIGNATURE_UNKNOWN_KEY);
	assert_non_null(strstr(why, "6b6b6b6b"));
	assert_int_equal(index_verify(&arena, &keys, "i", span_head(bytes, bytes.size - 24),
				      (struct span){0}, &why),
			 SIGNATURE_NONE);
}

static void test_package_is_no_index(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes = index_make(&arena);
	struct apk_signatures signatures = {0};
	struct packages rows = {0};
	struct error error;
	size_t bad = 0;

	(void)state;
	memcpy((uint8_t *)bytes.data + 4, "pckg", 4);
	assert_false(apk_index_rows(&arena, "i", bytes, &rows, &bad, &error));
	assert_string_equal(error.text, "i: an apk database, but not an index");
	assert_false(apk_index_signatures(&arena, "i", bytes, &signatures, &error));
	assert_string_equal(error.text, "i: an apk database, but not an index");
}

/* What vet opens: each refusal has its sentence. */
static void test_container(void **state)
{
	static const struct {
		struct span bytes;
		const char *text;
	} cases[] = {
		{SPAN_OF("ADA.indx"), "not a file of apk-tools 3"},
		{SPAN_OF("ADB"), "apk: cut off"},
		{SPAN_OF("ADBc"), "apk: unknown compression"},
		{SPAN_OF("ADBc\3\0x"), "apk: unknown compression"},
		{SPAN_OF("ADBd\377\377"), "apk: deflate: invalid block type after 1 bytes"},
		{SPAN_OF("ADB.indx"), "apk: neither a package nor an index of the expected kind"},
		{SPAN_OF("ADB.pckg"),
		 "apk: no database at the start: truncated, or a newer format"},
	};
	_cleanup_arena_ struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool damaged = false;
		struct error error = {0};
		struct span blocks;
		struct adb adb;

		assert_false(
			apk_open(&arena, cases[i].bytes, "pckg", &damaged, &adb, &blocks, &error));
		assert_string_equal(error.text, cases[i].text);
	}
}

static void read_all(struct span bytes)
{
	_cleanup_arena_ struct arena arena = {0};
	struct packages rows = {0};
	struct apk_signatures signatures = {0};
	struct error error;
	size_t bad = 0;

	apk_index_rows(&arena, "i", bytes, &rows, &bad, &error);
	apk_index_signatures(&arena, "i", bytes, &signatures, &error);
	array_each(signature, &signatures)
		assert_int_equal(signature->message.size, APK_SIGNED);
}

static void test_damage(void **state)
{
	_cleanup_arena_ struct arena arena = {0};
	struct span bytes = index_make(&arena);
	uint8_t *copy = arena_raw(&arena, bytes.size);

	(void)state;
	for (size_t size = 0; size < bytes.size; size++)
		read_all(arena_copy(&arena, span_head(bytes, size)));
	for (size_t at = 0; at < bytes.size; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(copy, bytes.data, bytes.size);
			copy[at] ^= (uint8_t)(1u << bit);
			read_all(span_from(copy, bytes.size));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dependencies), cmocka_unit_test(test_many_dependencies),
		cmocka_unit_test(test_database),     cmocka_unit_test(test_index),
		cmocka_unit_test(test_damage),	     cmocka_unit_test(test_package_is_no_index),
		cmocka_unit_test(test_container),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

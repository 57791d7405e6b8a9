/* SPDX-License-Identifier: ISC */
/* Tests the reader of UCL and JSON, manifests of FreeBSD packages, and what pkg does with a
 * package on a system. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "base/text.h"
#include "facts/package/pkg.h"
#include "facts/package/pkg_formula.h"

#include <cmocka.h>
#include <string.h>

static struct arena arena;

static const struct ucl *read(const char *text)
{
	const struct ucl *value = NULL;
	struct error error = {0};

	if (!ucl_read(&arena, span_text(text), &value, &error))
		fail_msg("%s: %s", text, error.text);
	return value;
}

static void refused(const char *text, const char *words)
{
	const struct ucl *value = NULL;
	struct error error = {0};

	if (ucl_read(&arena, span_text(text), &value, &error))
		fail_msg("accepted: %s", text);
	if (!strstr(error.text, words))
		fail_msg("%s: says \"%s\"", text, error.text);
}

/* One manifest in the form that pkg writes, and twice as somebody might write it by hand. */
static void test_forms(void **state)
{
	static const char *const forms[] = {
		"{\"name\":\"a\",\"version\":\"1.0\",\"deps\":{\"b\":{\"origin\":\"x/b\"}},"
		"\"categories\":[\"net\",\"kld\"],\"desc\":\"one\\ntwo \\u00e9\"}",
		"# by hand\nname: a\nversion = \"1.0\";\ndeps { b { origin: x/b } }\n"
		"categories [ net, kld ]\ndesc: <<EOD\none\ntwo \xc3\xa9\nEOD\n",
		"name a\nversion '1.0' /* a comment */\ndeps: { b: { origin: x/b # why\n } }\n"
		"categories: [\nnet\nkld\n]\n\"desc\": \"one\\ntwo \xc3\xa9\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct ucl *top = read(forms[i]), *list = ucl_get(top, "categories");

		assert_string_equal(ucl_text(top, "name"), "a");
		assert_string_equal(ucl_text(top, "version"), "1.0");
		assert_string_equal(ucl_text(top, "desc"), "one\ntwo \xc3\xa9");
		assert_string_equal(ucl_text(ucl_get(ucl_get(top, "deps"), "b"), "origin"), "x/b");
		assert_string_equal(list->first->text, "net");
		assert_string_equal(list->first->next->text, "kld");
		assert_null(list->first->next->next);
		assert_null(ucl_get(top, "arch"));
	}
}

/* Where a quoted text ends, what its escapes stand for, and the line of what follows. */
static void test_quoted(void **state)
{
	static const struct {
		const char *text, *meant;
	} texts[] = {
		{"\"\"", ""},
		{"\"plain\"", "plain"},
		{"\"a\\\"b\"", "a\"b"},
		{"\"a\\\\\"", "a\\"},
		{"\"\\\\\\\"\"", "\\\""},
		{"\"\\\\\\\\\"", "\\\\"},
		{"\"x\\ty\\u0041z\"", "x\tyAz"},
		{"'no \\ escape'", "no \\ escape"},
		{"\"one\ntwo\\nthree\"", "one\ntwo\nthree"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct ucl *top =
			read(arena_format(&arena, "{\"a\": %s, \"b\": 1}", texts[i].text));

		assert_string_equal(ucl_text(top, "a"), texts[i].meant);
		assert_int_equal(ucl_get(top, "b")->line, strchr(texts[i].text, '\n') ? 2 : 1);
	}
	refused("{\"a\": \"x\\\"}", "without its closing quote");
	refused("{\"a\": \"\\u12\"}", "an escape that is not JSON's");
}

static void test_values(void **state)
{
	const struct ucl *top = read("a: 14.2_1,\nb: 1402000\nc: yes\nd: null\ne: \"yes\"\nf: "
				     "https://x/y#z\n");

	(void)state;
	assert_int_equal(ucl_get(top, "a")->kind, UCL_STRING);
	assert_int_equal(ucl_get(top, "b")->kind, UCL_NUMBER);
	assert_int_equal(ucl_get(top, "c")->kind, UCL_BOOLEAN);
	assert_int_equal(ucl_get(top, "d")->kind, UCL_NULL);
	assert_int_equal(ucl_get(top, "e")->kind, UCL_STRING);
	assert_string_equal(ucl_text(top, "f"), "https://x/y#z");
	assert_null(ucl_text(top, "c"));
	assert_int_equal(ucl_get(top, "f")->line, 6);
	assert_string_equal(ucl_text(read("{\"a\":\"\\ud83d\\ude00\"}"), "a"), "\xf0\x9f\x98\x80");
	assert_null(read("")->first);
}

static void test_refused(void **state)
{
	char deep[200] = {0};

	(void)state;
	refused("{\"a\":1", "ends inside");
	refused("{\"a\":\"1", "closing quote");
	refused("{\"a\":1}x", "behind the last bracket");
	refused("{\"a\":1,\n\"a\":2}", "line 2: the key a occurs twice");
	refused(".include \"/etc/passwd\"\n", "macro");
	refused("a b {\n}\n", "section with a name");
	refused("a: <<EOD\nx\n", "without the line that ends it");
	refused("{\"a\":\"\\u0000\"}", "escape");
	refused("{\"a\":\"\\ud83d\"}", "escape");
	refused("{\"a\":\"\\", "closing quote");
	refused("a:", "value is missing");
	refused(": 1", "key is expected");
	memset(deep, '[', sizeof deep - 1);
	refused(deep, "brackets deep");
}

/* Many keys are found in a table, and there, too, none may occur twice. */
static void test_many_keys(void **state)
{
	const char *text = "";

	(void)state;
	for (int i = 0; i < 100; i++)
		text = arena_format(&arena, "%sk%d: %d\n", text, i, i);
	assert_string_equal(ucl_text(read(text), "k99"), "99");
	refused(arena_format(&arena, "%sk3: 1\n", text), "k3 occurs twice");
	refused(arena_format(&arena, "%sk80: 1\n", text), "k80 occurs twice");
}

static struct package manifest(const char *text)
{
	struct package package = {0};
	struct error error = {0};

	if (!pkg_from_manifest(&arena, read(text), "x.pkg: +MANIFEST", &package, &error))
		fail_msg("%s", error.text);
	return package;
}

static void test_manifest(void **state)
{
	struct package package = manifest(
		"{\"name\":\"drm-kmod\",\"version\":\"6.1_3,1\",\"abi\":\"FreeBSD:14:amd64\","
		"\"arch\":\"freebsd:14:x86:64\",\"prefix\":\"/usr/local\","
		"\"deps\":{\"fw-kmod\":{\"origin\":\"g/fw\",\"version\":\"1\"}},"
		"\"requires\":[\"fw\"],\"provides\":[\"drm\"],\"conflicts\":[\"drm-510-kmod\"],"
		"\"categories\":[\"graphics\",\"kld\"],"
		"\"annotations\":{\"FreeBSD_version\":\"1402000\"},"
		"\"files\":{\"/boot/modules/b.ko\":\"1$ab\",\"/a%20b\":{\"sum\":\"1$cd\"},"
		"\"/l\":\"-\"},\"scripts\":{\"post-install\":\"x\"}}");
	const struct pkg *pkg = package.pkg;

	(void)state;
	assert_string_equal(package.version, "6.1_3,1");
	assert_string_equal(package.architecture, "FreeBSD:14:amd64");
	assert_int_equal(package.depends.count, 2);
	assert_string_equal(package.depends.list[0].list->name, "fw-kmod");
	assert_int_equal(package.depends.list[0].list->relation, RELATION_ANY);
	assert_string_equal(package.depends.list[1].list->name, "provide fw");
	assert_string_equal(package.provides.list[0].list->name, "provide drm");
	assert_string_equal(package.conflicts.list[0].list->name, "drm-510-kmod");
	assert_null(package.abi.version);
	assert_int_equal(pkg->osversion, 1402000);
	assert_int_equal(pkg->files.count, 3);
	assert_string_equal(pkg->files.list[0].path, "a b");
	assert_string_equal(pkg->files.list[0].sum, "1$cd");
	assert_null(pkg->files.list[2].sum);
	assert_string_equal(pkg->scripts.list[0], "post-install");
	assert_true(pkg_may_carry(&package));
}

static void manifest_refused(const char *text, const char *words)
{
	struct package package = {.name = "before"};
	struct error error = {0};

	if (pkg_from_manifest(&arena, read(text), "x", &package, &error))
		fail_msg("accepted: %s", text);
	if (!package.name)
		fail_msg("takes the name away: %s", text);
	if (!strstr(error.text, words))
		fail_msg("%s: says \"%s\"", text, error.text);
}

static void test_manifest_refused(void **state)
{
	(void)state;
	manifest_refused("[]", "no object");
	manifest_refused("{\"name\":\"a\"}", "no version");
	manifest_refused("{\"version\":\"1\"}", "no name");
	manifest_refused("{\"name\":\"\",\"version\":\"1\"}", "no name");
	manifest_refused("{\"name\":[],\"version\":\"1\"}", "another type");
	manifest_refused("{\"name\":\"a\",\"version\":\"1\",\"deps\":[\"b\"]}", "deps has a value");
}

/* The sums of members against those that the manifest states. */
static void test_files(void **state)
{
	struct package package =
		manifest("{\"name\":\"a\",\"version\":\"1\",\"files\":{\"/x\":"
			 "\"1$ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\","
			 "\"/y\":\"7$abc\",\"/z\":\"1$00\"}}");

	(void)state;
	pkg_file_compare(&arena, &package, "x", span_text("abc"));
	pkg_file_compare(&arena, &package, "y", span_text("abc"));
	assert_int_equal(package.pkg->differences.count, 0);
	pkg_file_compare(&arena, &package, "x", span_text("abd"));
	assert_int_equal(package.pkg->differences.count, 1);
	assert_string_equal(package.pkg->differences.list[0].path, "x");
	*array_add(&arena, &package.files) = "w";
	*array_add(&arena, &package.files) = "x";
	*array_add(&arena, &package.files) = "z";
	pkg_files_compare(&arena, &package);
	assert_int_equal(package.pkg->unlisted.count, 1);
	assert_string_equal(package.pkg->unlisted.list[0], "w");
	assert_int_equal(package.pkg->lacking.count, 1);
	assert_string_equal(package.pkg->lacking.list[0], "y");
}

static void test_formula(void **state)
{
	static const char *const refused[] = {"",    ",a",   "a,",     "a |",	  "a b",
					      "a +", "a =>", "a > :1", "a \x01b", "a > 1,"};
	struct pkg_formulas formulas;

	(void)state;
	assert_true(pkg_formulas_read(&arena, " a >= 1.0 <2_1,1 +X|b, a|b ", &formulas));
	assert_int_equal(formulas.count, 2);
	assert_string_equal(formulas.list[0].text, "a >= 1.0 <2_1,1 +X|b");
	assert_int_equal(formulas.list[0].count, 2);
	assert_string_equal(formulas.list[0].list[1].name, "b");
	assert_string_equal(formulas.list[1].list[0].name, "a|b");
	assert_true(formulas.list[0].list[0].options);
	assert_false(formulas.list[0].list[1].options);
	assert_true(pkg_choice_takes(&formulas.list[0].list[0], "1.0_1"));
	assert_true(pkg_choice_takes(&formulas.list[0].list[0], "2,1"));
	assert_false(pkg_choice_takes(&formulas.list[0].list[0], "2_1,1"));
	assert_false(pkg_choice_takes(&formulas.list[0].list[0], "0.9"));
	assert_true(pkg_choice_takes(&formulas.list[0].list[1], "0"));
	assert_true(pkg_formulas_read(&arena, "a != 1 > ", &formulas));
	assert_true(pkg_choice_takes(&formulas.list[0].list[0], "1.1"));
	assert_false(pkg_choice_takes(&formulas.list[0].list[0], "1"));
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_false(pkg_formulas_read(&arena, refused[i], &formulas));
}

static void test_answers(void **state)
{
	static const struct {
		const char *abi, *osversion, *system_abi;
		uint64_t system;
		enum pkg_answer answer;
	} rows[] = {
		{"FreeBSD:14:amd64", "1402000", "FreeBSD:14:amd64", 1402000, PKG_ACCEPTS},
		{"FreeBSD:14:amd64", "1401000", "FreeBSD:14:amd64", 1402000, PKG_ACCEPTS},
		{"FreeBSD:14:amd64", "1403000", "FreeBSD:14:amd64", 1402000, PKG_ASKS},
		{"FreeBSD:14:amd64", "1501999", "FreeBSD:14:amd64", 1402000, PKG_ASKS},
		{"FreeBSD:14:amd64", "1502000", "FreeBSD:14:amd64", 1402000, PKG_REFUSES_VERSION},
		{"FreeBSD:14:amd64", "soon", "FreeBSD:14:amd64", 1402000, PKG_REFUSES_VERSION},
		{"FreeBSD:14:amd64", "0", "FreeBSD:14:amd64", 1402000, PKG_REFUSES_VERSION},
		{"FreeBSD:13:amd64", "1302000", "FreeBSD:14:amd64", 1402000, PKG_REFUSES_ABI},
		{"FreeBSD:14:i386", "1402000", "FreeBSD:14:amd64", 1402000, PKG_REFUSES_ABI},
		{"FreeBSD:14:*", "1402000", "FreeBSD:14:amd64", 1402000, PKG_ACCEPTS},
		{"FreeBSD:*", "1402000", "FreeBSD:14:amd64", 1402000, PKG_ACCEPTS},
		/* ALTABI, which pkg 2.0 does not compare any more */
		{"freebsd:14:x86:64", "1402000", "FreeBSD:14:amd64", 1402000, PKG_UNKNOWN},
		{"freebsd:10:armv6:32:el:eabi:hardfp", NULL, "FreeBSD:10:armv6", 1001000,
		 PKG_UNKNOWN},
		{"freebsd:10:armv6:32:el:eabi:hardfp", NULL, "FreeBSD:10:armv7", 1001000,
		 PKG_REFUSES_ABI},
		{"FreeBSD:14:armv7", NULL, "FreeBSD:14:armv7", 1402000, PKG_ACCEPTS},
		{"FreeBSD:14:armv6", NULL, "FreeBSD:14:armv7", 1402000, PKG_REFUSES_ABI},
		{"freebsd:11:x86:64", "1101001", "FreeBSD:14:amd64", 1402000, PKG_REFUSES_ABI},
		{"FreeBSD:14:amd64", "1402000", NULL, 0, PKG_UNKNOWN},
		{"FreeBSD:14:amd64", NULL, "FreeBSD:14:amd64", 1402000, PKG_ACCEPTS},
		{NULL, "1402000", "FreeBSD:14:amd64", 1402000, PKG_UNKNOWN},
		{NULL, "1902000", "FreeBSD:14:amd64", 1402000, PKG_REFUSES_VERSION},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *text = "{\"name\":\"a\",\"version\":\"1\"";
		struct package package;
		const char *why;

		if (rows[i].abi)
			text = arena_format(&arena, "%s,\"abi\":\"%s\"", text, rows[i].abi);
		if (rows[i].osversion)
			text = arena_format(&arena,
					    "%s,\"annotations\":{\"FreeBSD_version\":\"%s\"}", text,
					    rows[i].osversion);
		package = manifest(arena_format(&arena, "%s}", text));

		enum pkg_answer answer =
			pkg_answers(&arena, &package, rows[i].system_abi, rows[i].system, &why);
		if (answer != rows[i].answer)
			fail_msg("row %zu: %d, %s", i, (int)answer, text_or_empty(why));
		assert_int_equal(why == NULL, answer == PKG_ACCEPTS);
	}
	assert_string_equal(pkg_system_abi(&arena, 1402000, "amd64"), "FreeBSD:14:amd64");
	assert_null(pkg_system_abi(&arena, 0, "amd64"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_manifest),
		cmocka_unit_test(test_manifest_refused),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_formula),
		cmocka_unit_test(test_answers),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(&arena);
	return failed;
}

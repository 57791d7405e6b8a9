/* SPDX-License-Identifier: ISC */
/* Tests that emitted YAML reads back as the same values, above all strings that YAML could
 * take for something else, and that write errors are reported. */
#include "base/digest.h"
#include "report/write/emit.h"
#include "report/report.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

/* Words that some YAML version reads as something else, or not at all, if they have no quotes. */
static const char *const nasty[] = {
	"",
	" ",
	" a",
	"a ",
	"~",
	"null",
	"Null",
	"NULL",
	"y",
	"Y",
	"n",
	"N",
	"yes",
	"Yes",
	"YES",
	"no",
	"No",
	"NO",
	"true",
	"True",
	"TRUE",
	"false",
	"False",
	"FALSE",
	"on",
	"On",
	"ON",
	"off",
	"Off",
	"OFF",
	"0",
	"1",
	"-1",
	"+1",
	"007",
	"0o17",
	"0x1F",
	"0b101",
	"1_000",
	"1e5",
	"12e03",
	"1.5",
	"4.14",
	"-.5",
	".5",
	"1.",
	".inf",
	"-.Inf",
	"+.INF",
	".nan",
	".NaN",
	"12:30",
	"190:20:30",
	"2026-11-21",
	"2001-12-14t21:59:43.10-05:00",
	"=",
	"<<",
	"-",
	"--",
	"---",
	"...",
	"- a",
	"? a",
	"?",
	": a",
	":",
	"a: b",
	"a:",
	"a #b",
	"#a",
	"&a",
	"*a",
	"!a",
	"!!str a",
	"|",
	">",
	"%a",
	"@a",
	"`a",
	"'a'",
	"\"a\"",
	"[a]",
	"{a: b}",
	"a, b",
	"a]b",
	"a}b",
	"[",
	"]",
	"{",
	"}",
	",",
	"a\\b",
	"\\x41",
	"\xc3\xa4",
	"\xf0\x9f\x98\x80",
	"\xe2\x82\xac uro",
	"a\nb",
	"a\tb",
	"\x1b[0m",
	"\xff\xfe",
	"\xe2\x80\xae"
	"abc",
	"1e1000000",
	"123456789e10",
	"d2e0a589d2e0a589d2e0a589d2e0a589",
	"11112222333344445555666677778888",
	"1234567890123456789012345678901e",
	"nan",
	"inf",
	"a=b",
	"a;b",
	"(= 4.14.275)",
	"kernel (= 4.14.275-1-d2e0)",
	"it's",
	"C:\\x",
	"a  b",
	"key",
	"/a",
	"_",
	"a-",
	"x'",
};

static FILE *scratch(char *path)
{
	int handle = mkstemp(path);

	assert_true(handle >= 0);
	return fdopen(handle, "w");
}

/* A map from "x" and the string's bytes in hex to the string. PLAIN: quoted only if necessary,
 * as the report does; else always. */
static void write_nasty(FILE *out, bool plain, bool flow)
{
	struct arena arena _cleanup_arena_ = {0};
	struct emit *emit = emit_begin(out, EMIT_YAML, true);
	struct error error;

	flow ? emit_flow_map(emit) : emit_map(emit);
	for (size_t i = 0; i < sizeof(nasty) / sizeof(*nasty); i++) {
		struct span bytes = span_text(quote(&arena, nasty[i]));
		emit_key(emit,
			 arena_format(&arena, "x%s", digest_hex(&arena, bytes.data, bytes.size)));
		plain ? emit_string(emit, nasty[i]) : emit_quoted(emit, nasty[i]);
	}
	emit_close(emit);
	assert_true(emit_end(emit, &error));
}

/* python3-yaml implements YAML 1.1, which reads more words as something else than 1.2 does. */
static void strings_come_back_as_strings(void **state)
{
	static const char program[] =
		"import sys, yaml\n"
		"for document in yaml.safe_load_all(open(sys.argv[1], encoding=\"utf-8\")):\n"
		"  for key, value in document.items():\n"
		"    assert type(value) is str and key == \"x\" + value.encode().hex(), (key, "
		"value)\n";
	char path[] = "/tmp/test_yaml.XXXXXX";
	char command[1024];
	FILE *out = scratch(path);

	(void)state;
	for (int i = 0; i < 4; i++)
		write_nasty(out, i & 1, i & 2);
	assert_int_equal(fclose(out), 0);
	snprintf(command, sizeof command, "/usr/bin/python3 -c '%s' %s", program, path);
	int status = system(command);
	unlink(path);
	assert_int_equal(status, 0);
}

static void check(void (*write)(struct emit *emit), const char *expected)
{
	char *text = NULL;
	size_t size = 0;
	struct error error;
	FILE *out = open_memstream(&text, &size);
	struct emit *emit = emit_begin(out, EMIT_YAML, false);

	write(emit);
	assert_true(emit_end(emit, &error));
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void write_values(struct emit *emit)
{
	emit_map(emit);
	emit_key_number(emit, "size", 256);
	emit_key(emit, "init");
	emit_hex(emit, 0xb8);
	emit_key_bool(emit, "complete", true);
	emit_key_string(emit, "abi", NULL);
	emit_key_quoted(emit, "hash", NULL);
	emit_key_quoted(emit, "release", "4.14.275");
	emit_key_string(emit, "source", "packages/kmod-a_1_mips.ipk");
	emit_key_string(emit, "license", "NO");
	emit_close(emit);
}

static void values_are_spelled(void **state)
{
	(void)state;
	check(write_values, "size: 256\n"
			    "init: 0xb8\n"
			    "complete: true\n"
			    "abi: null\n"
			    "hash: null\n"
			    "release: \"4.14.275\"\n"
			    "source: packages/kmod-a_1_mips.ipk\n"
			    "license: \"NO\"\n");
}

static void write_lists(struct emit *emit)
{
	struct arena arena _cleanup_arena_ = {0};
	struct strings few = {0}, many = {0};

	*array_add(&arena, &few) = "a";
	*array_add(&arena, &few) = "8021q";
	for (int i = 0; i < 12; i++)
		*array_add(&arena, &many) = "kmod-nfnetlink-queue";
	emit_map(emit);
	emit_key_strings(emit, "few", &few);
	emit_key_strings(emit, "none", &(struct strings){0});
	emit_key_strings(emit, "many", &many);
	emit_close(emit);
}

static void long_lists_get_a_line_each(void **state)
{
	(void)state;
	check(write_lists, "few: [a, \"8021q\"]\n"
			   "none: []\n"
			   "many:\n"
			   "- kmod-nfnetlink-queue\n- kmod-nfnetlink-queue\n- "
			   "kmod-nfnetlink-queue\n- kmod-nfnetlink-queue\n"
			   "- kmod-nfnetlink-queue\n- kmod-nfnetlink-queue\n- "
			   "kmod-nfnetlink-queue\n- kmod-nfnetlink-queue\n"
			   "- kmod-nfnetlink-queue\n- kmod-nfnetlink-queue\n- "
			   "kmod-nfnetlink-queue\n- kmod-nfnetlink-queue\n");
}

static void a_full_disk_is_an_error(void **state)
{
	struct error error = {0};
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	setvbuf(out, NULL, _IONBF, 0);
	struct emit *emit = emit_begin(out, EMIT_YAML, false);
	emit_map(emit);
	emit_key_string(emit, "a", "b");
	emit_close(emit);
	assert_false(emit_end(emit, &error));
	assert_non_null(strstr(error.text, "cannot write"));
	fclose(out);
}

static void unbalanced_is_an_error(void **state)
{
	struct error error = {0};
	FILE *out = fopen("/dev/null", "w");

	(void)state;
	struct emit *emit = emit_begin(out, EMIT_YAML, false);
	emit_map(emit);
	emit_close(emit);
	emit_close(emit);
	assert_false(emit_end(emit, &error));
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_come_back_as_strings),
		cmocka_unit_test(values_are_spelled),
		cmocka_unit_test(long_lists_get_a_line_each),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test(unbalanced_is_an_error),
	};

	return cmocka_run_group_tests_name("emit", tests, NULL, NULL);
}

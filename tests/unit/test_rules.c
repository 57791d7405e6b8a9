/* SPDX-License-Identifier: ISC */
/* Tests rules/: the built-in texts, other directories, and what is refused. */
#include "unit/made.h"
#include "unpack/compress/decompress.h"
#include "unpack/embedded.h"
#include "unpack/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *rules_text(struct arena *arena, const char *name)
{
	struct error error = {""};
	struct span text;

	if (!embedded_rule(arena, name, &text, &error))
		fail_msg("%s", error.text);
	return arena_chars(arena, text);
}

static void file_write(const char *dir, const char *name, const char *text, size_t size)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void dir_remove(const char *dir)
{
	static const char *const names[] = {"checks.yaml", "policy.yaml"};
	char path[256];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(dir), 0);
}

/* Reads a directory with that file; expects an error that contains WANT, or no error if WANT is
 * NULL. */
static void read_with(const char *name, const char *text, const char *want, struct rules *ret,
		      struct arena *arena)
{
	char dir[] = "/tmp/kmodaudit-rules-XXXXXX";
	struct error error = {""};

	assert_non_null(mkdtemp(dir));
	file_write(dir, name, text, strlen(text));
	bool good = rules_read(arena, dir, ret, &error);
	dir_remove(dir);
	if (good != (want == NULL) || (want && !strstr(error.text, want)))
		fail_msg("error is '%s', not '%s'", error.text, want ? want : "");
}

static void test_compiled_in(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules;
	struct error error;
	size_t ids = 0;

	assert_true(rules_read(&arena, NULL, &rules, &error));
	while (finding_ids[ids])
		ids++;
	assert_int_equal(rules.count, ids);
	assert_true(rules.accepted[PROOF_SYMBOL_CRCS]);
	assert_true(rules.accepted[PROOF_IDENTITY]);
	assert_true(rules.accepted[PROOF_CONFIG_CORE]);
	assert_false(rules.accepted[PROOF_TWINS]);
	assert_int_equal(rules_find(&rules, "symbol-missing")->level, LEVEL_ERROR);
	assert_int_equal(rules_find(&rules, "package-missing")->level, LEVEL_WARNING);
	assert_null(rules_find(&rules, "nothing"));
}

static void test_level(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules;
	struct error error;

	assert_true(rules_read(&arena, NULL, &rules, &error));
	struct finding finding = {.id = "vermagic", .outcome = OUTCOME_FAILS};
	assert_int_equal(rules_level(&rules, &finding), LEVEL_ERROR);
	finding.outcome = OUTCOME_REMARK;
	assert_int_equal(rules_level(&rules, &finding), LEVEL_NOTE);
	finding = (struct finding){.id = "this-module", .outcome = OUTCOME_UNKNOWN};
	assert_int_equal(rules_level(&rules, &finding), LEVEL_NOTE);
	finding = (struct finding){.id = "machine", .outcome = OUTCOME_UNKNOWN};
	assert_int_equal(rules_level(&rules, &finding), LEVEL_UNKNOWN);
	finding = (struct finding){.id = "not in the rules", .outcome = OUTCOME_FAILS};
	assert_int_equal(rules_level(&rules, &finding), LEVEL_ERROR);
}

static void test_own_policy(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules;

	read_with("policy.yaml", "accept: [twins]\n", NULL, &rules, &arena);
	assert_true(rules.accepted[PROOF_TWINS]);
	assert_false(rules.accepted[PROOF_IDENTITY]);
	/* missing keys have the strictest value */
	assert_int_equal(rules.unproven, GATE_FAIL);
	assert_string_equal(rules.waivable.list[0], "*");
	read_with("policy.yaml", "accept: []\n", NULL, &rules, &arena);
	assert_false(rules.accepted[PROOF_SYMBOL_CRCS]);
}

/* A preset is the same whatever the directory's own policy is; "default" is that policy. */
static void test_presets_of_directory(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	char dir[] = "/tmp/kmodaudit-rules-XXXXXX";
	const char *text = "accept: [twins]\nlevels: {autoload: note}\n";
	struct error error = {""};
	struct rules rules;

	assert_non_null(mkdtemp(dir));
	file_write(dir, "policy.yaml", text, strlen(text));
	assert_true(rules_read(&arena, dir, &rules, &error));
	assert_true(policy_read(&arena, "lenient", &rules, &error));
	assert_int_equal(rules_find(&rules, "autoload")->level, LEVEL_WARNING);
	assert_true(rules.accepted[PROOF_IDENTITY]);
	assert_true(policy_read(&arena, "default", &rules, &error));
	assert_int_equal(rules_find(&rules, "autoload")->level, LEVEL_NOTE);
	assert_false(rules.accepted[PROOF_IDENTITY]);
	dir_remove(dir);
}

static void test_own_checks(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules;
	char *text = rules_text(&arena, "checks.yaml");
	char *at = strstr(strstr(text, "- id: symbol-missing"), "level: error");

	memcpy(at, "level: note ", 12);
	read_with("checks.yaml", text, NULL, &rules, &arena);
	assert_int_equal(rules_find(&rules, "symbol-missing")->level, LEVEL_NOTE);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *file, *text, *want;
	} bad[] = {
		{"policy.yaml", "accept: [luck]\n", "line 1: 'luck' is not a proof"},
		{"policy.yaml", "accept: twins\n", "accept must be a list of proofs"},
		{"policy.yaml", "accept: [[twins]]\n", "is not a proof"},
		{"policy.yaml", "", "accept must be a list of proofs"},
		{"policy.yaml", "accept: [twins]\nacept: []\n", "acept"},
		{"policy.yaml", "accept: [twins]\nbase: strict\n", "line 2: unknown key 'base'"},
		{"policy.yaml", "accept: [twins]\nunproven: sometimes\n",
		 "line 2: unproven must be"},
		{"policy.yaml", "[", "policy.yaml"},
		{"checks.yaml", "", "not a list of rules"},
		{"checks.yaml", "[]", "rule 'package-unreadable' is missing"},
		{"checks.yaml", "- 5\n", "unknown rule ''"},
		{"checks.yaml",
		 "- {id: luck, level: error, title: a, why: b, remedy: c, source: d}\n",
		 "unknown rule 'luck'"},
		{"checks.yaml",
		 "- {id: machine, level: grave, title: a, why: b, remedy: c, source: d}\n",
		 "level must be"},
		{"checks.yaml", "- {id: machine, title: a, why: b, remedy: c, source: d}\n",
		 "level must be"},
		{"checks.yaml",
		 "- {id: machine, level: error, unknown: 3, title: a, why: b, remedy: c, source: "
		 "d}\n",
		 "unknown must be"},
		{"checks.yaml",
		 "- {id: machine, level: error, title: a, why: '', remedy: c, source: d}\n",
		 "rule 'machine' has no why"},
		{"checks.yaml",
		 "- {id: machine, level: error, title: a, why: b, remedy: c, source: d, sauce: "
		 "e}\n",
		 "sauce"},
		{"checks.yaml",
		 "- {id: machine, level: error, title: a, why: b, remedy: c, source: d}\n"
		 "- {id: machine, level: error, title: a, why: b, remedy: c, source: d}\n",
		 "line 2: rule 'machine' occurs twice"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct rules rules;

		read_with(bad[i].file, bad[i].text, bad[i].want, &rules, &arena);
	}
}

static void test_no_directory(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules;
	struct error error;

	assert_false(rules_read(&arena, "/nonexistent/rules", &rules, &error));
	assert_string_equal(error.text, "/nonexistent/rules: no such directory");
}

/* Truncated rules are refused: they are never used in part. */
static void test_cut_short(void **state)
{
	(void)state;
	char dir[] = "/tmp/kmodaudit-rules-XXXXXX";
	_cleanup_arena_ struct arena kept = {0};
	const char *text = rules_text(&kept, "checks.yaml");

	assert_non_null(mkdtemp(dir));
	for (size_t size = 1; size < strlen(text) - 40; size *= 2) {
		_cleanup_arena_ struct arena arena = {0};
		struct rules rules;
		struct error error = {""};

		file_write(dir, "checks.yaml", text, size);
		assert_false(rules_read(&arena, dir, &rules, &error));
		assert_true(strlen(error.text) > 0);
	}
	dir_remove(dir);
}

/* Each file below rules/ is in the program, unchanged. */
static void test_unpacked(void **state)
{
	(void)state;
	for (const struct embedded *file = embedded_rules; file->name; file++) {
		_cleanup_arena_ struct arena arena = {0};
		struct error error = {""};
		struct span packed, source;

		assert_true(embedded_rule(&arena, file->name, &packed, &error));
		assert_true(file_read(&arena, arena_format(&arena, "rules/%s", file->name),
				      16 << 20, &source, &error));
		assert_true(span_equal(packed, source));
	}
}

/* Half of a frame, one of a size beyond the limit, one without the file that it was packed
 * against, and no frame. */
static void test_damaged(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	const struct embedded *file = embedded_rules;
	struct span none = {NULL, 0}, whole, ret;
	struct error error = {""};

	while (!file->base)
		file++;
	whole = span_from(file->bytes, file->size);
	assert_false(decompress_zstd_from(&arena, none, span_from(file->bytes, file->size / 2),
					  16 << 20, &ret, &error));
	assert_false(decompress_zstd_from(&arena, none, whole, 10, &ret, &error));
	assert_string_equal(error.text, "zstd: no frame of a size up to 10");
	assert_false(decompress_zstd_from(&arena, none, whole, 16 << 20, &ret, &error));
	assert_false(
		decompress_zstd_from(&arena, none, SPAN_OF("no frame"), 16 << 20, &ret, &error));
}

static void test_not_embedded(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct error error = {""};
	struct span text;

	assert_false(embedded_rule(&arena, "kernel/0.1.yaml", &text, &error));
	assert_string_equal(error.text, "kernel/0.1.yaml: not one of the built-in rules");
}

/* docs/rules.md has one line for each rule, in these words. */
static void test_documented(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct rules rules;
	struct error error;
	static char text[1 << 17];
	FILE *file = fopen("docs/rules.md", "r");
	size_t rows = 0;

	assert_non_null(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	assert_true(rules_read(&arena, NULL, &rules, &error));
	array_each(rule, &rules)
		if (!strstr(text,
			    arena_format(&arena, "| `%s` | %s | %s | %s | %s | %s |\n", rule->id,
					 level_name[rule->level], level_name[rule->unknown],
					 rule->title, rule->why, rule->remedy)))
			fail_msg("docs/rules.md says something else of %s", rule->id);
	for (const char *at = text; (at = strstr(at, "\n| `")); at++)
		rows++;
	assert_int_equal(rows, rules.count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compiled_in),	     cmocka_unit_test(test_level),
		cmocka_unit_test(test_own_policy),	     cmocka_unit_test(test_own_checks),
		cmocka_unit_test(test_presets_of_directory), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_directory),	     cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_documented),	     cmocka_unit_test(test_unpacked),
		cmocka_unit_test(test_not_embedded),	     cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

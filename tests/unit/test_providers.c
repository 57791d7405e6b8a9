/* SPDX-License-Identifier: ISC */
/* Tests providers: the form of their files, ranges, and how versions relate to them. */
#include "unit/made.h"

#define HEAD "schema: kmodaudit/providers/1\nprovider: Example\ninterfaces:\n"

static bool parse(struct arena *arena, const char *text, struct providers *ret, struct error *error)
{
	return providers_parse(arena, "p.yaml", span_text(text), ret, error);
}

static void refused(const char *text, const char *want)
{
	_cleanup_arena_ struct arena arena = {0};
	struct providers providers = {0};
	struct error error = {""};

	assert_false(parse(&arena, text, &providers, &error));
	assert_string_equal(error.text, want);
	assert_int_equal(providers.statements.count + providers.built_against.count, 0);
}

static void test_form(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct providers providers = {0};
	struct error error = {""};

	if (!parse(&arena,
		   HEAD "- kernel: modules\n"
			"  current: 6.6.86-r1\n"
			"  own: {release: 6.6.86}\n"
			"  supports:\n"
			"  - {release: 6.6.80..6.6.86, revision: 1..}\n"
			"  - {abi: [" HASH ", " HASH2 "]}\n"
			"  revoked:\n"
			"  - {release: 6.6.84, since: 2024-02-29, why: it hangs}\n"
			"- {module: nf-nat, supports: [{version: 3}]}\n"
			"- {symbols: [nf_*, xt_a], revoked: [{abi: " HASH
			", since: 2026-01-01, why: x}]}\n"
			"- {namespace: CRYPTO_INTERNAL, supports: [{version: ..2.5}]}\n"
			"built_against:\n"
			"- {kernel: modules, version: \"4\"}\n"
			"- {module: a-b, version: 2.1}\n",
		   &providers, &error))
		fail_msg("%s", error.text);
	assert_int_equal(providers.statements.count, 4);

	const struct statement *kernel = &providers.statements.list[0];
	assert_string_equal(kernel->interface.text, "kernel");
	assert_string_equal(kernel->provider, "Example");
	assert_string_equal(kernel->current, "6.6.86-r1");
	assert_string_equal(kernel->own.text, "release 6.6.86");
	assert_string_equal(kernel->witness, "p.yaml: line 4");
	assert_string_equal(kernel->supports.list[0].text, "release 6.6.80..6.6.86, revision 1..");
	assert_string_equal(kernel->supports.list[1].text, "abi " HASH ", " HASH2);
	assert_string_equal(kernel->revoked.list[0].since, "2024-02-29");
	assert_string_equal(kernel->revoked.list[0].why, "it hangs");

	assert_string_equal(providers.statements.list[1].interface.text, "module nf_nat");
	assert_string_equal(providers.statements.list[2].interface.text, "symbols nf_*, xt_a");
	assert_int_equal(providers.statements.list[2].supports.count, 0);
	assert_int_equal(providers.statements.list[3].interface.kind, INTERFACE_NAMESPACE);
	assert_string_equal(providers.built_against.list[0].version, "4");
	assert_string_equal(providers.built_against.list[1].name, "a_b");
	assert_string_equal(providers.built_against.list[1].witness, "p.yaml: line 17");
}

static void test_form_refused(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "p.yaml: schema is not kmodaudit/providers/1"},
		{"- a\n", "p.yaml: schema is not kmodaudit/providers/1"},
		{"schema: kmodaudit/providers/2\n", "p.yaml: schema is not kmodaudit/providers/1"},
		{"schema: kmodaudit/providers/1\n",
		 "p.yaml: it has neither interfaces nor built_against"},
		{"schema: kmodaudit/providers/1\nxyz: 1\n", "p.yaml: line 2: unknown key 'xyz'"},
		{"schema: kmodaudit/providers/1\ninterfaces: []\n",
		 "p.yaml: line 1: provider is missing"},
		{HEAD "  {}\n", "p.yaml: line 4: interfaces must be a list of 1 to 256 entries"},
		{HEAD "- x\n",
		 "p.yaml: line 4: it names no interface: kernel, namespace, symbols or module"},
		{HEAD "- {module: a, kernel: modules}\n",
		 "p.yaml: line 4: it names both kernel and module"},
		{HEAD "- {kernel: other}\n",
		 "p.yaml: line 4: the kernel has only the interface modules"},
		{HEAD "- {module: ''}\n", "p.yaml: line 4: module must be a name"},
		{HEAD "- {module: [a]}\n", "p.yaml: line 4: module must be a name"},
		{HEAD "- {symbols: ['a b']}\n",
		 "p.yaml: line 4: symbols must be a name or a list of names"},
		{HEAD "- {symbols: 'a*b*'}\n",
		 "p.yaml: line 4: symbols must be a name or a list of names"},
		{HEAD "- {symbols: []}\n",
		 "p.yaml: line 4: symbols must be a list of 1 to 512 entries"},
		{HEAD "- {module: a}\n", "p.yaml: line 4: it has neither supports nor revoked"},
		{HEAD "- {module: a, supports: []}\n",
		 "p.yaml: line 4: supports must be a list of 1 to 256 entries"},
		{HEAD "- {module: a, supports: 3}\n",
		 "p.yaml: line 4: supports must be a list of 1 to 256 entries"},
		{HEAD "- {module: a, supports: [3]}\n",
		 "p.yaml: line 4: it must be a map of release, revision, version, abi"},
		{HEAD "- {module: a, supports: [{}]}\n",
		 "p.yaml: line 4: it names no release, revision, version or abi"},
		{HEAD "- {module: a, supports: [{versions: 3}]}\n",
		 "p.yaml: line 4: unknown key 'versions'; did you mean 'version'?"},
		{HEAD "- {module: a, supports: [{version: [3]}]}\n",
		 "p.yaml: line 4: version must be a range such as 1..3"},
		{HEAD "- {module: a, supports: [{version: 3..2}]}\n",
		 "p.yaml: line 4: version: '3..2' ends before it begins"},
		{HEAD "- {module: a, supports: [{version: ..}]}\n",
		 "p.yaml: line 4: version: '..' is not a range"},
		{HEAD "- {module: a, supports: [{version: x}]}\n",
		 "p.yaml: line 4: version: 'x' is not a version that can be ordered"},
		{HEAD "- {module: a, supports: [{abi: 12ab}]}\n",
		 "p.yaml: line 4: abi must be 32 lower-case hex digits, or a list of such hashes"},
		{HEAD "- {module: a, supports: [{abi: []}]}\n",
		 "p.yaml: line 4: abi must list 1 to 256 hashes"},
		{HEAD "- {module: a, own: {}, supports: [{version: 1}]}\n",
		 "p.yaml: line 4: it names no release, revision, version or abi"},
		{HEAD "- {module: a, revoked: [{version: 1, since: 2026-01-01}]}\n",
		 "p.yaml: line 4: why is missing"},
		{HEAD "- {module: a, revoked: [{version: 1, why: x}]}\n",
		 "p.yaml: line 4: since is missing"},
		{HEAD "- {module: a, revoked: [{version: 1, why: '', since: 2026-01-01}]}\n",
		 "p.yaml: line 4: why must be a text of 1 to 400 bytes"},
		{HEAD "- {module: a, revoked: [{version: 1, why: x, since: 2025-02-29}]}\n",
		 "p.yaml: line 4: since must be a date, YYYY-MM-DD"},
		{HEAD "- {module: a, revoked: [{version: 1, why: x, since: 2025-2-1}]}\n",
		 "p.yaml: line 4: since must be a date, YYYY-MM-DD"},
		{HEAD "- {module: a, revoked: [{version: 1, why: x, since: 2025-13-01}]}\n",
		 "p.yaml: line 4: since must be a date, YYYY-MM-DD"},
		{HEAD "- {module: a, revoked: [{since: 2025-01-01, why: x}]}\n",
		 "p.yaml: line 4: it names no release, revision, version or abi"},
		{"schema: kmodaudit/providers/1\nbuilt_against:\n- {module: a}\n",
		 "p.yaml: line 3: version is missing"},
		{"schema: kmodaudit/providers/1\nbuilt_against:\n- {module: a, version: 1, x: 1}\n",
		 "p.yaml: line 3: unknown key 'x'"},
		{"schema: kmodaudit/providers/1\nbuilt_against:\n- {symbols: [a], version: 1}\n",
		 "p.yaml: line 3: symbols must be a name or a list of names"},
		/* a valid statement before an invalid one is not used */
		{HEAD "- {module: a, supports: [{version: 1}]}\n- {module: b}\n",
		 "p.yaml: line 5: it has neither supports nor revoked"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		refused(cases[i].text, cases[i].want);
}

static enum fit fits(const char *text, const char *value, bool local)
{
	_cleanup_arena_ struct arena arena = {0};
	struct range range;
	const char *why = "";

	if (!range_read(&arena, text, &range, &why))
		fail_msg("%s %s", text, why);
	return range_fit(&range, value, local);
}

static void test_range(void **state)
{
	(void)state;
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.80", true), FIT_YES);
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.86", true), FIT_YES);
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.79", true), FIT_OLDER);
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.8", true), FIT_OLDER);
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.100", true), FIT_NEWER);
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.86.1", true), FIT_NEWER);
	assert_int_equal(fits("..6.12", "6.12.0", true), FIT_YES);
	assert_int_equal(fits("..6.12", "6.12.1", true), FIT_NEWER);
	assert_int_equal(fits("6.12..", "6.12-rc3", true), FIT_OLDER);
	assert_int_equal(fits("6.12-rc2..", "6.12-rc10", true), FIT_YES);
	assert_int_equal(fits("800150..800200", "800100", false), FIT_OLDER);
	assert_int_equal(fits("2.5", "2.5.0", false), FIT_YES);
	assert_int_equal(fits("2.5", "2.05", false), FIT_YES);
}

static void test_range_behind(void **state)
{
	(void)state;
	/* the local version of a release does not matter for its order */
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.86-custom", true), FIT_YES);
	assert_int_equal(fits("6.6.80..6.6.86", "6.6.86+", true), FIT_YES);
	assert_int_equal(fits("..6.1.0-22", "6.1.0-22-amd64", true), FIT_YES);
	assert_int_equal(fits("..6.1.0-22", "6.1.0-23-amd64", true), FIT_NEWER);
	assert_int_equal(fits("..6.1.0-22", "6.1.0-amd64", true), FIT_UNKNOWN);
	assert_int_equal(fits("..6.1.0-22", "6.0.9", true), FIT_YES);
	/* in a version it might mean before or after */
	assert_int_equal(fits("2.1..3.0", "2.5-beta", false), FIT_UNKNOWN);
	assert_int_equal(fits("2.1..3.0", "2.5~git", false), FIT_UNKNOWN);
	assert_int_equal(fits("2.1..3.0", "v2.5", false), FIT_UNKNOWN);
	assert_int_equal(fits("2.1..3.0", "2.", false), FIT_UNKNOWN);
	assert_int_equal(fits("2.1..3.0", "", false), FIT_UNKNOWN);
	assert_int_equal(fits("2.1..3.0", NULL, false), FIT_UNKNOWN);
	assert_int_equal(fits("2.1..3.0", "1.2.3.4.5.6.7.8.9", false), FIT_UNKNOWN);
	assert_int_equal(fits("1..", "99999999999999999999", false), FIT_UNKNOWN);
}

static void test_range_refused(void **state)
{
	static const char *const bad[] = {"",
					  "..",
					  "...",
					  "1...2",
					  "1..2..3",
					  "a..b",
					  "1-x",
					  "1..-2",
					  "-1",
					  "1 .. 2",
					  "2..1",
					  "1.",
					  ".1",
					  "2-rc1..2-rc0",
					  "1-5..1-4",
					  "6.6-rc..",
					  "99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		_cleanup_arena_ struct arena arena = {0};
		struct range range;
		const char *why;

		if (range_read(&arena, bad[i], &range, &why))
			fail_msg("'%s' was taken for a range", bad[i]);
	}
}

static void test_builds(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct providers providers = {0};
	struct error error = {""};
	struct built built = {.release = "6.6.86", .abi = HASH};
	const char *lacks = NULL;

	if (!parse(&arena,
		   HEAD
		   "- {kernel: modules, supports: [{release: 6.6.86, revision: 2..}, {abi: " HASH2
		   "}]}\n"
		   "- {kernel: modules, supports: [{release: ..6.6.85}, {release: ..6.6.80}]}\n"
		   "- {kernel: modules, supports: [{release: ..6.6.85, version: 3}]}\n"
		   "- {kernel: modules, supports: [{release: ..6.6.85}, {release: 6.6.87..}]}\n",
		   &providers, &error))
		fail_msg("%s", error.text);

	const struct statement *list = providers.statements.list;
	/* whether the build is supported is unknown, and nothing else supports it */
	assert_int_equal(supports_fit(&list[0].supports, &built, &lacks), FIT_UNKNOWN);
	assert_string_equal(lacks, "revision");
	built.revision = "1";
	assert_int_equal(supports_fit(&list[0].supports, &built, &lacks), FIT_OTHER);
	built.abi = HASH2;
	assert_int_equal(supports_fit(&list[0].supports, &built, &lacks), FIT_YES);
	assert_int_equal(supports_fit(&list[1].supports, &built, &lacks), FIT_NEWER);
	/* it is certainly not supported, whatever the version is */
	assert_int_equal(supports_fit(&list[2].supports, &built, &lacks), FIT_NEWER);
	assert_int_equal(supports_fit(&list[3].supports, &built, &lacks), FIT_OTHER);
}

static void test_globs(void **state)
{
	(void)state;
	assert_true(glob_fits("nf_*", "nf_"));
	assert_true(glob_fits("*_nf", "a_nf_nf"));
	assert_true(glob_fits("nf_*_get", "nf_x_get"));
	assert_true(glob_fits("nf_*_get", "nf__get"));
	assert_true(glob_fits("*", ""));
	assert_false(glob_fits("nf_*", "xnf_"));
	assert_false(glob_fits("nf", "nf_x"));
	assert_false(glob_fits("nf_*_get", "nf_get"));
	assert_false(glob_fits("n?", "nf"));
	assert_false(glob_fits("[n]f", "nf"));
}

static void test_added(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct providers providers = {0};
	struct span good = SPAN_OF(HEAD "- {module: a, supports: [{version: 1}]}\n");

	providers_add(&arena, "one", good, good.size, &providers);
	providers_add(&arena, "two", span_text("x: 1\n"), 5, &providers);
	providers_add(&arena, "three", (struct span){0}, PROVIDER_FILE_MOST + 1, &providers);
	for (size_t i = providers.files; i < PROVIDER_FILES_MOST + 5; i++)
		providers_add(&arena, "more", good, good.size, &providers);
	assert_int_equal(providers.statements.count, PROVIDER_FILES_MOST - 2);
	assert_int_equal(providers.problems.count, 3);
	assert_string_equal(providers.problems.list[0], "two: schema is not kmodaudit/providers/1");
	assert_string_equal(providers.problems.list[1], "three: more than 65536 bytes");
	assert_string_equal(providers.problems.list[2], "more: more than 32 providers files");
}

static void test_names_bounded(void **state)
{
	(void)state;
	_cleanup_arena_ struct arena arena = {0};
	struct providers providers = {0};
	struct error error = {""};
	const char *names = "s0";

	for (int i = 1; i < 512; i++)
		names = arena_format(&arena, "%s, s%d", names, i);
	const char *text =
		arena_format(&arena, HEAD "- {symbols: [%s], supports: [{version: 1}]}\n", names);

	assert_true(parse(&arena, text, &providers, &error));
	assert_true(parse(&arena, text, &providers, &error));
	assert_false(parse(&arena, text, &providers, &error));
	assert_string_equal(error.text,
			    "p.yaml: more than 1024 interface names in all providers files");
	assert_int_equal(providers.statements.count, 2);
}

static void test_paths(void **state)
{
	(void)state;
	assert_true(providers_is_path("usr/share/kmodaudit/providers/a.yaml"));
	assert_true(providers_is_path("etc/kmodaudit/providers/a.yaml"));
	assert_false(providers_is_path("etc/kmodaudit/providers/a.yml"));
	assert_false(providers_is_path("etc/kmodaudit/providers/b/a.yaml"));
	assert_false(providers_is_path("x/etc/kmodaudit/providers/a.yaml"));
	assert_false(providers_is_path("etc/kmodaudit/providers/"));
}

/* ---- statements and packages ---- */

/* kmod-x uses module foo of kmod-foo, whose provider states TEXT. Returns the finding. */
static const struct finding *said_of(struct made *made, const char *text, const char *id,
				     enum outcome outcome)
{
	struct error error = {""};

	made->image.providers = (struct providers){0};
	if (!parse(&made->arena, text, &made->image.providers, &error))
		fail_msg("%s", error.text);

	struct verdicts *verdicts = arena_new(&made->arena, struct verdicts);
	*verdicts = made_judge(made);
	return made_among(&made_result(verdicts, "kmod-x")->findings, id, outcome);
}

static struct package *made_foo(struct made *made)
{
	struct package *package = made_kmod(made, "kmod-foo", "foo");

	made_string(made, &made->xm->modinfo.depends, "foo");
	return package;
}

#define FOO(supports) HEAD "- {module: foo, supports: [{" supports "}]}\n"

static void test_version_of_module(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *foo = made_foo(made);

	/* the version of its package without release and revision, unless modinfo has one */
	foo->version = RELEASE "+2.1-3";
	assert_non_null(said_of(made, FOO("version: 2.1, revision: 3"), "declared", OUTCOME_HOLDS));
	assert_non_null(said_of(made, FOO("version: 2.1, revision: 4.."), "interface-range",
				OUTCOME_FAILS));
	foo->modules.list[0].modinfo.version = "2.2";
	assert_non_null(said_of(made, FOO("version: 2.2, revision: 3"), "declared", OUTCOME_HOLDS));
	assert_non_null(said_of(made, FOO("version: 2.1"), "interface-range", OUTCOME_FAILS));
	foo->modules.list[0].modinfo.version = "2.2-k";
	assert_non_null(said_of(made, FOO("version: 2.2"), "interface-range", OUTCOME_UNKNOWN));
	made_free(made);
}

static void test_version_depended_on(void **state)
{
	(void)state;
	struct made *made = made_new();
	struct package *foo = made_foo(made);

	foo->version = RELEASE "+2.1-3";
	made_depends(made, made->x, "kmod-foo (= " RELEASE "+2.1-3)");
	foo->modules.list[0].modinfo.version = "7";
	assert_non_null(said_of(made, FOO("version: 2.1"), "declared", OUTCOME_HOLDS));
	made_depends(made, made->x, "kmod-bar (= 7)");
	assert_non_null(said_of(made, FOO("version: 2.1"), "declared", OUTCOME_HOLDS));
	made_free(made);
}

static void test_kernel_version(void **state)
{
	(void)state;
	struct made *made = made_new();
	const char *release = HEAD "- {kernel: modules, supports: [{release: " RELEASE "}]}\n";
	const char *abi = HEAD "- {kernel: modules, supports: [{abi: " HASH "}]}\n";

	assert_non_null(said_of(made, abi, "declared", OUTCOME_HOLDS));
	/* without a pin only the release is known: from the directory, else from vermagic, else
	 * not at all */
	made->x->abi = (struct abi){0};
	assert_non_null(said_of(made, abi, "interface-range", OUTCOME_UNKNOWN));
	assert_non_null(said_of(made, release, "declared", OUTCOME_HOLDS));
	/* supported, but possibly revoked: does not pass */
	release = HEAD "- {kernel: modules, supports: [{release: " RELEASE
		       "}], revoked: [{abi: " HASH2 ", since: 2026-01-01, why: x}]}\n";
	assert_non_null(said_of(made, release, "interface-revoked", OUTCOME_UNKNOWN));
	assert_null(said_of(made, release, "declared", OUTCOME_HOLDS));
	release = HEAD "- {kernel: modules, supports: [{release: " RELEASE "}]}\n";
	made->x->releases.count = 0;
	assert_non_null(said_of(made, release, "declared", OUTCOME_HOLDS));
	made->xm->modinfo.vermagic = NULL;
	assert_non_null(said_of(made, release, "interface-range", OUTCOME_UNKNOWN));
	made_free(made);
}

static void test_absent(void **state)
{
	(void)state;
	struct made *made = made_new();

	/* without modules.builtin it may be built in; with it, it does not exist */
	made_string(made, &made->xm->modinfo.depends, "foo");
	assert_non_null(said_of(made, FOO("version: 2.1"), "interface-absent", OUTCOME_UNKNOWN));
	made->image.builtin_witness = "modules.builtin";
	assert_non_null(said_of(made, FOO("version: 2.1"), "interface-absent", OUTCOME_FAILS));
	made_string(made, &made->image.builtin, "foo");
	assert_null(said_of(made, FOO("version: 2.1"), "interface-absent", OUTCOME_FAILS));
	assert_null(said_of(made, HEAD "- {module: bar, supports: [{version: 1}]}\n",
			    "interface-absent", OUTCOME_FAILS));
	made_free(made);
}

static void test_name_space(void **state)
{
	(void)state;
	struct made *made = made_new();
	const char *text = HEAD "- {namespace: \"NET*\", supports: [{release: " RELEASE "}]}\n";

	assert_null(said_of(made, text, "declared", OUTCOME_HOLDS));
	*MADE_ADD(made, &made->xm->modinfo.import_ns) = "NET_INTERNAL";
	assert_non_null(said_of(made, text, "interface-absent", OUTCOME_FAILS));
	made_export(made, &made->kernel.exports.table, "dev_x", 0)->name_space = "NET_INTERNAL";
	assert_non_null(said_of(made, text, "declared", OUTCOME_HOLDS));
	made->xm->modinfo.import_ns.count = 0;
	assert_null(said_of(made, text, "declared", OUTCOME_HOLDS));
	made_import(made, made->xm, "dev_x", 0);
	assert_non_null(said_of(made, text, "declared", OUTCOME_HOLDS));
	made_free(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_refused),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_range_behind),
		cmocka_unit_test(test_range_refused),
		cmocka_unit_test(test_builds),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_added),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_names_bounded),
		cmocka_unit_test(test_version_of_module),
		cmocka_unit_test(test_version_depended_on),
		cmocka_unit_test(test_kernel_version),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_name_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

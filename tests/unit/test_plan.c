/* SPDX-License-Identifier: ISC */
/* Tests the parsing of gate plans: all keys, patterns, pairs, names, refused plans, and that
 * `gate --init` writes a valid one. */
#include "commands/gate/plan.h"

#include <unistd.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Plans written by hand, in a folder of their own: plan.yaml, a.bin, b.bin, c d.bin, feeds/one,
 * feeds/two. */

#define HEAD "schema: kmodaudit/plan/1\n"
#define IMAGE "images: [{path: a.bin}]\n"
#define FEED "feeds: [{path: feeds/one}]\n"

struct made {
	struct arena arena;
	char folder[64];
	struct plan plan;
	struct error error;
};

static const char *in(struct made *made, const char *name)
{
	return arena_format(&made->arena, "%s/%s", made->folder, name);
}

static void file_make(struct made *made, const char *name, const char *text)
{
	FILE *file = fopen(in(made, name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int setup(void **state)
{
	struct made *made = calloc(1, sizeof *made);

	strcpy(made->folder, "/tmp/kmodaudit-plan-XXXXXX");
	assert_non_null(mkdtemp(made->folder));
	file_make(made, "a.bin", "");
	file_make(made, "b.bin", "");
	file_make(made, "c d.bin", "");
	assert_int_equal(mkdir(in(made, "feeds"), 0700), 0);
	assert_int_equal(mkdir(in(made, "feeds/one"), 0700), 0);
	assert_int_equal(mkdir(in(made, "feeds/two"), 0700), 0);
	*state = made;
	return 0;
}

static int teardown(void **state)
{
	struct made *made = *state;
	static const char *const names[] = {"plan.yaml", "a.bin",     "b.bin", "c d.bin",
					    "feeds/one", "feeds/two", "feeds"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		remove(in(made, names[i]));
	remove(made->folder);
	arena_free(&made->arena);
	free(made);
	return 0;
}

static bool plan_of(struct made *made, const char *text)
{
	file_make(made, "plan.yaml", text);
	return plan_read(&made->arena, in(made, "plan.yaml"), &made->plan, &made->error);
}

/* The error must name the file and contain WHAT. */
static void refused(struct made *made, const char *text, const char *what)
{
	const char *path = in(made, "plan.yaml");

	if (plan_of(made, text))
		fail_msg("took '%s'", text);
	assert_int_equal(strncmp(made->error.text, path, strlen(path)), 0);
	if (!strstr(made->error.text, what))
		fail_msg("'%s' does not say '%s'", made->error.text, what);
}

static void test_least(void **state)
{
	struct made *made = *state;

	assert_true(plan_of(made, HEAD IMAGE FEED));
	assert_int_equal(made->plan.images.count, 1);
	assert_string_equal(made->plan.images.list[0].name, "a.bin");
	assert_string_equal(made->plan.images.list[0].path, in(made, "a.bin"));
	assert_string_equal(made->plan.feeds.list[0].name, "one");
	assert_int_equal(made->plan.feeds.list[0].sources.count, 1);
	assert_string_equal(made->plan.feeds.list[0].sources.list[0], in(made, "feeds/one"));
	assert_int_equal(made->plan.pairs.count, 1);
	assert_null(made->plan.reports);
	assert_null(made->plan.policy);
	assert_string_equal(plan_report(&made->arena, &made->plan, &made->plan.pairs.list[0]),
			    "a.bin--one.yaml");
}

static void test_all_keys(void **state)
{
	struct made *made = *state;

	assert_true(plan_of(
		made, HEAD
		"images:\n"
		"  - {name: router, path: a.bin, manifest: m, config: c, symvers: s, part: 2, "
		"keys: k, providers: [p, /q]}\n"
		"feeds:\n"
		"  - {name: all, sources: [feeds/one, https://host/x], lists: l, from-image: true, "
		"config: fc, symvers: fs, providers: fp}\n"
		"pairs: [{image: r*, feed: \"*\"}]\n"
		"keys: [k1, k2]\nproviders: p1\nwaivers: w\nbaseline: b\nreports: r\nrules: u\n"
		"policy: strict\n"));

	const struct plan_image *image = &made->plan.images.list[0];
	const struct plan_feed *feed = &made->plan.feeds.list[0];

	assert_string_equal(image->name, "router");
	assert_string_equal(image->manifest, in(made, "m"));
	assert_string_equal(image->config, in(made, "c"));
	assert_string_equal(image->symvers, in(made, "s"));
	assert_int_equal(image->part, 2);
	assert_string_equal(image->keys.list[0], in(made, "k"));
	assert_string_equal(image->providers.list[0], in(made, "p"));
	assert_string_equal(image->providers.list[1], "/q");
	assert_string_equal(feed->sources.list[1], "https://host/x");
	assert_string_equal(feed->lists.list[0], in(made, "l"));
	assert_true(feed->from_image);
	assert_string_equal(feed->config, in(made, "fc"));
	assert_string_equal(feed->symvers, in(made, "fs"));
	assert_string_equal(feed->providers.list[0], in(made, "fp"));
	assert_int_equal(made->plan.keys.count, 2);
	assert_string_equal(made->plan.providers.list[0], in(made, "p1"));
	assert_string_equal(made->plan.waivers, in(made, "w"));
	assert_string_equal(made->plan.baseline, in(made, "b"));
	assert_string_equal(made->plan.reports, in(made, "r"));
	assert_string_equal(made->plan.rules, in(made, "u"));
	assert_string_equal(made->plan.policy, "strict");
}

static void test_policy_path(void **state)
{
	struct made *made = *state;

	assert_true(plan_of(made, HEAD IMAGE FEED "policy: own.yaml\n"));
	assert_string_equal(made->plan.policy, in(made, "own.yaml"));
	assert_true(plan_of(made, HEAD IMAGE FEED "policy: /etc/own\n"));
	assert_string_equal(made->plan.policy, "/etc/own");
}

/* A folder has one spelling. */
static void test_spelling(void **state)
{
	struct made *made = *state;

	assert_true(plan_of(made, HEAD IMAGE "feeds:\n  - {name: x, sources: [./feeds//one/, "
					     "feeds/./one, feeds/one/., ., .., //x//y/]}\n"));

	const struct strings *sources = &made->plan.feeds.list[0].sources;

	for (size_t i = 0; i < 3; i++)
		assert_string_equal(sources->list[i], in(made, "feeds/one"));
	assert_string_equal(sources->list[3], made->folder);
	assert_string_equal(sources->list[4], in(made, ".."));
	assert_string_equal(sources->list[5], "/x/y");
}

static void test_patterns(void **state)
{
	struct made *made = *state;

	assert_true(plan_of(
		made, HEAD
		"images: [{path: \"*.bin\", part: 1}]\nfeeds: [{path: feeds/*, config: x}]\n"));
	assert_int_equal(made->plan.images.count, 3);
	assert_string_equal(made->plan.images.list[0].name, "a.bin");
	assert_string_equal(made->plan.images.list[1].name, "b.bin");
	assert_string_equal(made->plan.images.list[2].name, "c_d.bin");
	assert_string_equal(made->plan.images.list[2].path, in(made, "c d.bin"));
	assert_int_equal(made->plan.images.list[2].part, 1);
	assert_int_equal(made->plan.feeds.count, 2);
	assert_string_equal(made->plan.feeds.list[1].sources.list[0], in(made, "feeds/two"));
	assert_string_equal(made->plan.feeds.list[1].config, in(made, "x"));
	assert_int_equal(made->plan.pairs.count, 6);
}

/* Pairs are sorted by image, then feed, whatever their order in the file, and occur once. */
static void test_pairs(void **state)
{
	struct made *made = *state;
	static const struct plan_pair wanted[] = {{0, 0}, {0, 1}, {1, 1}};

	assert_true(plan_of(made, HEAD
			    "images: [{path: a.bin}, {path: b.bin}]\nfeeds: [{path: feeds/*}]\n"
			    "pairs: [{image: \"*\", feed: two}, {image: a.bin, feed: o*}, {image: "
			    "a.bin, feed: one}]\n"));
	assert_int_equal(made->plan.pairs.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(made->plan.pairs.list[i].image, wanted[i].image);
		assert_int_equal(made->plan.pairs.list[i].feed, wanted[i].feed);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *what;
	} cases[] = {
		{"", "line 1: is not a plan"},
		{"schema: kmodaudit/plan/2\n" IMAGE FEED, "line 1: is not a plan"},
		{IMAGE FEED, "line 1: is not a plan"},
		{"- a\n", "line 1: is not a plan"},
		{HEAD IMAGE FEED "image: x\n", "line 4"},
		{HEAD IMAGE FEED "reports: x\nreports: y\n", "line 5"},
		{HEAD IMAGE FEED "reports: [x]\n", "line 4: reports must be a text"},
		{HEAD IMAGE FEED "reports: \"\"\n", "line 4: reports must be a text"},
		{HEAD IMAGE FEED "keys: {a: b}\n",
		 "line 4: keys must be a path or a list of paths"},
		{HEAD IMAGE FEED "keys: []\n", "line 4: keys must be a path or a list of paths"},
		{HEAD IMAGE FEED "keys: [a, [b]]\n", "line 4: keys must hold paths"},
		{HEAD FEED, "line 1: images must be a list"},
		{HEAD "images: []\n" FEED, "line 2: images must be a list"},
		{HEAD "images: a.bin\n" FEED, "line 2: images must be a list"},
		{HEAD "images: [a.bin]\n" FEED, "line 2: an image must be a map"},
		{HEAD "images: [{name: x}]\n" FEED, "line 2: an image needs a path"},
		{HEAD "images: [{path: a.bin, arch: mips}]\n" FEED, "line 2"},
		{HEAD "images:\n  - path: a.bin\n  - path: nope*.bin\n" FEED,
		 "line 4: no file matches"},
		{HEAD "images: [{path: \"*.bin\", name: x}]\n" FEED,
		 "line 2: one name for 3 paths"},
		{HEAD "images: [{path: a.bin, part: 0}]\n" FEED, "line 2: part must be a number"},
		{HEAD "images: [{path: a.bin, part: two}]\n" FEED, "line 2: part must be a number"},
		{HEAD "images: [{path: a.bin, part: 1001}]\n" FEED,
		 "line 2: part must be a number"},
		{HEAD "images: [{path: a.bin, part: 99999999999999999999}]\n" FEED,
		 "line 2: part must be a number"},
		{HEAD "images: [{path: a.bin}, {path: a.bin}]\n" FEED,
		 "line 2: two images have the name a.bin"},
		{HEAD "images: [{path: a.bin}, {path: b.bin, name: a.bin}]\n" FEED,
		 "line 2: two images have the name a.bin"},
		{HEAD IMAGE, "line 1: feeds must be a list"},
		{HEAD IMAGE "feeds: [{name: x}]\n", "line 3: a feed needs a path"},
		{HEAD IMAGE "feeds: [{name: x, from-image: false}]\n",
		 "line 3: a feed needs a path"},
		{HEAD IMAGE "feeds: [{name: x, from-image: maybe}]\n",
		 "line 3: from-image must be true or false"},
		{HEAD IMAGE "feeds: [{path: x, sources: [y]}]\n",
		 "line 3: a feed with a path cannot have sources"},
		{HEAD IMAGE "feeds: [{path: x, from-image: true}]\n",
		 "line 3: a feed with a path cannot have sources"},
		{HEAD IMAGE "feeds: [{path: feeds/*, name: x}]\n", "line 3: one name for 2 paths"},
		{HEAD IMAGE "feeds: [{path: feeds/one}, {path: other/one}]\n",
		 "line 3: two feeds have the name one"},
		{HEAD IMAGE FEED "pairs: []\n", "line 4: pairs must be a list"},
		{HEAD IMAGE FEED "pairs: {image: a, feed: b}\n", "line 4: pairs must be a list"},
		{HEAD IMAGE FEED "pairs: [{image: a.bin}]\n", "line 4: a pair must be"},
		{HEAD IMAGE FEED
		 "pairs:\n  - {image: a.bin, feed: one}\n  - {image: b.bin, feed: one}\n",
		 "line 6: no image matches b.bin, or no feed matches one"},
		{HEAD IMAGE FEED "pairs: [{image: a.bin, feed: one, why: x}]\n", "line 4"},
		{HEAD "images: [{path: a.bin, name: a}, {path: b.bin, name: a--b}]\n"
		      "feeds: [{path: feeds/one, name: b--c}, {path: feeds/two, name: c}]\n",
		 "line 2: two pairs would write a--b--c.yaml"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		refused(*state, cases[i].text, cases[i].what);
}

/* A name is part of a file name, and must not lead out of the folder. */
static void test_names_refused(void **state)
{
	static const char *const names[] = {"../x",	 "/x",	     "a/b",	".x",
					    "..",	 "-o",	     "\"a b\"", "\"a\\nb\"",
					    "\"a\\0b\"", "\xc3\xa4", "\"\""};
	struct made *made = *state;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		refused(made,
			arena_format(&made->arena, HEAD "images: [{path: a.bin, name: %s}]\n" FEED,
				     names[i]),
			"");
		refused(made,
			arena_format(&made->arena, HEAD IMAGE "feeds: [{path: x, name: %s}]\n",
				     names[i]),
			"");
	}
}

static void test_names_made(void **state)
{
	static const struct {
		const char *path, *name;
	} cases[] = {
		{"/", "_"},
		{"..", "_."},
		{"a/..", "_."},
		{".hidden", "_hidden"},
		{"-x", "_x"},
		{"a b/c:d", "c_d"},
		{"https://host/x/kmods/", "kmods"},
	};
	struct made *made = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(plan_of(made, arena_format(&made->arena,
						       HEAD IMAGE "feeds: [{path: \"%s\"}]\n",
						       cases[i].path)));
		assert_string_equal(made->plan.feeds.list[0].name, cases[i].name);
	}
}

/* What --init writes is a valid plan, whatever the names are. */
static void test_init(void **state)
{
	struct made *made = *state;
	const char *images[] = {"a.bin", "c d.bin", "we\"ird\\: #x", "- x", "null"};

	for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
		const char *list[] = {"feeds/one", "feeds/two: {}"};
		struct strings feeds = {list, 2, 2};

		if (!plan_of(made, plan_init(&made->arena, images[i], &feeds, NULL)))
			fail_msg("%s", made->error.text);
		assert_string_equal(made->plan.images.list[0].path, in(made, images[i]));
		assert_string_equal(made->plan.feeds.list[1].sources.list[0], in(made, list[1]));
		assert_string_equal(made->plan.reports, in(made, "reports"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_least, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(test_policy_path, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spelling, setup, teardown),
		cmocka_unit_test_setup_teardown(test_patterns, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pairs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names_made, setup, teardown),
		cmocka_unit_test_setup_teardown(test_init, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

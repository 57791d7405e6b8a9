/* SPDX-License-Identifier: ISC */
/* Tests how the set behind a hash is found: in the database, by composition, by search. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/search/abi_identify.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "base/text.h"
#include "facts/search/abi_hints.h"
#include "facts/search/set_atoms.h"
#include "facts/search/set_base.h"

#include <elf.h>
#include <string.h>

/* For all tests: unpacking a series takes a while. */
static struct arena kept;
static const struct abi_database *database;

static int database_open(void **state)
{
	const struct strings none = {.list = NULL};
	struct error error;

	(void)state;
	return abi_database_open(&kept, &none, &database, &error) ? 0 : -1;
}

static int database_close(void **state)
{
	(void)state;
	arena_free(&kept);
	return 0;
}

static const struct abi_answer *answer_of(const struct abi_question *question, uint64_t tries,
					  unsigned threads)
{
	return abi_identify(abi_identifier_new(&kept, database, tries, threads), question);
}

/* The set that 24.10.8 ath79/generic would have with the NAMES turned on ('+') or off, each with
 * what it drags along. */
static const char *hash_made(const char *const *names)
{
	struct abi_build build = {.release = "24.10.8", .target = "ath79/generic"};
	const struct abi_question question = {.release = build.release, .target = build.target};
	size_t left;
	struct abi_builds builds = set_bases_choose(&kept, database, &question, &left);
	const struct strings none = {.list = NULL};
	struct set_bases bases;
	struct set_state state;

	builds.count = 1;
	bases = set_bases_open(&kept, database, &builds);
	state = set_state_copy(&kept, bases.list[0].model, &bases.list[0].official);
	for (; *names; names++) {
		struct set_atoms atoms =
			set_atoms_of(&kept, &bases.list[0].options, &state, &none, false);
		const struct set_atom *wanted = NULL;

		array_each(atom, &atoms)
			if (strcmp(atom->name, *names) == 0)
				wanted = atom;
		assert_non_null(wanted);
		set_state_turn(&state, &wanted->turns);
	}
	return set_compose(&kept, bases.list[0].model, &state).hash;
}

static const struct abi_question made = {
	.release = "24.10.8", .target = "ath79/generic", .kernel = "6.6.144"};

static void test_known_hash_costs_no_try(void **state)
{
	const struct abi_question question = {.hash = "a21259e4f338051d27a6443a3a7f7f1f"};
	const struct abi_answer *answer = answer_of(&question, ABI_TRIES, 1);

	(void)state;
	assert_int_equal(answer->how, ABI_KNOWN);
	assert_int_equal(answer->tried, 0);
	assert_non_null(strstr(answer->text, "OpenWrt 24.10.0 x86/64"));
	assert_string_equal(answer->set.hash, question.hash);
}

static void test_no_hash_and_no_ground_are_not_searched(void **state)
{
	struct abi_question question = {.hash = "xyz"};

	(void)state;
	assert_int_equal(answer_of(&question, ABI_TRIES, 1)->how, ABI_NOT_FOUND);
	question.hash = "0123456789abcdef0123456789abcdef";
	/* one change of the builds that are no official ones */
	assert_in_range(answer_of(&question, ABI_TRIES, 1)->tried, 0, 20000);
	question.release = "SNAPSHOT";
	question.target = "ath79/generic";
	assert_int_equal(answer_of(&question, ABI_TRIES, 1)->tried, 0);
}

/* The most usual self-made build: the official packages, the plain options. */
static void test_plain_build_of_another_patch_release(void **state)
{
	/* vmlinux of 24.10.0 x86/64 with KERNEL_KALLSYMS, whose parts are those of 24.10.8 */
	const struct abi_question question = {.hash = "cc31af9e972a4e2ae457ef3929906ca2",
					      .release = "24.10.0",
					      .target = "x86/64"};
	const struct abi_answer *answer = answer_of(&question, 100, 1);

	(void)state;
	assert_int_equal(answer->how, ABI_SEARCHED);
	assert_string_equal(answer->text, "24.10.0 x86/64 + KERNEL_KALLSYMS");
	assert_string_equal(answer->set.hash, question.hash);
	assert_int_equal(answer->turned.count, 1);
	assert_string_equal(answer->builds.list[0].release, "24.10.0");
}

static void test_two_changes_are_found_with_any_threads(void **state)
{
	static const char *const names[] = {"- KERNEL_DEBUG_FS", "- KERNEL_AIO", NULL};
	struct abi_question question = made;
	const struct abi_answer *one, *four;

	(void)state;
	question.hash = hash_made(names);
	one = answer_of(&question, 40000, 1);
	four = answer_of(&question, 40000, 4);
	assert_int_equal(one->how, ABI_SEARCHED);
	assert_string_equal(one->set.hash, question.hash);
	assert_string_equal(one->text, "24.10.8 ath79/generic - KERNEL_AIO, - KERNEL_DEBUG_FS");
	assert_string_equal(one->text, four->text);
	assert_int_equal(one->tried, four->tried);
}

static void test_three_changes_are_not_found(void **state)
{
	static const char *const names[] = {"- KERNEL_DEBUG_FS", "- KERNEL_AIO", "- KERNEL_SWAP",
					    NULL};
	struct abi_question question = made;
	const struct abi_answer *answer;

	(void)state;
	question.hash = hash_made(names);
	answer = answer_of(&question, 5000, 2);
	assert_int_equal(answer->how, ABI_NOT_FOUND);
	assert_int_equal(answer->tried, 5000);
	assert_string_equal(
		answer->text,
		"tried 5000 sets near OpenWrt 24.10.8 ath79/generic and 3 other builds");
	assert_string_equal(answer->builds.list[0].release, "24.10.8");
	/* none */
	answer = answer_of(&question, 0, 2);
	assert_int_equal(answer->tried, 0);
	assert_string_equal(answer->text, "tried 0 sets (--search 0)");
}

/* Without a target, builds of other machines are no bases, and what is left out is said. */
static void test_machine_narrows_the_targets(void **state)
{
	static const struct {
		struct machine machine;
		const char *text;
	} rows[] = {
		{{.elf = EM_MIPS, .endian = ENDIAN_BIG},
		 "tried 100 sets near OpenWrt 24.10.0 ath79/generic and 21 other builds"},
		{{.elf = EM_X86_64},
		 "tried 100 sets near OpenWrt 24.10.0 uml/generic and 2 other builds"},
		{{.elf = 0},
		 "tried 100 sets near OpenWrt 24.10.0 apm821xx/nand and 31 other builds; the "
		 "target is not known, and 60 other builds of this kernel were left out"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct abi_question question = {.hash = "0123456789abcdef0123456789abcdef",
						.kernel = "6.6.73",
						.machine = rows[i].machine};

		assert_string_equal(answer_of(&question, 100, 1)->text, rows[i].text);
	}
}

static void test_addresses_tell_release_and_target(void **state)
{
	static const struct {
		const char *text, *release, *target;
	} rows[] = {
		{"src/gz core "
		 "https://example.org/releases/24.10.0/targets/ath79/generic/packages\n",
		 "24.10.0", "ath79/generic"},
		{"/mirror/releases/19.07.10/targets/ramips/mt76x8/kmods/4.14.275-1-d2e0a589/x.ipk",
		 "19.07.10", "ramips/mt76x8"},
		{"https://example.org/snapshots/targets/x86/64/packages", NULL, "x86/64"},
		{"https://example.org/releases/packages-24.10/mips_24kc/base", NULL, NULL},
		{"/targets/x86", NULL, NULL},
		{"/targets/../64", NULL, "../64"},
		{"", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct abi_question question = {.hash = NULL};

		abi_hints_read(&kept, span_text(rows[i].text), &question);
		assert_true(text_same(question.release, rows[i].release));
		assert_true(text_same(question.target, rows[i].target));
	}
}

/* Packages that the image's manifest names, with options that its builder chose: TP-Link
 * TL-WR840N v6, OpenWrt 19.07.10, KALLSYMS on, DEBUG_FS and IPv6 off. */
static void test_self_made_image_is_found_from_its_manifest(void **state)
{
	static const char *names[] = {"busybox",
				      "kmod-cfg80211",
				      "kmod-gpio-button-hotplug",
				      "kmod-ipt-conntrack",
				      "kmod-ipt-core",
				      "kmod-ipt-nat",
				      "kmod-ipt-offload",
				      "kmod-leds-gpio",
				      "kmod-mac80211",
				      "kmod-mt76-core",
				      "kmod-mt7603",
				      "kmod-nf-conntrack",
				      "kmod-nf-flow",
				      "kmod-nf-ipt",
				      "kmod-nf-nat",
				      "kmod-nf-reject",
				      "swconfig"};
	struct abi_question question = {.hash = "d2e0a589214daa7e43fd1bd18e88034c",
					.release = "19.07.10",
					.target = "ramips/mt76x8",
					.kernel = "4.14.275",
					.packages = {names, sizeof names / sizeof *names, 0}};
	const struct abi_answer *answer = answer_of(&question, 30000, 2);

	(void)state;
	assert_int_equal(answer->how, ABI_SEARCHED);
	assert_string_equal(answer->set.hash, question.hash);
	assert_true(config_set_has(&answer->set, "CONFIG_KALLSYMS=y"));
	assert_false(config_set_has(&answer->set, "CONFIG_DEBUG_FS=y"));
	assert_false(config_set_has(&answer->set, "CONFIG_IPV6=y"));
	assert_int_equal(answer->set.lines.count, 665);
	/* without what the manifest says it is out of reach */
	question.packages.count = 0;
	answer = answer_of(&question, 2000, 2);
	assert_int_equal(answer->how, ABI_NOT_FOUND);
}

/* No target is known, but a build of the same kernel that is not official: two lines less. */
static void test_pairs_near_a_build_of_the_same_kernel(void **state)
{
	struct abi_question question = {.hash = "70a5c08f79f52023dc6c5449c1f83ef2",
					.kernel = "4.19.108"};
	const struct abi_answer *known = answer_of(&question, 0, 1), *answer;
	struct strings lines = {.list = NULL};

	(void)state;
	assert_int_equal(known->how, ABI_KNOWN);
	array_each(line, &known->set.lines)
		if (strcmp(*line, "CONFIG_AVERAGE=y") != 0 && strcmp(*line, "CONFIG_64BIT=y") != 0)
			*array_add(&kept, &lines) = *line;
	question.hash = config_set_of(&kept, &lines).hash;
	answer = answer_of(&question, ABI_TRIES, 2);
	assert_int_equal(answer->how, ABI_SEARCHED);
	assert_int_equal(answer->turned.count, 2);
}

/* Names of an input are only keys: many of them do not make a search longer, and the question
 * costs one search however often it is asked. */
static void test_many_names_cost_one_search(void **state)
{
	enum { MANY = 100000 };
	struct abi_identifier *identifier = abi_identifier_new(&kept, database, 500, 1);
	struct abi_question question = made;
	const struct abi_answer *first;

	(void)state;
	question.hash = "0123456789abcdef0123456789abcdef";
	for (unsigned i = 0; i < MANY; i++)
		*array_add(&kept, &question.packages) = arena_format(&kept, "kmod-x%u", i);
	first = abi_identify(identifier, &question);
	assert_int_equal(first->tried, 500);
	question.known_only = true;
	assert_int_equal(abi_identify(identifier, &question)->tried, 0);
	question.known_only = false;
	for (unsigned i = 0; i < 3; i++)
		assert_ptr_equal(abi_identify(identifier, &question), first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_hash_costs_no_try),
		cmocka_unit_test(test_no_hash_and_no_ground_are_not_searched),
		cmocka_unit_test(test_plain_build_of_another_patch_release),
		cmocka_unit_test(test_two_changes_are_found_with_any_threads),
		cmocka_unit_test(test_machine_narrows_the_targets),
		cmocka_unit_test(test_addresses_tell_release_and_target),
		cmocka_unit_test(test_three_changes_are_not_found),
		cmocka_unit_test(test_self_made_image_is_found_from_its_manifest),
		cmocka_unit_test(test_pairs_near_a_build_of_the_same_kernel),
		cmocka_unit_test(test_many_names_cost_one_search),
	};

	return cmocka_run_group_tests(tests, database_open, database_close);
}

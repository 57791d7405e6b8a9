/* SPDX-License-Identifier: ISC */
/* Tests the composition of sets of their parts, the search near a set, and the conditions and
 * digests that they need. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include "facts/search/set_atoms.h" /* before cmocka, whose fail() is a macro */

#include <cmocka.h>

#include "base/digest.h"

#include <stdio.h>
#include <string.h>

static const struct abi_database *opened(struct arena *arena)
{
	const struct abi_database *database;
	const struct strings none = {.list = NULL};
	struct error error;

	assert_true(abi_database_open(arena, &none, &database, &error));
	return database;
}

static void composed_check(const struct abi_database *database, const char *release,
			   const char *target, const char *wanted)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	struct abi_parts parts;
	struct set_model *model;
	struct set_state state;

	assert_true(abi_database_parts(database, &arena, release, target, &parts));
	assert_string_equal(parts.release, release);
	model = set_model_of(&arena, &parts, NULL);
	state = set_state_official(&arena, model);
	assert_string_equal(set_compose(&arena, model, &state).hash, wanted);
}

/* One target of each release with parts. Of all 610, two do not come out, ppc40x and ppc44x of
 * 17.01.7: their kernel is of another series than that of the release's table of packages. */
static void test_parts_give_the_official_hashes(void **state)
{
	_cleanup_arena_ struct arena arena = {.top = NULL};
	const struct abi_database *database = opened(&arena);

	(void)state;
	composed_check(database, "17.01.7", "ar71xx/generic", "d576400bcaea680299b5ec5f1453a6ff");
	composed_check(database, "18.06.9", "x86/64", "e09fc47a608782541f8e35cfd14dc2d9");
	composed_check(database, "19.07.10", "ramips/mt76x8", "a2d474fa32b3ff205237411af60a7535");
	composed_check(database, "21.02.7", "ath79/tiny", "b23e7c8bbda3022168fef0099c8a585d");
	composed_check(database, "22.03.7", "mediatek/mt7622", "aa78741850f02ba0f4d4155fefd0efde");
	composed_check(database, "23.05.6", "ramips/rt305x", "d8c5cac9e441b3ed81939804cacfdf2e");
	composed_check(database, "24.10.8", "armsr/armv8", "0b532dfcba2e5fa16405c5387dd37cae");
	composed_check(database, "25.12.5", "realtek/rtl930x", "958e53724f35ee7f1537611d1d00ee1b");
}

enum { MOST = 60 }; /* atoms that are searched */

/* A release, its model and the atoms of its official build. */
struct bench {
	struct arena arena;
	struct abi_parts parts;
	struct set_model *model;
	struct set_options options;
	struct set_state official;
	struct set_atoms atoms;
};

/* Once for all tests: unpacking a series takes a while. */
static struct bench *bench_open(void)
{
	static struct bench bench_kept;
	struct bench *bench = &bench_kept;

	const struct strings none = {.list = NULL};

	if (bench->model)
		return bench;
	assert_true(abi_database_parts(opened(&bench->arena), &bench->arena, "24.10.8",
				       "ath79/generic", &bench->parts));
	bench->model = set_model_of(&bench->arena, &bench->parts, NULL);
	bench->options = set_options_of(&bench->arena, bench->model);
	bench->official = set_state_official(&bench->arena, bench->model);
	bench->atoms = set_atoms_of(&bench->arena, &bench->options, &bench->official, &none, false);
	bench->atoms.count = MOST;
	return bench;
}

/* The hash of the build with COUNT atoms turned. */
static const char *hash_turned(struct bench *bench, const uint32_t *atoms, size_t count)
{
	struct set_state state = set_state_copy(&bench->arena, bench->model, &bench->official);

	for (size_t i = 0; i < count; i++)
		set_state_turn(&state, &bench->atoms.list[atoms[i]].turns);
	return set_compose(&bench->arena, bench->model, &state).hash;
}

static struct set_hit hit_of(struct bench *bench, const char *hash, unsigned depth, uint64_t budget,
			     unsigned threads)
{
	const struct set_search search = {
		bench->model, &bench->official, &bench->atoms, hash, threads, 0,
	};

	return set_search(&search, depth, budget);
}

static void test_one_and_two_changes_are_found(void **state)
{
	struct bench *bench = bench_open();
	const uint32_t turned[] = {31, 49};
	const char *one, *two;
	struct set_hit hit;

	(void)state;
	one = hash_turned(bench, turned, 1);
	two = hash_turned(bench, turned, 2);
	hit = hit_of(bench, one, 1, UINT64_MAX, 2);
	assert_true(hit.found);
	assert_int_equal(hit.atoms[0], 31);
	assert_int_equal(hit.tried, 32);
	assert_false(hit_of(bench, two, 1, UINT64_MAX, 2).found);
	for (unsigned threads = 1; threads <= 4; threads += 3) {
		hit = hit_of(bench, two, 2, UINT64_MAX, threads);
		assert_true(hit.found);
		assert_int_equal(hit.atoms[0], 31);
		assert_int_equal(hit.atoms[1], 49);
		assert_int_equal(hit.tried, 49 * 48 / 2 + 31 + 1);
	}
}

static void test_budget_is_not_exceeded(void **state)
{
	struct bench *bench = bench_open();
	const uint32_t turned[] = {31, 49, 40};
	uint64_t number = 49 * 48 / 2 + 31;
	const char *two, *three;

	(void)state;
	two = hash_turned(bench, turned, 2);
	three = hash_turned(bench, turned, 3);
	for (unsigned depth = 0; depth <= 2; depth++) {
		assert_int_equal(hit_of(bench, three, depth, 0, 2).tried, 0);
		assert_int_equal(hit_of(bench, three, depth, 1, 2).tried, 1);
	}
	assert_int_equal(hit_of(bench, three, 1, 45, 2).tried, 45);
	assert_int_equal(hit_of(bench, three, 2, 1234, 2).tried, 1234);
	/* all pairs, and not there */
	assert_false(hit_of(bench, three, 2, UINT64_MAX, 2).found);
	assert_int_equal(hit_of(bench, three, 2, UINT64_MAX, 2).tried, MOST * (MOST - 1) / 2);
	/* the last try of the budget is the hit, or just behind it */
	assert_true(hit_of(bench, two, 2, number + 1, 2).found);
	assert_false(hit_of(bench, two, 2, number, 2).found);
	assert_int_equal(hit_of(bench, two, 2, number, 2).tried, number);
}

/* Every try hashes what composing the same state gives. */
static void test_tries_hash_what_is_composed(void **state)
{
	struct bench *bench = bench_open();

	(void)state;
	for (uint32_t i = 0; i < 12; i++) {
		const uint32_t turned[] = {i * 7 % MOST, i * 31 % MOST};
		const char *hash = hash_turned(bench, turned, 2);

		assert_true(turned[0] == turned[1] || hit_of(bench, hash, 1, UINT64_MAX, 1).found ||
			    hit_of(bench, hash, 2, UINT64_MAX, 1).found ||
			    hit_of(bench, hash, 0, 1, 1).found);
	}
}

static bool turns_have(const struct bench *bench, const struct set_turns *turns, const char *symbol)
{
	array_each(turn, turns)
		if (turn->kind == SET_TURN_OPTION &&
		    strcmp(bench->model->symbols.list[turn->index].name, symbol) == 0)
			return true;
	return false;
}

static void test_option_drags_what_depends_on_it(void **state)
{
	struct bench *bench = bench_open();
	struct set_state without;
	struct set_turns turns;
	uint32_t option;

	(void)state;
	option = map_get(&bench->options.option_of, "KERNEL_IPV6");
	assert_true(set_option_on(&bench->options, &bench->official, option));
	turns = set_option_turns(&bench->arena, &bench->options, &bench->official, option, false);
	assert_true(turns_have(bench, &turns, "CONFIG_IPV6"));
	assert_true(turns_have(bench, &turns, "CONFIG_IPV6_MROUTE"));
	assert_true(turns_have(bench, &turns, "CONFIG_IPV6_SUBTREES"));
	assert_false(turns_have(bench, &turns, "CONFIG_DEBUG_FS"));
	/* on again: what is on by default comes back */
	without = set_state_copy(&bench->arena, bench->model, &bench->official);
	set_state_turn(&without, &turns);
	turns = set_option_turns(&bench->arena, &bench->options, &without, option, true);
	assert_true(turns_have(bench, &turns, "CONFIG_IPV6_MROUTE"));
}

static enum truth known(const void *context, struct span name)
{
	(void)context;
	return span_is(name, "A") ? TRUTH_YES : span_is(name, "B") ? TRUTH_NO : TRUTH_MAYBE;
}

static enum truth truth(const char *expression)
{
	return condition_truth(span_text(expression), known, NULL);
}

static void test_conditions(void **state)
{
	char deep[2048];

	(void)state;
	assert_int_equal(truth(""), TRUTH_YES);
	assert_int_equal(truth("A && !B"), TRUTH_YES);
	assert_int_equal(truth("B || A"), TRUTH_YES);
	assert_int_equal(truth("B && X"), TRUTH_NO);
	assert_int_equal(truth("A && X"), TRUTH_MAYBE);
	assert_int_equal(truth("A || X"), TRUTH_YES);
	assert_int_equal(truth("!(A || X)"), TRUTH_NO);
	assert_int_equal(truth("A && X=y"), TRUTH_MAYBE);
	assert_int_equal(truth("A B"), TRUTH_MAYBE);
	assert_int_equal(truth("(A"), TRUTH_MAYBE);
	assert_int_equal(truth("&&"), TRUTH_MAYBE);
	assert_int_equal(condition_default(SPAN_OF("y if B; n"), known, NULL), TRUTH_NO);
	assert_int_equal(condition_default(SPAN_OF("y if A"), known, NULL), TRUTH_YES);
	assert_int_equal(condition_default(SPAN_OF("y if X; n"), known, NULL), TRUTH_MAYBE);
	assert_int_equal(condition_default(SPAN_OF("B || A"), known, NULL), TRUTH_YES);
	assert_int_equal(condition_default(SPAN_OF(""), known, NULL), TRUTH_NO);
	assert_true(condition_mentions("KERNEL_A && KERNEL_AB", SPAN_OF("KERNEL_A")));
	assert_false(condition_mentions("KERNEL_AB", SPAN_OF("KERNEL_A")));
	memset(deep, '(', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	assert_int_equal(truth(deep), TRUTH_MAYBE);
	memset(deep, '!', sizeof deep - 1);
	assert_int_equal(truth(deep), TRUTH_MAYBE);
}

/* Texts of every length up to three blocks, in lanes of different length. */
static void test_md5_lanes(void **state)
{
	uint8_t data[MD5_LANES][4 * MD5_BLOCK + MD5_PADDING], digest[DIGEST_MOST];
	struct md5_lane lanes[MD5_LANES];

	(void)state;
	for (size_t base = 0; base < 3 * MD5_BLOCK; base += 5) {
		size_t count = 1 + base % MD5_LANES, sizes[MD5_LANES];

		for (size_t i = 0; i < count; i++) {
			size_t size = sizes[i] = (base + 37 * i) % (3 * MD5_BLOCK), whole;

			for (size_t k = 0; k < size; k++)
				data[i][k] = (uint8_t)(k * 7 + base + i);
			whole = size / MD5_BLOCK;
			lanes[i] = (struct md5_lane){
				md5_start(), data[i],
				whole + md5_pad(data[i] + whole * MD5_BLOCK, size)};
		}
		md5_lanes(lanes, count);
		for (size_t i = 0; i < count; i++) {
			struct md5_state marks[6], wanted;
			size_t size;

			assert_true(
				digest_named("md5", span_from(data[i], sizes[i]), digest, &size));
			wanted = md5_wanted(digest);
			assert_memory_equal(&lanes[i].state, &wanted, sizeof wanted);
			md5_marks(md5_start(), data[i], lanes[i].blocks, marks);
			assert_memory_equal(&marks[lanes[i].blocks - 1], &wanted, sizeof wanted);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_give_the_official_hashes),
		cmocka_unit_test(test_one_and_two_changes_are_found),
		cmocka_unit_test(test_budget_is_not_exceeded),
		cmocka_unit_test(test_tries_hash_what_is_composed),
		cmocka_unit_test(test_option_drags_what_depends_on_it),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_md5_lanes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

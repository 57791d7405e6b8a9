/* SPDX-License-Identifier: ISC */
/* Counts the work of the fold for chains, cycles, ladders and stars of packages: it grows with the
 * number of packages and needs, not with its square. The linker puts the counters in front of the
 * functions that visit what a package needs. */
#include "unit/made.h"
#include "verdict/judged.h"

static size_t visited; /* packages put into a state, circles reached, numbers sorted */

void __real_state_put(struct state *state, size_t index);
void __wrap_state_put(struct state *state, size_t index);
void __real_indexes_sort(struct indexes *indexes);
void __wrap_indexes_sort(struct indexes *indexes);
struct indexes __real_circle_reach(struct arena *arena, const struct circles *circles,
				   const size_t *instead, size_t circle, struct marks *marks);
struct indexes __wrap_circle_reach(struct arena *arena, const struct circles *circles,
				   const size_t *instead, size_t circle, struct marks *marks);

void __wrap_state_put(struct state *state, size_t index)
{
	visited++;
	__real_state_put(state, index);
}

void __wrap_indexes_sort(struct indexes *indexes)
{
	visited += indexes->count;
	__real_indexes_sort(indexes);
}

struct indexes __wrap_circle_reach(struct arena *arena, const struct circles *circles,
				   const size_t *instead, size_t circle, struct marks *marks)
{
	struct indexes found = __real_circle_reach(arena, circles, instead, circle, marks);

	visited += found.count;
	return found;
}

enum shape { CHAIN, CYCLE, LADDER, STAR, RAYS, SHAPES };
static const char *const shape_names[] = {"chain", "cycle", "ladder", "star", "rays"};

/* The names of the packages that number I of COUNT depends on, with ", " before each. */
static const char *needs_of(struct made *made, enum shape shape, size_t i, size_t count)
{
	const char *text = "";
	size_t from = i + 1, to = i + 2; /* a chain */

	if (shape == LADDER) {
		from = i / 2 * 2 + 2;
		to = from + 2;
	} else if (shape == STAR) {
		to = i == 0 ? count : 0;
	} else if (shape == RAYS) {
		from = 0;
		to = i > 0;
	} else if (shape == CYCLE) {
		from = (i + 1) % count;
		to = from + 1;
	}
	for (size_t j = from; j < to && j < count; j++)
		text = arena_format(&made->arena, "%s, p%05zu", text, j);
	return text;
}

/* A feed of COUNT packages, of which the last has a module; with SHARED the two last
 * ones contain the same file. */
static size_t work_of(enum shape shape, size_t count, bool shared)
{
	struct made *made = made_new();
	struct packages *packages = &made->feeds.list[0].packages;

	packages->count = 0;
	packages->room = count;
	packages->list = arena_get(&made->arena, count * sizeof *packages->list);
	for (size_t i = 0; i < count; i++) {
		const char *name = arena_format(&made->arena, "p%05zu", i);
		const char *needs = needs_of(made, shape, i, count);

		packages->list[i] = (struct package){.origin = PACKAGE_FILE,
						     .name = name,
						     .version = "1",
						     .architecture = "mips_24kc",
						     .file = name,
						     .witness = name};
		if (*needs)
			packages->list[i].depends =
				formulas_read(&made->arena, span_text(needs + 2));
		if (shared && i + 2 >= count)
			made_string(made, &packages->list[i].files, "etc/shared");
		packages->count++;
	}
	made_module(made, &packages->list[count - 1].modules, "last");
	made_pin(made, &packages->list[count - 1], RELEASE "-1-" HASH);
	visited = 0;

	struct verdicts verdicts = made_judge(made);
	size_t work = visited;

	assert_in_range(verdicts.results.count, shape < STAR ? count - 1 : 1, count);
	if (shared && shape != RAYS)
		assert_in_range(verdicts.count[VERDICT_UNSAFE], 1, count);
	else
		assert_int_equal(verdicts.count[VERDICT_SAFE], verdicts.results.count);
	made_free(made);
	return work;
}

static void assert_linear(bool shared)
{
	for (enum shape shape = 0; shape < SHAPES; shape++) {
		size_t small = work_of(shape, 400, shared), large = work_of(shape, 3200, shared);

		print_message("%s: %zu for 400 packages, %zu for 3200\n", shape_names[shape], small,
			      large);
		assert_in_range(large, 3200, 10 * small);
	}
}

static void test_work_grows_with_the_packages(void **state)
{
	(void)state;
	assert_linear(false);
}

/* Packages that clash make all that need both unsafe. */
static void test_work_grows_likewise_with_a_clash(void **state)
{
	(void)state;
	assert_linear(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_work_grows_with_the_packages),
		cmocka_unit_test(test_work_grows_likewise_with_a_clash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

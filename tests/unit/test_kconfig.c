/* SPDX-License-Identifier: ISC */
/* Tests which values Kconfig can give an option for a request, which options follow a line, and
 * what a kernel banner shows of its build. */
#include "unit/made.h"

#include "facts/kconfig/kconfig.h"
#include "facts/kernel/banner.h"

#define KCONFIG                                                     \
	"kmodaudit/kconfig/1 6.6\n"                                 \
	"@(NET&INET)\n"                                             \
	"NET bp\nINET bp\tNET\n"                                    \
	"TRACK tp\t@0\t\tdm,ADVANCED=n\tsDEFRAG\n"                  \
	"ADVANCED bp\t@0\nDEFRAG t\n"                               \
	"MARK bp\tTRACK\nLABELS b\tTRACK\t\tdy\n"                   \
	"NAT tp\t(TRACK|!TRACK)\n"                                  \
	"HIDDEN b\nPROBED b\t\t\td?\nUSES_PROBED b\tPROBED\t\tdy\n" \
	"HZ_100 bp c1\nHZ_250 bp c1\nHZ i\t\t\n"                    \
	"BOARD bp ax\nBOARD_DRIVER tp am\tBOARD\n"                  \
	"FAST bp\t?\nSIZE ip\tTRACK\n"

static const struct kconfig *kconfig_of(struct arena *arena, const char *text)
{
	const struct kconfig *kconfig = NULL;
	struct error error = {""};

	if (!kconfig_read(arena, "made", span_text(text), &kconfig, &error))
		fail_msg("%s", error.text);
	return kconfig;
}

static struct strings lines_of(struct arena *arena, const char *text)
{
	struct span rest = span_text(text), word;
	struct strings lines = {0};

	while (span_token(&rest, &word))
		*array_add(arena, &lines) =
			arena_format(arena, "CONFIG_%.*s", (int)word.size, (const char *)word.data);
	strings_unique(&lines);
	return lines;
}

static const struct kconfig_side *side_of(struct arena *arena, const struct kconfig *kconfig,
					  const char *text, const char *machine)
{
	struct strings lines = lines_of(arena, text);

	return kconfig_resolve(arena, kconfig, &lines, machine);
}

static void test_values(void **state)
{
	static const struct {
		const char *lines, *option;
		uint8_t low, high;
	} rows[] = {
		{"NET=y INET=y TRACK=m", "TRACK", 1, 1},
		/* m does for a bool that depends on it */
		{"NET=y INET=y TRACK=m MARK=y", "MARK", 2, 2},
		{"NET=y INET=y MARK=y", "MARK", 0, 2},
		/* off or its default: a line "is not set" is in no hash */
		{"NET=y INET=y TRACK=m", "LABELS", 0, 2},
		{"NET=y INET=y ADVANCED=y", "LABELS", 0, 0},
		{"NET=y INET=y ADVANCED=y", "TRACK", 0, 0},
		{"NET=y INET=y", "TRACK", 0, 1},
		{"NET=y INET=y TRACK=m", "DEFRAG", 1, 1},
		{"NET=y INET=y TRACK=y", "DEFRAG", 2, 2},
		{"NET=y", "DEFRAG", 0, 0},
		/* a patch may remove the condition, or make a tristate of a bool */
		{"NET=y INET=y TRACK=m NAT=y", "NAT", 1, 2},
		{"NET=y INET=m", "INET", 1, 2},
		{"NET=y INET=y ADVANCED=y NAT=y", "NAT", 2, 2},
		/* a patch may make it choosable */
		{"HIDDEN=y", "HIDDEN", 0, 2},
		{"", "HIDDEN", 0, 0},
		{"", "PROBED", 0, 2},
		{"HZ_250=y", "HZ_250", 0, 2},
		{"HZ_250=y", "HZ_100", 0, 2},
		{"BOARD=y", "BOARD", 2, 2},
		{"BOARD=y BOARD_DRIVER=m", "BOARD_DRIVER", 0, 1},
		{"FAST=y", "FAST", 0, 2},
		{"NOBODY=m", "NOBODY", 0, 2},
		{"", "NOBODY", 0, 0},
	};
	struct arena arena = {0};
	const struct kconfig *kconfig = kconfig_of(&arena, KCONFIG);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct kconfig_side *side = side_of(&arena, kconfig, rows[i].lines, "x86");
		struct kconfig_range range = kconfig_value(side, rows[i].option);

		if (range.low != rows[i].low || range.high != rows[i].high)
			fail_msg("row %zu: %s is %u to %u", i, rows[i].option, range.low,
				 range.high);
	}
	/* of an architecture that is not known nothing is */
	assert_int_equal(kconfig_value(side_of(&arena, kconfig, "NET=y", NULL), "NET").low, 0);
	arena_free(&arena);
}

static const char *changes_text(struct arena *arena, const struct kconfig *kconfig, const char *a,
				const char *b)
{
	struct kconfig_changes changes = kconfig_differences(
		arena, side_of(arena, kconfig, a, "x86"), side_of(arena, kconfig, b, "x86"));
	struct strings names = {0};

	array_each(change, &changes)
		*array_add(arena, &names) = option_bare(change->option);
	return strings_join(arena, &names, 99);
}

static void test_changes(void **state)
{
	static const struct {
		const char *a, *b, *changes;
	} rows[] = {
		/* MARK is in both, LABELS in neither */
		{"NET=y INET=y ADVANCED=y MARK=y", "NET=y INET=y ADVANCED=y MARK=y TRACK=m",
		 "DEFRAG, LABELS, MARK, SIZE, TRACK"},
		{"NET=y INET=y ADVANCED=y NAT=m", "NET=y INET=y ADVANCED=y NAT=m TRACK=m",
		 "DEFRAG, LABELS, SIZE, TRACK"},
		/* y beside n, m beside m */
		{"NET=y INET=y ADVANCED=y NAT=y", "NET=y INET=y ADVANCED=y NAT=y TRACK=m",
		 "DEFRAG, LABELS, NAT, SIZE, TRACK"},
		{"NET=y", "NET=y", ""},
		/* nobody sets what the compiler is asked for */
		{"PROBED=y", "", ""},
		{"HZ_100=y", "HZ_250=y", "HZ_100, HZ_250"},
		{"NET=y", "NET=y NOBODY=m", "NOBODY"},
		/* a line that the hash covers though its value is none of the three */
		{"TEXT=\"a=y\"", "TEXT=\"a=y\"", ""},
		{"TEXT=\"a=y\"", "TEXT=\"b=y\"", "TEXT, TEXT"},
	};
	struct arena arena = {0};
	const struct kconfig *kconfig = kconfig_of(&arena, KCONFIG);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(changes_text(&arena, kconfig, rows[i].a, rows[i].b),
				    rows[i].changes);
		assert_string_equal(changes_text(&arena, kconfig, rows[i].b, rows[i].a),
				    rows[i].changes);
	}
	arena_free(&arena);
}

static void test_wrong(void **state)
{
	static const char *const texts[] = {"",
					    "kmodaudit/kconfig/2 6.6\n",
					    "kmodaudit/kconfig/1 6.6\nX bp\t@0\n",
					    "kmodaudit/kconfig/1 6.6\nX bp\t(A&B\n",
					    "kmodaudit/kconfig/1 6.6\nX bp\tA=q\n",
					    "kmodaudit/kconfig/1 6.6\nX\n",
					    "kmodaudit/kconfig/1 6.6\n b\tNET\n"};
	struct arena arena = {0};
	const struct kconfig *kconfig;
	struct error error = {""};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(kconfig_read(&arena, "made", span_text(texts[i]), &kconfig, &error));
	arena_free(&arena);
}

static void test_banner(void **state)
{
	static const struct {
		const char *banner, *builder, *revision;
		int64_t date;
	} rows[] = {
		{"Linux version 6.6.73 (builder@buildhost) (mips-openwrt-linux-musl-gcc (OpenWrt "
		 "GCC "
		 "13.3.0 r28427-6df0e3d02a) 13.3.0, GNU ld 2.42) #0 SMP Mon Feb  3 23:09:37 2025",
		 "builder@buildhost", "r28427-6df0e3d02a", 1738624177},
		{"Linux version 4.19.108 (Tink@ubuntu) (gcc version 7.5.0 (OpenWrt GCC 7.5.0 "
		 "r2102-dd78885e)) #0 SMP Fri Mar 13 07:42:21 2020",
		 "Tink@ubuntu", "r2102-dd78885e", 1584085341},
		{"Linux version 6.1.0 (a@b) (gcc 12) #1 SMP Mon Feb  3 23:09:37 UTC 2025", "a@b",
		 NULL, 1738624177},
		/* another zone is another second */
		{"Linux version 6.1.0 (a@b) (gcc 12) #1 SMP Mon Feb  3 23:09:37 CET 2025", "a@b",
		 NULL, 0},
		{"Linux version 6.1.192 (lab@lab) (gcc) #1 2026-01-01", "lab@lab", NULL, 0},
		{"Linux version 6.1.0 (a@b) (gcc) #1 Mon Feb 33 23:09:37 2025", "a@b", NULL, 0},
		{NULL, NULL, NULL, 0},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct banner parts = banner_parts(&arena, rows[i].banner);

		if (rows[i].builder)
			assert_string_equal(parts.builder, rows[i].builder);
		else
			assert_null(parts.builder);
		if (rows[i].revision)
			assert_string_equal(parts.revision, rows[i].revision);
		else
			assert_null(parts.revision);
		assert_int_equal(parts.date, rows[i].date);
	}
	assert_string_equal(date_text(&arena, 1738624177), "2025-02-03 23:09:37 UTC");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values), cmocka_unit_test(test_changes),
		cmocka_unit_test(test_wrong), cmocka_unit_test(test_banner)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

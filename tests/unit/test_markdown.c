/* SPDX-License-Identifier: ISC */
/* Tests the Markdown summary: matrix, list for many images, size limit, reasons, and that no
 * input text becomes markup. */
#include "gate_ledger.h"

static void the_first_line_says_it_all(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_cell(&made, 0, "kmod-a", VERDICT_SAFE, GATE_PASS);
	ledger_bad(&made, 1, "kmod-b", "machine", "wrong");
	char *text = ledger_text(&made, "markdown");
	assert_memory_equal(text, "## kmodaudit: fail: ", 20);
	has(text, arena_format(&made.arena, "%s\n", ledger_headline(&made.arena, &made.ledger)));
	free(text);
	arena_free(&made.arena);
}

static void the_matrix_has_packages_and_images(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_cell(&made, 0, "kmod-b", VERDICT_SAFE, GATE_PASS);
	ledger_cell(&made, 1, "kmod-a", VERDICT_INSTALLED, GATE_PASS);
	ledger_bad(&made, 1, "kmod-b", "machine", "wrong");
	ledger_finding(&made, ledger_cell(&made, 0, "kmod-c", VERDICT_UNPROVEN, GATE_WARN),
		       "no-proof", LEVEL_UNKNOWN, "no accepted proof")
		->finding.settle = "--feed-config";
	ledger_cell(&made, 1, "kmod-d", VERDICT_SAFE, GATE_PASS)->waived = true;
	char *text = ledger_text(&made, "markdown");
	has(text, "| Package | Version | `router0` | `router1` |\n"
		  "| --- | --- | --- | --- |\n"
		  "| `kmod-a` | `1` |  | installed |\n"
		  "| `kmod-b` | `1` | safe (identity) | **unsafe** `machine` |\n"
		  "| `kmod-c` | `1` | *unproven* `no-proof` |  |\n"
		  "| `kmod-d` | `1` |  | safe (identity), waived |\n");
	has(text,
	    "  - `no accepted proof`: `kmod-c` on `router0`; to settle it: `--feed-config FILE "
	    "(the .config that the packages were built with, from their build or SDK)`\n");
	has(text, "| `router0` | `feed` | *warn* | 1 | 0 | 1 | 0 | 0 | 0 |\n");
	has(text, "| `router1` | `feed` | **fail** | 1 | 1 | 0 | 1 | 0 | 0 |\n");
	free(text);
	arena_free(&made.arena);
}

static void files_tell_twins_apart(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	ledger_cell(&made, 0, "kmod-a", VERDICT_SAFE, GATE_PASS)->file = "x/a.ipk";
	ledger_cell(&made, 0, "kmod-a", VERDICT_INSTALLED, GATE_PASS)->file = "y/a.ipk";
	ledger_cell(&made, 0, "kmod-b", VERDICT_SAFE, GATE_PASS);
	char *text = ledger_text(&made, "markdown");
	has(text, "| `kmod-a`, `x/a.ipk` | `1` | safe (identity) |  |\n"
		  "| `kmod-a`, `y/a.ipk` | `1` | installed |  |\n"
		  "| `kmod-b` | `1` | safe (identity) |  |\n");
	free(text);
	arena_free(&made.arena);
}

static void many_images_become_a_list(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	for (size_t i = 2; i < 30; i++)
		ledger_pair(&made, arena_format(&made.arena, "router%zu", i));
	for (size_t i = 0; i < 29; i++)
		ledger_cell(&made, i, "kmod-a", VERDICT_SAFE, GATE_PASS);
	ledger_bad(&made, 29, "kmod-a", "machine", "wrong");
	char *text = ledger_text(&made, "markdown");
	has(text, "| Package | Version | Verdict | Images |\n");
	has(text, "| `kmod-a` | `1` | **unsafe** `machine` | `router29` |\n");
	has(text, "| `kmod-a` | `1` | safe (identity) | `router0`, ");
	has(text, " and 21 more |\n");
	free(text);
	arena_free(&made.arena);
}

static void of_many_packages_only_what_matters(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	for (size_t i = 0; i < 150; i++)
		ledger_cell(&made, 0, arena_format(&made.arena, "kmod-%zu", i), VERDICT_SAFE,
			    GATE_PASS);
	ledger_bad(&made, 0, "kmod-z", "machine", "wrong");
	char *text = ledger_text(&made, "markdown");
	assert_int_equal(lines_with(text, "| `kmod-"), 1);
	has(text, "| `kmod-z` | `1` | **unsafe** `machine` |  |\n");
	has(text,
	    "\nOmitted: 150 of 151 packages that are safe or installed on every image that they "
	    "were judged on.\n");
	free(text);
	arena_free(&made.arena);
}

static void it_ends_before_the_limit_and_says_so(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	for (size_t i = 0; i < 20000; i++) {
		const char *name =
			arena_format(&made.arena, "kmod-%05zu-with-a-rather-long-name", i);
		ledger_bad(&made, i % 2, name, made.rules.list[i % 20].id, name);
	}
	char *text = ledger_text(&made, "markdown");
	size_t shown = lines_with(text, "| `kmod-");
	assert_true(strlen(text) < 1 << 20);
	assert_in_range(shown, 1000, 19999);
	has(text, arena_format(&made.arena,
			       "\nOmitted for lack of space: %zu of 20000 packages. The report "
			       "lists them all.\n",
			       20000 - shown));
	has(text, "### Why");
	free(text);
	arena_free(&made.arena);
}

static void reasons_come_with_remedies(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	for (size_t i = 0; i < 7; i++)
		ledger_bad(&made, 0, arena_format(&made.arena, "kmod-%zu", i), "machine",
			   arena_format(&made.arena, "reason %zu", i));
	char *text = ledger_text(&made, "markdown");
	has(text, "- **fail** `machine`, 7 packages on 1 image; checked: the module is for the "
		  "kernel's machine\n  - `reason 0`: `kmod-0` on `router0`\n");
	has(text, "  - and 2 more like it\n  - What to do: Use the feed");
	has_not(text, "reason 5");
	free(text);
	arena_free(&made.arena);
}

static void waivers_baselines_and_shards_are_told(void **state)
{
	struct gate_ledger made;

	(void)state;
	ledger_setup(&made);
	*array_add(&made.arena, &made.ledger.waivers) = (struct waiver){.rule = "machine",
									.reason = "ticket | 12",
									.owner = "dora",
									.expires = "2027-01-01"};
	ledger_finding(&made, ledger_cell(&made, 0, "kmod-w", VERDICT_SAFE, GATE_PASS), "machine",
		       LEVEL_ERROR, "wrong")
		->waiver = made.ledger.waivers.list;
	made.ledger.plan = "plan.yaml";
	made.ledger.planned = 8;
	made.ledger.shard = 1;
	made.ledger.shards = 4;
	made.ledger.pairs.list[0].baseline = true;
	made.ledger.pairs.list[0].sums.baseline_new = 2;
	made.ledger.pairs.list[0].sums.baseline_unchanged = 30;
	made.ledger.pairs.list[0].sums.baseline_fixed = 4;
	char *text = ledger_text(&made, "markdown");
	has(text,
	    "| `machine` | `kmod-w` on `router0` | `dora` | `2027-01-01` | `ticket \\x7c 12` |\n");
	has(text, "Findings against the baseline: 2 new, 30 unchanged, 4 fixed.");
	has(text, "Plan `plan.yaml`, shard 1 of 4: 2 of 8 pairs.");
	has_not(text, "### Why");
	free(text);
	arena_free(&made.arena);
}

/* TEXT as HTML, by the parser that GitHub uses. The caller frees it. */
static char *rendered(const char *text)
{
	char path[] = "/tmp/kmodaudit-test.XXXXXX", command[128];
	int file = mkstemp(path);
	char *html = calloc(1, 1 << 20);

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
	snprintf(command, sizeof command,
		 "cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tasklist <%s", path);
	FILE *reader = popen(command, "r");
	assert_non_null(reader);
	assert_true(fread(html, 1, (1 << 20) - 1, reader) > 0);
	assert_int_equal(pclose(reader), 0);
	unlink(path);
	return html;
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		count++;
	return count;
}

static void nothing_of_an_input_is_markup(void **state)
{
	static const char *const hostile[] = {"<script>alert(1)</script>",
					      "<img src=//example.org/x>",
					      "[text](https://example.org)",
					      "![p](//example.org/p.png)",
					      "`<b>x</b>`",
					      "a`<b>x</b>`c",
					      "``` \n# Heading",
					      "a | b | c",
					      "a\\|b\\\\|c",
					      "**b** _i_ ~~s~~",
					      "&lt;b&gt; &#60;i>",
					      "www.example.org https://example.org a@example.org",
					      "\n\n- item\n\n| a |\n| --- |\n",
					      "<!-- hidden",
					      "|",
					      "`",
					      "\\`",
					      "",
					      " ",
					      "@all #1 !1 ~bug",
					      "[ ] [x]",
					      "$`x`$",
					      "</code></td></tr></table>"};
	static const char *const tags[] = {"<script", "<img",	"<a ",	"<b>", "<i>", "<em>x",
					   "<del",    "<input", "<!--", "<h1", "<h4", "alert(1)<"};

	(void)state;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct gate_ledger made;
		ledger_setup(&made);
		ledger_bad(&made, 0, hostile[i], "machine", hostile[i])->version = hostile[i];
		ledger_finding(&made,
			       ledger_cell(&made, 1, hostile[i], VERDICT_UNPROVEN, GATE_WARN),
			       hostile[i], LEVEL_UNKNOWN, hostile[i]);
		made.ledger.pairs.list[0].image = hostile[i];
		made.ledger.pairs.list[0].feed = hostile[i];
		made.ledger.plan = hostile[i];
		char *text = ledger_text(&made, "markdown"), *html = rendered(text);
		for (size_t j = 0; j < sizeof tags / sizeof *tags; j++)
			has_not(html, tags[j]);
		/* pairs: a head and two rows of nine; matrix: a head and two rows of four */
		assert_int_equal(count_of(html, "<table>"), 2);
		assert_int_equal(count_of(html, "<tr>"), 6);
		assert_int_equal(count_of(html, "<th"), 9 + 4 + 2 /* thead */);
		assert_int_equal(count_of(html, "<td"), 2 * 9 + 2 * 4);
		assert_int_equal(count_of(html, "<h"), 3);
		assert_int_equal(count_of(html, "<ul>"), 3);
		free(html);
		free(text);
		arena_free(&made.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_line_says_it_all),
		cmocka_unit_test(the_matrix_has_packages_and_images),
		cmocka_unit_test(files_tell_twins_apart),
		cmocka_unit_test(many_images_become_a_list),
		cmocka_unit_test(of_many_packages_only_what_matters),
		cmocka_unit_test(it_ends_before_the_limit_and_says_so),
		cmocka_unit_test(reasons_come_with_remedies),
		cmocka_unit_test(waivers_baselines_and_shards_are_told),
		cmocka_unit_test(nothing_of_an_input_is_markup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
